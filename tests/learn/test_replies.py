"""Staff's choices → training → gate → signed manifest → drafts in their voice; and out again when a consent ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engine_list import Kept

from mingbai.learn import dataset, replies, select
from mingbai.learn.examples import Choice, Preferred, Trained
from mingbai.learn.gate import Desk
from mingbai.learn.registry import Registry
from mingbai.learn.rows import Candidate
from mingbai.learn.run import Base, Hands, Plan, recipe_of
from mingbai.permit.consent import Consents
from mingbai.permit.mask import Detector
from mingbai.permit.vault.vault import Vault
from mingbai.receipt import signing
from mingbai.receipt.log import TileLog
from mingbai.turn.drafting import SYSTEM
from mingbai.values.chat import Finished, Piece, Usage
from mingbai.values.errors import BadInput

AT = datetime(2025, 11, 1, tzinfo=UTC)
THINGS = "碗盏壶杯盘勺罐瓶盆钵筷碟锅桶刀叉布巾灯烛书画笔墨纸砚琴棋花草石木竹藤麻丝棉毛皮革金银铜铁锡玉"


class Home:
    """A shop with many customers who agreed, of each of whom staff sent one draft otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault = Vault(folder / "persons.db", bytes(32))
        self.consents = Consents(folder / "consent.db", self.vault.tag, self.vault)
        self.registry = Registry(folder / "adapters", self.consents, Kept())
        self.log = TileLog(folder / "builds.db", signing.signer(folder / "keys", "builds"))
        self.taught: list[Choice] = []
        self.margin: Callable[[int], float] = lambda n: 1.0
        self.says = "{}"
        self.candidates = []
        # On which side a person falls is their tag's, which is another in every home: here every fifth is held out.
        falls = {True: [], False: []}
        for n in range(20 * len(THINGS)):
            person = f"tea/customer/C{n}"
            falls[select.falls(f"person {self.vault.tag(person).hex()}")].append(person)
        for n, thing in enumerate(THINGS):
            person = falls[n % 5 == 0].pop()
            self.said(person, "given")
            self.candidates.append(
                Candidate(
                    "preference", f"{thing}有货。\n{thing}的售价 ¥{n + 1}.00。", f"亲，{thing}有货的，售价 ¥{n + 1}.00 哦。",
                    "correction", person, rejected=f"{thing}有货。{thing}的售价 ¥{n + 1}.00。",
                )
            )  # fmt: skip

    def said(self, person: str, state: str) -> None:
        notice = self.consents.publish("training", "zh", "可以吗？", AT)
        self.consents.record(
            person, state, purpose="training", category="conversation", notice=notice, region="CN", at=AT, how="counter",
        )  # type: ignore[arg-type]  # fmt: skip

    def chosen(self) -> dataset.Dataset:
        rows = select.select(self.candidates, self.consents, self.vault, Detector())
        return dataset.write(self.folder / "sets", rows, "tea", self.vault, AT)

    def plan(self, **more: object) -> Plan:
        base = Base("qwen", self.folder / "none.gguf", "b" * 64)
        plan = Plan("tea", base, replies.RECIPE, task=replies.TASK)
        return replace(plan, **more)  # type: ignore[arg-type]

    def hands(self) -> Hands:
        def sign(body: bytes) -> int:
            return self.log.append([(hashlib.sha256(body).hexdigest(), body)])[0]

        def never(*given: object, **named: object) -> None:
            raise AssertionError("lessons and choices are learned apart")

        return Hands(never, never, sign, self.registry, now=lambda: AT)  # type: ignore[arg-type]

    def ways(self) -> replies.Ways:
        def train(base, choices, recipe, out, told) -> Trained:
            self.taught = list(choices)
            out.write_bytes(json.dumps([[it.id, it.chosen, it.rejected] for it in choices]).encode())
            digest = hashlib.sha256(out.read_bytes()).hexdigest()
            return Trained(out, digest, 0.1, (0.5,), replace(recipe, threads=1), "b" * 64)

        def examined(base, choices, adapter, recipe, told) -> Sequence[Preferred]:
            assert adapter.exists()
            return [Preferred(self.margin(n), False, True) for n, _ in enumerate(choices)]

        @asynccontextmanager
        async def tries(file: Path) -> AsyncIterator[replies.Trial]:
            def says(words: str):
                async def phrase(messages, most, stops):
                    facts = [line.removeprefix("- ") for line in messages[-1].content.split("\n")]
                    yield Piece(words.format(facts[0]))
                    yield Finished("stop", Usage())

                return phrase

            async def desks() -> Sequence[Desk]:
                return [Desk("desk", (True,) * 5, (True,) * 5)]

            yield replies.Trial(says("{}"), says(self.says), desks)

        return replies.Ways(train, examined, tries)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


