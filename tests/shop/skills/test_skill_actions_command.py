"""`mingbai actions`: what was changed, without personal data, and taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from counter import counter_of, line, order, remembered

from mingbai.cli.actions import actions
from mingbai.values.errors import BadInput
from mingbai.values.records import OrderState

ADDRESS = "浙江省嘉兴市桐乡市崇福镇语溪街16号"


def test_list_and_undo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGBAI_HOME", str(tmp_path))
    with counter_of(tmp_path, [order("1", state=OrderState.PAID, received_at=None), line("1")]) as shop:
        before = shop.order("1").address
        found = shop.own("1", f"改到{ADDRESS}", "change_address")
        assert (
            shop.ask("确认", "change_address", customer="C1", memory=remembered(found), confirms=True).done
            is not None
        )
        listed = CliRunner().invoke(actions, ["list", "--json"])
        (row,) = json.loads(listed.output)
        assert (row["skill"], row["order"], row["asker"], row["undone_at"]) == (
            "change_address",
            "1",
            "C1",
            None,
        )
        assert ADDRESS not in listed.output
        shown = CliRunner().invoke(actions, ["undo", row["action"]])
        assert "已撤销" in shown.output
        assert shop.order("1").address == before
        again = CliRunner().invoke(actions, ["undo", row["action"]])
        assert isinstance(again.exception, BadInput)
        assert "已撤销 / undone" in CliRunner().invoke(actions, ["list"]).output
