"""Whom the desk asks where it doubts: the adapter that serves the shop, for whom the owner lets it, until a consent ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from mingbai.cli import ledger, tuned
from mingbai.engine.protocol import Engine
from mingbai.learn.registry import Adapter
from mingbai.learn.rows import Agreed, Row
from mingbai.models import adapters
from mingbai.turn.understand.ask import TUNED
from mingbai.values.chat import Alternative, Ask, Event, Finished, Piece, TokenLogprob, Usage
from mingbai.values.settings import LearnSettings, Settings
from mingbai.values.turn import Focus, Intent, Turn

AT = datetime(2025, 11, 1, tzinfo=UTC)
LIN = "tea/customer/C1"
TURN = Turn("t1", "tea", "俺那壶咋样了", AT, conversation_no="k.1")


class OneWord:
    """Says 物流, and keeps what it was asked."""

    place, attempts = "local", 1

    def __init__(self) -> None:
        self.asks: list[Ask] = []

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        self.asks.append(ask)
        yield Piece("物流", (TokenLogprob(Alternative("物流", -0.1, "物流".encode())),))
        yield Finished("stop", Usage(), adapter="a" * 64 if ask.adapter else "")


class Home:
    def __init__(self, folder: Path, **learn: str) -> None:
        self.settings = Settings(home=folder, learn=LearnSettings(**learn))  # type: ignore[arg-type]
        self.engine = OneWord()
        self.bases: list[str] = []

    def record(self, state: str) -> int:
        with closing(ledger.vault(self.settings)) as keys:
            consents = ledger.consents(self.settings, keys)
            notice = consents.publish("training", "zh", "可以吗？", AT)
            return consents.record(
                LIN, state, purpose="training", category="conversation", notice=notice, region="CN", at=AT, how="x",
            ).seq  # type: ignore[arg-type]  # fmt: skip

    def serve(self) -> None:
        consent = self.record("given")
        with closing(ledger.vault(self.settings)) as keys:
            known = tuned.registry(self.settings, keys)
            made = Adapter(
                "a1",
                "tea",
                "intent",
                "standby",
                0,
                "",
                "qwen",
                "b" * 64,
                "d" * 64,
                sha256(b"GGUF").hexdigest(),
                0,
            )
            known.file(made).parent.mkdir()
            known.file(made).write_bytes(b"GGUF")
            ground = Agreed(consent, keys.tag(LIN).hex(), "training", 1, "zh", "CN")
            known.add(made, [Row("r", "intent", "train", "zh-Hans", "x", "物流", "conversation", ground)])
            known.serve("a1")

    def desk(self) -> tuned.Tuned:
        async def over(base: str) -> Engine:
            self.bases.append(base)
            return self.engine

        return tuned.Tuned(self.settings, over)


async def test_without_an_adapter_nobody_is_asked_and_nothing_is_started(tmp_path: Path):
    home = Home(tmp_path)
    assert await home.desk().ask_of(TURN) is None
    assert home.bases == []


async def test_the_adapter_of_the_shop_is_asked_by_name_over_its_own_base(tmp_path: Path):
    home = Home(tmp_path)
    await asyncio.to_thread(home.serve)
    desk = home.desk()
    ask = await desk.ask_of(TURN)
    assert ask is not None
    assert await ask("俺那壶咋样了") == {Intent.WHERE_IS_ORDER: 1.0}
    assert home.bases == ["qwen"]
    (asked,) = home.engine.asks
    assert (asked.adapter, asked.messages[0].content) == ("tea/intent", TUNED)
    assert await desk.ask_of(replace(TURN, shop="coffee")) is None


@pytest.mark.parametrize(("whom", "customer", "staff"), [("staff", False, True), ("nobody", False, False)])
async def test_the_owner_says_whom_adapters_may_answer(
    tmp_path: Path, whom: str, customer: bool, staff: bool
):
    home = Home(tmp_path, answers=whom)
    await asyncio.to_thread(home.serve)
    desk = home.desk()
    assert (await desk.ask_of(TURN) is not None) is customer
    draft = replace(TURN, focus=Focus(channel="draft-1a2b"))
    assert (await desk.ask_of(draft) is not None) is staff


async def test_who_takes_it_back_ends_it_with_the_next_ask_and_without_one(tmp_path: Path):
    home = Home(tmp_path)
    await asyncio.to_thread(home.serve)
    desk = home.desk()
    assert await desk.ask_of(TURN) is not None
    assert set(adapters.serving(tmp_path)) == {"tea/intent"}
    await asyncio.to_thread(home.record, "withdrawn")
    assert await desk.ask_of(TURN) is None
    assert adapters.serving(tmp_path) == {}
    left = await asyncio.to_thread(lambda: list(tmp_path.rglob("*.gguf")))
    assert left == []  # what it had learned is gone

    other = Home(tmp_path / "other")
    await asyncio.to_thread(other.serve)
    async with other.desk().watched():
        began = asyncio.get_running_loop().time()
        await asyncio.to_thread(other.record, "withdrawn")
        while adapters.serving(tmp_path / "other"):
            await asyncio.sleep(0.02)
            assert asyncio.get_running_loop().time() - began < 1, "it is still in service after a second"