async def test_what_staff_rather_sent_is_learned_as_the_desk_would_ask_it_and_signed(home: Home):
    data = home.chosen()
    done = await replies.learned(data, home.plan(), home.hands(), home.ways())
    assert done.verdict.admitted, done.verdict.lines()
    assert home.registry.serving("tea", "reply") == done.adapter
    assert home.registry.serving("tea") is None  # it was not taught to understand
    choice = home.taught[0]
    assert choice.prompt[0].content == SYSTEM[0]
    assert choice.prompt[1].content.startswith("- ")
    assert (choice.chosen[:2], choice.rejected[:1]) == ("亲，", choice.prompt[1].content[2])
    held_out = {row.completion for row in data.part("held_out", "preference")}
    assert not {it.chosen for it in home.taught} & held_out

    said = json.loads(home.registry.manifest(done.adapter).read_bytes())
    assert (said["task"], said["recipe"]["beta"]) == ("reply", "0.3")
    assert recipe_of(said["recipe"]) == replace(replies.RECIPE, threads=1)
    assert [check["name"] for check in said["figures"]["checks"]] == [
        "held-out choices", "held-out choices zh-Hans", "staff's words likelier", "checks passed", "desk",
    ]  # fmt: skip
    assert home.log.entry(done.adapter.entry) == home.registry.manifest(done.adapter).read_bytes()


async def test_what_is_no_better_than_chance_or_says_what_is_not_so_never_words_a_draft(home: Home):
    home.margin = lambda n: 1.0 if n % 2 else -1.0
    done = await replies.learned(home.chosen(), home.plan(), home.hands(), home.ways())
    assert [it.name for it in done.verdict.checks if not it.held] == ["held-out choices"]
    home.margin, home.says = lambda n: 1.0, "{}我们保证明天送到。"
    done = await replies.learned(home.chosen(), home.plan(train_rows=20), home.hands(), home.ways())
    assert [it.name for it in done.verdict.checks if not it.held] == ["checks passed"]
    assert done.adapter.state == "refused"
    assert home.registry.serving("tea", "reply") is None


async def test_who_takes_it_back_takes_the_adapter_out_and_the_next_one_never_heard_of_them(home: Home):
    first = await replies.learned(home.chosen(), home.plan(), home.hands(), home.ways())
    choices = select.select(home.candidates, home.consents, home.vault, Detector())
    gone = next(row for row in choices.rows if row.part == "train")
    home.said(choices.persons[gone.subject], "withdrawn")
    assert home.registry.serving("tea", "reply") is None
    (tainted,) = home.registry.tainted("tea")
    assert tainted.id == first.adapter.id
    plan = home.plan(instead_of=(tainted.id,))
    second = await replies.learned(home.chosen(), plan, home.hands(), home.ways())
    assert home.registry.serving("tea", "reply") == second.adapter
    assert gone.completion not in {it.chosen for it in home.taught}
    assert home.registry.get(tainted.id).state == "retired"


async def test_too_few_choices_are_told(home: Home):
    home.candidates = home.candidates[:3]
    with pytest.raises(BadInput, match="held out"):
        await replies.learned(home.chosen(), home.plan(), home.hands(), home.ways())
