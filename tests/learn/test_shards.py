"""Persons in shards: a withdrawal ends one small adapter, the others serve on, and it comes back as if the row had never been."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engine_list import Kept
from rote import Rote

from mingbai.learn import dataset, generate, run, select, shards
from mingbai.learn.examples import Recipe
from mingbai.learn.registry import Adapter, Registry
from mingbai.learn.rows import Candidate
from mingbai.learn.run import Base, Hands, Outcome, Plan, recipe_of
from mingbai.learn.train import available, train, train_over
from mingbai.permit.consent import Consents
from mingbai.permit.mask import Detector
from mingbai.permit.vault.vault import Vault
from mingbai.receipt import signing
from mingbai.receipt.log import TileLog
from mingbai.turn.understand.ask import TUNED

AT = datetime(2025, 11, 1, tzinfo=UTC)
SHARDS = 3
WORDS = ["青瓷壶", "建盏", "竹茶盘", "锡罐", "紫砂杯", "铁壶", "茶宠", "茶荷", "滤网", "茶针", "盖置", "水方"]


class Home:
    """Twelve customers who agreed, all on the side that is learned from, four in each shard."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault = Vault(folder / "persons.db", bytes(32))
        self.consents = Consents(folder / "consent.db", self.vault.tag, self.vault)
        self.house = Kept()
        self.registry = Registry(folder / "adapters", self.consents, self.house)
        self.log = TileLog(folder / "builds.db", signing.signer(folder / "keys", "builds"))
        self.notice = self.consents.publish("training", "zh", "可以吗？", AT)
        persons = (f"tea/customer/C{n}" for n in range(200))
        learned = (it for it in persons if not select.falls(f"person {self.vault.tag(it).hex()}"))
        self.said = {  # in which shard a person falls is another in every home: here each has some
            f"俺那只{word}可咋还不来哩": next(it for it in learned if self.shard(it) == n % SHARDS)
            for n, word in enumerate(WORDS)
        }
        self.candidates = [
            *(it for n, it in enumerate(generate.own(1)) if n % 3 == 0),
            *(
                Candidate("intent", text, "物流", "conversation", person)
                for text, person in self.said.items()
            ),
        ]
        for person in self.said.values():
            self.record(person, "given")
        meant = {it.text: it.completion for it in self.candidates}
        self.rote = Rote(lambda text: meant[text])

    def record(self, person: str, state: str) -> None:
        self.consents.record(
            person, state, purpose="training", category="conversation", notice=self.notice, region="CN", at=AT, how="counter",
        )  # type: ignore[arg-type]  # fmt: skip

    def shard(self, person: str) -> int:
        return shards.shard_of(self.vault.tag(person).hex(), SHARDS)

    def chosen(self, but: str = "") -> dataset.Dataset:
        rows = select.select(
            [it for it in self.candidates if not but or it.person != but],
            self.consents,
            self.vault,
            Detector(),
        )
        return dataset.write(self.folder / "sets", rows, "tea", self.vault, AT)

    def plan(self, **more: object) -> Plan:
        given = {"base": Base("qwen", self.folder / "none.gguf", "b" * 64), "shards": SHARDS, **more}
        return Plan("tea", **given)  # type: ignore[arg-type]

    def again(self, tainted: Adapter, plan: Plan) -> Plan:
        """As the command takes it from the manifest."""
        said = json.loads(self.registry.manifest(tainted).read_bytes())
        return replace(
            plan, recipe=recipe_of(said["recipe"]), task=tainted.task, instead_of=(tainted.id,), shards=said["shards"]
        )  # fmt: skip

    def hands(self) -> Hands:
        def sign(body: bytes) -> int:
            return self.log.append([(str(self.log.size()), body)])[0]

        return Hands(self.rote, self.rote.tries, sign, self.registry, self.rote, now=lambda: AT)

    def files(self, done: Outcome) -> dict[str, bytes]:
        return {it.task: self.registry.file(it).read_bytes() for it in (done.adapter, *done.beside)}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def numbered(some: tuple[Adapter, ...], n: int) -> Adapter:
    return next(it for it in some if shards.number(it.task) == n)


