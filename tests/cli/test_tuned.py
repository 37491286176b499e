"""Whom the desk asks where it doubts: the adapter that serves the shop, for whom the owner lets it, until a consent ends."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from mingbai.cli import assemble, ledger, tuned
from mingbai.engine.protocol import Engine
from mingbai.learn.registry import Adapter
from mingbai.learn.rows import Agreed, Row
from mingbai.models import adapters, pull
from mingbai.turn.understand.ask import TUNED
from mingbai.values.chat import Alternative, Ask, Event, Finished, Message, Piece, TokenLogprob, Usage
from mingbai.values.errors import EngineUnavailable, Text
from mingbai.values.settings import LearnSettings, ModelSettings, Settings
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

    def serve(self, task: str = "intent") -> None:
        consent = self.record("given")
        with closing(ledger.vault(self.settings)) as keys:
            known = tuned.registry(self.settings, keys)
            made = Adapter(
                "a1",
                "tea",
                task,
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
        def over(base: str) -> Engine:
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
    assert (await desk.ask_of(replace(TURN, focus=Focus(draft=True))) is not None) is staff
    claimed = replace(TURN, focus=Focus(channel="draft-1a2b"))  # anybody's word
    assert (await desk.ask_of(claimed) is not None) is customer


@pytest.mark.parametrize("whom", ["everybody", "staff", "nobody"])
async def test_a_reply_adapter_words_drafts_alone_and_only_where_the_owner_lets_it(tmp_path: Path, whom: str):
    home = Home(tmp_path, answers=whom)
    await asyncio.to_thread(home.serve, "reply")
    desk = home.desk()
    draft = replace(TURN, focus=Focus(draft=True))
    assert await desk.drafter(TURN) is None  # a customer's
    phrase = await desk.drafter(draft)
    assert (phrase is not None) is (whom != "nobody")
    assert await desk.ask_of(draft) is None  # it was not taught to understand
    if phrase is not None:
        assert [it async for it in phrase((Message("user", "- 已发货。"),), 9, ())]
        (asked,) = home.engine.asks
        assert (asked.adapter, asked.sampling.temperature) == ("tea/reply", 0.0)
        await asyncio.to_thread(home.record, "withdrawn")
        assert await desk.drafter(draft) is None


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


async def test_a_locked_list_costs_a_customer_no_answer(tmp_path: Path):
    home = Home(tmp_path)
    await asyncio.to_thread(home.serve)
    desk = home.desk()
    await asyncio.to_thread(home.record, "given")  # the ledger moved, so that the pick has something to write
    with closing(sqlite3.connect(tmp_path / "learn" / "adapters" / "adapters.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert await desk.ask_of(TURN) is None
        assert time.monotonic() - began < 5
        other.rollback()
    assert desk.failures.count == 1
    assert await desk.ask_of(TURN) is not None


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError("adapter.gguf"),
        sqlite3.DatabaseError("malformed"),
        EngineUnavailable(Text("没有", "none"), Text("编译", "build")),
    ],
)
async def test_what_goes_wrong_while_choosing_is_counted_and_nobody_is_asked(
    tmp_path: Path, error: Exception
):
    home = Home(tmp_path)
    await asyncio.to_thread(home.serve)

    def over(base: str) -> Engine:
        raise error

    desk = tuned.Tuned(home.settings, over)
    assert await desk.ask_of(TURN) is None
    assert desk.failures.count == 1


async def test_an_adapter_whose_file_is_gone_serves_nobody_and_keeps_no_withdrawal_from_working(
    tmp_path: Path,
):
    home = Home(tmp_path)
    await asyncio.to_thread(home.serve)
    desk = home.desk()
    (tmp_path / "learn" / "adapters" / "a1" / "adapter.gguf").unlink()
    await asyncio.to_thread(home.record, "given")
    await desk.ask_of(TURN)
    assert adapters.serving(tmp_path) == {}
    await asyncio.to_thread(home.record, "withdrawn")
    assert await desk.ask_of(TURN) is None
    assert desk.failures.count == 0
    left = await asyncio.to_thread(lambda: list(tmp_path.rglob("*.gguf")))
    assert left == []


async def test_watching_goes_on_after_what_went_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tuned, "LOOK_SECONDS", 0.02)
    home = Home(tmp_path)
    await asyncio.to_thread(home.serve)
    desk = home.desk()
    look, failing = desk._look, [sqlite3.OperationalError("database is locked"), OSError(28, "disk full")]

    def looked() -> None:
        if failing:
            raise failing.pop()
        look()

    monkeypatch.setattr(desk, "_look", looked)
    async with desk.watched():
        await asyncio.to_thread(home.record, "withdrawn")
        async with asyncio.timeout(5):
            while adapters.serving(tmp_path):
                await asyncio.sleep(0.02)
    assert desk.failures.count == 2


async def test_weights_that_are_not_here_are_not_fetched_for_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fetched(*given: object, **more: object) -> None:
        raise AssertionError("a download in a customer's turn")

    monkeypatch.setattr(pull, "pull", fetched)
    settings = Settings(home=tmp_path, models=ModelSettings(cache_dir=tmp_path / "weights"))
    engines = tuned.Engines(settings, None)
    for _ in range(2):  # and what failed is not tried again at once
        assert engines.over(settings.learn.base) is None
        async with asyncio.timeout(5):
            while engines.failures.count < 1 or engines._starting:
                await asyncio.sleep(0.01)
    assert engines.failures.count == 1
    await engines.stop()


async def test_an_engine_beside_starts_in_the_background_and_answers_when_it_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    class Slow(OneWord):
        up, stopped = asyncio.Event(), False

        def start(self) -> None:
            pass

        async def ready(self, *, seconds: float) -> None:
            await self.up.wait()

        async def stop(self) -> None:
            self.stopped = True

    slow = Slow()
    monkeypatch.setattr(assemble, "weights_here", lambda settings, base: None)
    monkeypatch.setattr(assemble, "local_engine", lambda settings, found: slow)
    engines = tuned.Engines(Settings(home=tmp_path), None)
    assert engines.over("qwen") is None
    await asyncio.sleep(0.05)
    assert engines.over("qwen") is None
    slow.up.set()
    async with asyncio.timeout(5):
        while engines.over("qwen") is None:
            await asyncio.sleep(0.01)
    assert engines.over("qwen") is slow
    await engines.stop()
    assert slow.stopped
