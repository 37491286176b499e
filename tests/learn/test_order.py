"""Rows → training → gate → signed manifest → serving; and, when a consent is taken back, out again and anew without it.

Training is told by a stand-in that keeps what it was given: which rows reach it, and in which order, is what counts here.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engine_list import Kept
from rote import Rote

from mingbai.learn import dataset, generate, select, spent, workplace
from mingbai.learn.budget import Budget
from mingbai.learn.examples import Progress, Recipe, Trained
from mingbai.learn.registry import Registry
from mingbai.learn.rows import Candidate
from mingbai.learn.run import Base, Hands, Plan, Trial, learned
from mingbai.learn.train import available, train
from mingbai.permit.consent import Consents
from mingbai.permit.mask import Detector
from mingbai.permit.vault.vault import Vault
from mingbai.receipt import signing
from mingbai.receipt.log import TileLog
from mingbai.turn.understand.ask import TUNED
from mingbai.values.errors import BadInput, EngineError, Text

AT = datetime(2025, 11, 1, tzinfo=UTC)
HERS = "俺那只青瓷小壶可咋还不来哩"


class Home:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault = Vault(folder / "persons.db", bytes(32))
        self.consents = Consents(folder / "consent.db", self.vault.tag, self.vault)
        self.house = Kept()
        self.registry = Registry(folder / "adapters", self.consents, self.house)
        self.log = TileLog(folder / "builds.db", signing.signer(folder / "keys", "builds"))
        # On which side a person falls is their tag's, which is another in every home: this one is learned from.
        persons = (f"tea/customer/C{n}" for n in range(100))
        self.person = next(it for it in persons if not select.falls(f"person {self.vault.tag(it).hex()}"))
        self.candidates = [
            *(it for n, it in enumerate(generate.own(1)) if n % 3 == 0),
            Candidate("intent", HERS, "物流", "conversation", self.person),
        ]
        said = {it.text: it.completion for it in self.candidates}
        self.rote = Rote(lambda text: said[text])

    def said(self, state: str) -> None:
        notice = self.consents.publish("training", "zh", "可以吗？", AT)
        self.consents.record(
            self.person, state, purpose="training", category="conversation", notice=notice, region="CN", at=AT, how="counter",
        )  # type: ignore[arg-type]  # fmt: skip

    def chosen(self, candidates: Sequence[Candidate] | None = None) -> dataset.Dataset:
        rows = select.select(
            self.candidates if candidates is None else candidates, self.consents, self.vault, Detector()
        )
        return dataset.write(self.folder / "sets", rows, "tea", self.vault, AT)

    def plan(self, **more: object) -> Plan:
        base = Base("qwen", self.folder / "none.gguf", "b" * 64)
        return Plan("tea", **{"base": base, **more})  # type: ignore[arg-type]

    def hands(self) -> Hands:
        def sign(body: bytes) -> int:
            name = hashlib.sha256(body).hexdigest()
            found = self.log.find(name)
            return self.log.append([(name, body)])[0] if found is None else found

        return Hands(self.rote, self.rote.tries, sign, self.registry, now=lambda: AT)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


async def test_an_admitted_adapter_serves_and_its_signed_manifest_says_what_it_came_from(home: Home):
    home.said("given")
    data = home.chosen()
    done = await learned(data, home.plan(), home.hands())
    assert done.adapter.state == "live"
    assert home.registry.serving("tea") == done.adapter
    assert (HERS, "物流") in home.rote.lessons
    assert not {text for text, _ in home.rote.lessons} & {row.text for row in data.part("held_out")}

    body = home.registry.manifest(done.adapter).read_bytes()
    assert home.log.entry(done.adapter.entry) == body
    said = json.loads(body)
    assert said["dataset"]["digest"] == data.digest
    assert said["base"]["sha256"] == "b" * 64
    assert said["grounds"]["consent:1"] == 1
    assert (
        said["adapter"]["sha256"] == hashlib.sha256(home.registry.file(done.adapter).read_bytes()).hexdigest()
    )
    assert said["figures"]["admitted"] is True
    assert said["figures"]["leak"] is None
    assert said["recipe"]["rate"] == "0.0004"
    assert home.log.faults() == []
    assert HERS not in body.decode()

    again = await learned(data, home.plan(), home.hands())
    assert (again.adapter.id, again.adapter.state) == (done.adapter.id, "live")


async def test_a_budget_is_for_one_training_and_the_manifest_says_what_all_of_the_shop_spent(home: Home):
    home.said("given")
    spent_so_far = []
    for epsilon, knows in ((2.0, None), (0.0, None), (3.0, "价格"), (2.5, None)):

        def trained(*given: object, epsilon: float = epsilon) -> Trained:
            privacy = Budget(epsilon, 1e-5, 4.0, 0.1, 0.5, 4, 1) if epsilon else None
            return replace(home.rote(*given), privacy=privacy)  # type: ignore[arg-type]

        rote = home.rote.knows
        home.rote.knows = (lambda text: "价格") if knows else rote
        plan = home.plan(recipe=Recipe(epsilon=epsilon))
        done = await learned(home.chosen(), plan, replace(home.hands(), train=trained))
        home.rote.knows = rote
        said = json.loads(home.log.entry(done.adapter.entry))["privacy"]
        assert said == done.privacy
        spent_so_far.append(said and (said["for"], said["epsilon"], said["spent_by_the_shop"]))
    first, none, refused, last = spent_so_far
    one = {"trainings": 1, "without_a_budget": 0, "epsilon": "2", "delta": "1e-05"}
    assert first == ("one training", "2", one)
    assert none is None
    assert refused[2] == {"trainings": 2, "without_a_budget": 1, "epsilon": "5", "delta": "2e-05"}
    assert last[2] == {"trainings": 3, "without_a_budget": 1, "epsilon": "7.5", "delta": "3e-05"}
    assert "ε 2.5, δ 1e-05；本店 3 次合计" in spent.line(done.privacy or {})
    assert "this shop's 3 together: ε 7.5, δ 3e-05" in spent.line(done.privacy or {})


async def test_what_the_gate_refuses_never_serves_and_is_not_kept(home: Home):
    home.said("given")
    home.rote.knows = lambda text: "价格"
    done = await learned(home.chosen(), home.plan(), home.hands())
    assert (done.adapter.state, done.verdict.admitted) == ("refused", False)
    assert home.registry.serving("tea") is None
    assert not home.registry.file(done.adapter).exists()
    assert json.loads(home.registry.manifest(done.adapter).read_bytes())["figures"]["admitted"] is False
    with pytest.raises(BadInput):
        home.registry.serve(done.adapter.id)


async def test_after_a_withdrawal_the_next_one_is_what_it_would_be_without_that_row_ever(home: Home):
    home.said("given")
    first = await learned(home.chosen(), home.plan(), home.hands())
    home.said("withdrawn")
    assert home.registry.serving("tea") is None
    (tainted,) = home.registry.tainted("tea")
    assert tainted.id == first.adapter.id

    second = await learned(home.chosen(), home.plan(instead_of=(tainted.id,)), home.hands())
    assert home.registry.serving("tea") == second.adapter
    assert home.registry.get(tainted.id).state == "retired"
    assert not home.registry.file(tainted).exists()
    assert HERS not in {text for text, _ in home.rote.lessons}
    assert set(home.registry.grounds(second.adapter.id)) == {"licence:Apache-2.0"}

    bytes_of_second = home.registry.file(second.adapter).read_bytes()
    never = home.chosen([it for it in home.candidates if not it.person])
    out = home.folder / "never.gguf"
    rows = select.drawn(never.part("train"), home.plan().train_rows)
    home.rote(Path(), [row.example(TUNED) for row in rows], Recipe(), out, lambda _: None)
    assert out.read_bytes() == bytes_of_second


@pytest.mark.parametrize("serve", [True, False])
async def test_what_the_owner_has_made_anew_is_not_trained_over_again(home: Home, serve: bool):
    home.said("given")
    first = await learned(home.chosen(), home.plan(), home.hands())
    home.said("withdrawn")
    assert [it.id for it in home.registry.tainted("tea")] == [first.adapter.id]
    again = await learned(home.chosen(), home.plan(serve=serve, train_rows=200), home.hands())
    assert again.adapter.state == ("live" if serve else "standby")
    assert home.registry.tainted("tea") == []


async def test_what_takes_a_place_serves_as_many_as_that_one_did(home: Home):
    home.said("given")
    first = await learned(home.chosen(), home.plan(share=10), home.hands())
    home.said("withdrawn")
    home.registry.look()
    second = await learned(home.chosen(), home.plan(instead_of=(first.adapter.id,)), home.hands())
    assert (second.adapter.state, second.adapter.share) == ("live", 10)


async def test_a_kill_before_the_file_is_in_its_place_leaves_nothing_that_no_withdrawal_finds(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    home.said("given")
    data, hands = home.chosen(), home.hands()
    add = Registry.add

    def killed(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Registry, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        await learned(data, home.plan(), hands)
    assert list(home.registry.folder.glob("*/adapter.gguf")) == []

    monkeypatch.setattr(Registry, "add", add)
    with monkeypatch.context() as patched:
        patched.setattr("mingbai.learn.run.shutil.move", killed)
        with pytest.raises(KeyboardInterrupt):
            await learned(data, home.plan(), hands)
    (row,) = home.registry.all("tea")
    assert (row.state, home.registry.file(row).exists()) == ("standby", False)
    done = await learned(data, home.plan(), hands)
    assert (done.adapter.id, done.adapter.state) == (row.id, "live")
    assert home.registry.file(done.adapter).exists()


async def test_a_consent_that_ends_while_it_trains_keeps_it_from_serving(home: Home):
    home.said("given")
    data = home.chosen()
    hands = home.hands()

    def train(*given: object) -> Trained:
        made = home.rote(*given)  # type: ignore[arg-type]
        home.said("withdrawn")
        return made

    with pytest.raises(workplace.Withdrawn):
        await learned(data, home.plan(), replace(hands, train=train))
    assert home.registry.serving("tea") is None
    assert home.registry.all("tea") == []
    assert home.log.size() == 0  # nothing is signed, and nothing of what it learned is kept
    assert list(home.registry.folder.rglob("*.gguf")) == []


async def test_a_withdrawal_takes_what_a_training_has_so_far_and_ends_it(home: Home):
    home.said("given")
    data = home.chosen()
    (home.registry.folder / "training-old").mkdir()  # of a run that was killed

    def train(*given: object) -> Trained:
        assert not (home.registry.folder / "training-old").exists()
        made = home.rote(*given)  # type: ignore[arg-type]
        assert made.path.exists()
        home.said("withdrawn")
        home.registry.look()
        assert not made.path.exists()
        return made

    @asynccontextmanager
    async def tries(file: Path) -> AsyncIterator[Trial]:
        async with home.rote.tries(home.folder) as trial:
            yield trial

    with pytest.raises(workplace.Withdrawn):
        await learned(data, home.plan(), replace(home.hands(), train=train, tries=tries))
    assert home.registry.all("tea") == []
    assert home.log.size() == 0
    assert list(home.registry.folder.glob("training-*")) == []


def test_a_killed_training_goes_on_in_its_folder_until_a_withdrawal(home: Home):
    home.said("given")
    rows = home.chosen().part("train")
    killed = (
        "import os, sys; from pathlib import Path; from mingbai.learn import workplace\n"
        "from mingbai.learn.rows import Agreed, Licensed, Row\n"
        "ground = Agreed(1, sys.argv[2], 'training', 1, 'zh', 'CN') if sys.argv[2] else Licensed('MIT', 'x')\n"
        "with workplace.opened(Path(sys.argv[1]), 'a', [Row('r', 'intent', 'train', 'zh-Hans', 'x', 'y', 's', ground)]) as it:\n"
        "    (it / 'adapter.gguf.resume').write_bytes(b'matrices')\n"
        "    os.kill(os.getpid(), 9)"
    )
    left = home.registry.folder / "training-a" / "adapter.gguf.resume"
    home.registry.look()
    for tag in (next(row.subject for row in rows if row.subject), ""):
        subprocess.run([sys.executable, "-c", killed, str(home.registry.folder), tag], check=False)
        home.registry.look()
        assert left.read_bytes() == b"matrices"
        home.said("withdrawn")
        home.registry.look()
        assert not left.parent.exists()
        home.said("given")
    subprocess.run([sys.executable, "-c", killed, str(home.registry.folder), ""], check=False)
    with workplace.opened(home.registry.folder, "a", []) as again:
        assert (again / left.name).read_bytes() == b"matrices"
    assert not again.exists()


def test_the_same_training_runs_once_and_another_is_left_alone(tmp_path: Path):
    with workplace.opened(tmp_path, "a", []) as one, workplace.opened(tmp_path, "b", []) as two:
        with pytest.raises(BadInput), workplace.opened(tmp_path, "a", []):
            pass
        workplace.put_out(tmp_path, {"ab": 9})
        assert one.is_dir()
        assert two.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_training_begins_also_while_others_sweep_what_is_dead(tmp_path: Path):
    over = threading.Event()

    def sweeps() -> None:
        while not over.is_set():
            workplace.put_out(tmp_path, {"ab": 9})

    sweeping = [threading.Thread(target=sweeps) for _ in range(2)]
    for each in sweeping:
        each.start()
    try:
        for _ in range(300):
            with workplace.opened(tmp_path, "a", []) as place:
                (place / "matrices").write_bytes(b"x")
                assert (place / workplace.GROUNDS).exists()
    finally:
        over.set()
        for each in sweeping:
            each.join()


async def test_an_engine_that_failed_because_the_file_was_taken_back_is_a_withdrawal(home: Home):
    home.said("given")

    @asynccontextmanager
    async def tries(file: Path) -> AsyncIterator[Trial]:
        home.said("withdrawn")
        home.registry.look()
        raise EngineError(Text("没有起来", "did not start"), Text("再试", "again"))
        yield

    with pytest.raises(workplace.Withdrawn):
        await learned(home.chosen(), home.plan(), replace(home.hands(), tries=tries))


async def test_too_few_rows_are_told(home: Home):
    with pytest.raises(BadInput):
        await learned(home.chosen(home.candidates[:1]), home.plan(), home.hands())


@pytest.mark.slow  # needs torch, from the extra `learn`
@pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
async def test_trained_for_real_the_next_one_has_the_bytes_of_one_that_never_saw_the_row(home: Home):
    import tiny_model

    home.said("given")
    base = Base("tiny", tiny_model.write(home.folder / "tiny.gguf"), "b" * 64)
    plan = home.plan(base=base, recipe=Recipe(top=2, epochs=2, threads=1), train_rows=60)
    hands = replace(home.hands(), train=train)
    first = await learned(home.chosen(), plan, hands)
    assert "consent:1" in home.registry.grounds(first.adapter.id)
    home.said("withdrawn")
    home.registry.look()

    second = await learned(home.chosen(), replace(plan, instead_of=(first.adapter.id,)), hands)
    never = home.chosen([it for it in home.candidates if not it.person])
    rows = select.drawn(never.part("train"), plan.train_rows)
    lessons = [row.example(TUNED) for row in rows]
    alone = train(base.file, lessons, plan.recipe, home.folder / "never.gguf", lambda _: None)
    assert home.registry.file(second.adapter).read_bytes() == alone.path.read_bytes()
    assert first.trained.sha256 != second.trained.sha256


@pytest.mark.slow  # needs torch, from the extra `learn`
@pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
def test_a_killed_run_goes_on_where_it_stood_and_ends_with_the_same_bytes(home: Home):
    import tiny_model

    home.said("given")
    data = home.chosen()
    base = Base("tiny", tiny_model.write(home.folder / "tiny.gguf"), "b" * 64)
    plan = home.plan(base=base, recipe=Recipe(top=2, epochs=2, threads=1), train_rows=60)
    steps: list[int] = []

    def told(it: Progress) -> None:
        if it.doing == "training":
            steps.append(it.done)

    def killed(it: Progress) -> None:
        if it.doing == "training" and it.done > it.of // 2:
            os.kill(os.getpid(), signal.SIGKILL)

    if (child := os.fork()) == 0:
        try:
            asyncio.run(learned(data, plan, replace(home.hands(), train=train, told=killed)))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    (left,) = home.registry.folder.glob("training-*")
    assert (left / "adapter.gguf.resume").exists()

    done = asyncio.run(learned(data, plan, replace(home.hands(), train=train, told=told)))
    assert steps[0] == steps[-1] // 2 + 1
    assert not left.exists()
    whole = train(
        base.file, [row.example(TUNED) for row in select.drawn(data.part("train"), plan.train_rows)], plan.recipe,
        home.folder / "whole.gguf", lambda _: None,
    )  # fmt: skip
    assert whole.sha256 == done.trained.sha256