async def test_the_common_one_saw_nobody_and_each_shard_its_own_persons_alone(home: Home):
    done = await shards.learned(home.chosen(), home.plan(), home.hands())
    assert {home.shard(person) for person in home.said.values()} == {
        shards.number(it.task) for it in done.beside
    }
    assert len(done.beside) == SHARDS
    assert set(home.registry.grounds(done.adapter.id)) == {"licence:Apache-2.0"}
    files = home.files(done)
    for it in done.beside:
        taught = {text for text, _ in json.loads(files[it.task])[0]}
        assert taught == {
            text for text, person in home.said.items() if home.shard(person) == shards.number(it.task)
        }
        assert set(home.registry.grounds(it.id)) == {
            f"consent:{list(home.said).index(text) + 1}" for text in taught
        }
        said = json.loads(home.registry.manifest(it).read_bytes())
        assert (said["parent"], said["shards"], said["recipe"]["rank"]) == (done.adapter.id, SHARDS, 4)
    assert home.rote.tried == [files[done.adapter.task], *(files[it.task] for it in done.beside)]
    names = {"tea/intent", *(f"tea/{it.task}" for it in done.beside)}
    assert set(home.house.served) == names
    assert {home.house.over[name] for name in names - {"tea/intent"}} == {done.adapter.sha256}


async def test_a_withdrawal_ends_one_shard_and_it_comes_back_as_one_that_never_saw_the_row(home: Home):
    done = await shards.learned(home.chosen(), home.plan(), home.hands())
    before = home.files(done)
    text, person = next(iter(home.said.items()))
    hers = numbered(done.beside, home.shard(person))
    home.record(person, "withdrawn")
    assert home.registry.look() == [hers.id]
    assert home.registry.serving("tea") == done.adapter
    assert set(home.house.served) == {"tea/intent", *(f"tea/{it.task}" for it in done.beside if it != hers)}
    assert not home.registry.file(hers).exists()

    plan = home.again(hers, home.plan())
    again = await shards.retrained(home.chosen(), plan, home.hands(), done.adapter)
    assert again is not None
    (fresh,) = again.beside
    assert fresh.task == hers.task
    assert home.registry.get(hers.id).state == "retired"
    assert set(home.house.served) == {"tea/intent", *(f"tea/{it.task}" for it in done.beside)}
    assert len(home.rote.tried) == 1 + SHARDS  # the gate sees it beside the others
    for it in done.beside:
        assert it == hers or home.registry.file(it).read_bytes() == before[it.task]

    made = home.registry.file(fresh).read_bytes()
    assert text not in {taught for taught, _ in json.loads(made)[0]}
    _, theirs = shards.split(home.chosen(but=person).part("train"), plan.train_rows, SHARDS)
    out = home.folder / "never.gguf"
    home.rote(
        Path(), [row.example(TUNED) for row in theirs[home.shard(person)]], plan.recipe, out, lambda _: None,
        home.registry.file(done.adapter), 1 / SHARDS,
    )  # fmt: skip
    assert out.read_bytes() == made


async def test_a_shard_of_which_nobody_is_left_stays_out_and_the_rest_serves(home: Home):
    done = await shards.learned(home.chosen(), home.plan(), home.hands())
    of = home.shard(next(iter(home.said.values())))
    for person in home.said.values():
        if home.shard(person) == of:
            home.record(person, "withdrawn")
    out = home.registry.tainted("tea")
    assert [it.id for it in out] == [numbered(done.beside, of).id]
    plan = home.again(out[0], home.plan())
    assert await shards.retrained(home.chosen(), plan, home.hands(), done.adapter) is None
    assert home.registry.tainted("tea") == []
    assert len(home.house.served) == SHARDS  # the common one, and two shards


async def test_another_adapter_takes_the_shards_along_and_a_rollback_brings_them_back(home: Home):
    done = await shards.learned(home.chosen(), home.plan(), home.hands())
    served = dict(home.house.served)
    other = await shards.learned(home.chosen(), home.plan(train_rows=120), home.hands())
    assert other.adapter.id != done.adapter.id
    assert set(home.house.served) == {"tea/intent", *(f"tea/{it.task}" for it in other.beside)}
    home.registry.rollback("tea", "intent")
    assert home.house.served == served
    home.registry.rollback("tea", "intent")
    assert home.house.served == {}


