"""`mingbai learn distil` on tiny models: the same rows learned without a teacher and with one; what is kept is its opinion, sealed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyarrow import parquet

from learn import tiny_model
from mingbai.cli import assemble, learning, learning_distil, ledger
from mingbai.learn import generate, select
from mingbai.learn.examples import Recipe
from mingbai.learn.rows import Candidate
from mingbai.learn.run import Base
from mingbai.learn.train import available
from mingbai.models.store import digest
from mingbai.permit.mask import Detector
from mingbai.values.records import Origin, Shop, Sourced
from mingbai.values.settings import Settings

pytestmark = pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
AT = datetime(2025, 11, 1, tzinfo=UTC)
HERS = "俺那只青瓷小壶可咋还不来哩"
RECIPE = Recipe(rank=4, top=2, epochs=2, rate=0.01, batch=8, threads=1, soft=0.5)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    made = Settings(home=tmp_path / "home")
    with assemble.records(made) as records:
        records.take("tea", [Sourced(Shop("tea", "茶"), Origin("", 0))])
    with closing(ledger.vault(made)) as keys:
        consents = ledger.consents(made, keys)
        notice = consents.publish("training", "zh", "可以吗？", AT)
        persons = (f"tea/customer/C{n}" for n in range(100))
        person = next(it for it in persons if not select.falls(f"person {keys.tag(it).hex()}"))
        consents.record(
            person, "given", purpose="training", category="conversation", notice=notice, region="CN", at=AT, how="x"
        )  # fmt: skip
    rows = [
        *(it for n, it in enumerate(generate.own(1)) if n % 3 == 0),
        Candidate("intent", HERS, "物流", "conversation", person),
    ]
    monkeypatch.setattr(
        learning,
        "selection",
        lambda house: select.select(rows, house.consents, house.vault, Detector()),
    )
    return made


def test_both_learn_the_same_rows_and_only_the_teachers_sealed_opinion_is_kept(settings, tmp_path):
    loud = {"student": 1.0, "teacher": 0.5}  # two models
    files = [tiny_model.write(tmp_path / f"{name}.gguf", loud) for name, loud in loud.items()]
    student, teacher = (Base(it.stem, it, digest(it)) for it in files)
    heard: list[str] = []

    def compared() -> list[learning_distil.Arm]:
        heard.clear()
        with learning.opened(settings, "tea") as house:
            return learning_distil.compared(
                house, teacher, student, RECIPE, 32, 12, lambda step: heard.append(step.doing)
            )

    first = compared()
    assert [it.name for it in first] == ["untuned", "rows", "teacher, of what is learned", "teacher"]
    assert [it.of for it in first] == [12, 12, 32, 12]
    assert all(0 <= it.right <= it.of for it in first)
    assert "teacher" in heard
    home = settings.home / "learn"
    assert list(home.rglob("*.gguf*")) == []  # no adapter, nor what a killed run would go on from
    (opinions,) = home.glob("datasets/*/teacher-*.parquet")
    thought = parquet.read_table(opinions).to_pylist()
    assert len(thought) == 32
    (hers,) = [
        it for it in thought if it["sealed"] is not None
    ]  # a person's row, under the person's key alone
    assert hers["plain"] is None

    again = compared()
    assert "teacher" not in heard  # it was not asked again
    assert [replace(it, cpu_seconds=0.0) for it in again] == [replace(it, cpu_seconds=0.0) for it in first]