async def test_shards_that_stood_by_serve_with_the_common_one_and_come_back_with_it(home: Home):
    done = await shards.learned(home.chosen(), home.plan(serve=False), home.hands())
    assert {it.state for it in (done.adapter, *done.beside)} == {"standby"}
    assert home.house.served == {}
    home.registry.serve(done.adapter.id)
    every = {"tea/intent", *(f"tea/{it.task}" for it in done.beside)}
    assert set(home.house.served) == every

    person = next(iter(home.said.values()))
    home.record(person, "withdrawn")
    home.registry.look()
    other = await run.learned(home.chosen(), home.plan(shards=0), home.hands())
    assert set(home.house.served) == {"tea/intent"}
    assert other.adapter.state == "live"
    home.registry.rollback("tea", "intent")
    assert set(home.house.served) == every - {f"tea/{numbered(done.beside, home.shard(person)).task}"}


async def test_what_the_gate_refuses_serves_in_no_part(home: Home):
    home.rote.knows = lambda text: "价格"
    done = await shards.learned(home.chosen(), home.plan(), home.hands())
    assert {it.state for it in (done.adapter, *done.beside)} == {"refused"}
    assert home.house.served == {}
    assert list(home.registry.folder.rglob("*.gguf")) == []


@pytest.mark.slow  # needs torch, from the extra `learn`
@pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
async def test_trained_for_real_a_shard_has_the_bytes_of_one_that_never_saw_the_row(home: Home):
    import tiny_model

    base = Base("tiny", tiny_model.write(home.folder / "tiny.gguf"), "b" * 64)
    plan = home.plan(base=base, recipe=Recipe(top=2, epochs=2, threads=1), train_rows=60)
    hands = replace(home.hands(), train=train, over=train_over)
    done = await shards.learned(home.chosen(), plan, hands)
    person = next(iter(home.said.values()))
    home.record(person, "withdrawn")
    (first,) = home.registry.tainted("tea")
    again = await shards.retrained(home.chosen(), home.again(first, plan), hands, done.adapter)
    assert again is not None
    (fresh,) = again.beside
    assert fresh.sha256 != first.sha256

    _, theirs = shards.split(home.chosen(but=person).part("train"), plan.train_rows, SHARDS)
    lessons = [row.example(TUNED) for row in theirs[home.shard(person)]]
    small, out = shards.small(plan.recipe), home.folder / "never.gguf"
    under = home.registry.file(done.adapter)
    alone = train_over(base.file, lessons, small, out, lambda _: None, under, 1 / SHARDS)
    assert home.registry.file(fresh).read_bytes() == alone.path.read_bytes()
    for it in done.beside:
        assert it.id == first.id or home.registry.get(it.id) == it


@pytest.mark.slow  # needs torch, from the extra `learn`
@pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
def test_two_adapters_over_a_projection_are_the_sum_of_both(tmp_path: Path):
    import tiny_model
    import torch

    from mingbai.learn import loop, over
    from mingbai.learn.examples import Example
    from mingbai.learn.lessons import lessons
    from mingbai.learn.qwen2 import Pair

    base = tiny_model.write(tmp_path / "tiny.gguf")
    taught = lessons(base, [Example.of("a", "where is it", "ok")])
    upper = loop.opened(base, taught, 2, lambda _: None)
    one, two = upper.pairs(Recipe()), upper.pairs(Recipe(rank=4, alpha=8, seed=1))
    draw = torch.Generator().manual_seed(3)
    for pairs in (one, two):
        for pair in pairs.values():
            with torch.no_grad():
                pair.up.copy_(torch.randn(pair.up.shape, generator=draw) * 0.1)
    both = over.both(one, two)
    for name, pair in both.items():
        added = one[name].up @ one[name].down + two[name].up @ two[name].down
        assert torch.allclose(pair.up @ pair.down, added, atol=1e-5)
    with torch.no_grad():
        summed = upper.logits([0], taught, both, 2.0)
        assert not torch.allclose(summed, upper.logits([0], taught, one, 2.0))
        nothing = {n: Pair(p.down, torch.zeros_like(p.up)) for n, p in two.items()}
        assert torch.equal(
            upper.logits([0], taught, over.both(one, nothing), 2.0).argmax(1),
            upper.logits([0], taught, one, 2.0).argmax(1),
        )
