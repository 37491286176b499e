"""`mingbai learn`: an adapter is listed, served, checked, rolled back, and out when a consent ends."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from learn.rote import Rote
from mingbai.cli import assemble, learning, ledger, tuned
from mingbai.cli.consent import consent
from mingbai.cli.erase import erase
from mingbai.cli.learn import learn
from mingbai.cli.learn_place import serving
from mingbai.cli.learn_told import FEW, privately
from mingbai.cli.prove_leaks import leaks
from mingbai.learn import dataset, generate, select, train
from mingbai.learn.examples import Example, Recipe
from mingbai.learn.rows import Candidate
from mingbai.learn.run import Base, Outcome, Plan
from mingbai.learn.run import learned as order
from mingbai.learn.workplace import Withdrawn
from mingbai.models import adapters
from mingbai.models.catalog import load
from mingbai.permit.certificate import People
from mingbai.permit.mask import Detector
from mingbai.values.errors import BadInput, NotBuilt, NotFound
from mingbai.values.records import Origin, Shop, Sourced
from mingbai.values.settings import Settings

AT = datetime(2025, 11, 1, tzinfo=UTC)


class Home:
    """A shop with one customer who agreed, and what was learned there by heart."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(home=folder)
        with assemble.records(self.settings) as records:
            records.take("tea", [Sourced(Shop("tea", "茶"), Origin("", 0))])
        with closing(ledger.vault(self.settings)) as keys:
            persons = (f"C{n}" for n in range(100))
            self.customer = next(
                it for it in persons if not select.falls(f"person {keys.tag(self._person(it)).hex()}")
            )
            consents = ledger.consents(self.settings, keys)
            notice = consents.publish("training", "zh", "可以吗？", AT)
            consents.record(
                self._person(self.customer), "given", purpose="training", category="conversation", notice=notice,
                region="CN", at=AT, how="x",
            )  # fmt: skip

    @staticmethod
    def _person(customer: str) -> str:
        return f"tea/customer/{customer}"

    def candidates(self, ways: int) -> list[Candidate]:
        hers = "俺那只青瓷小壶可咋还不来哩"
        return [
            *generate.own(ways),
            Candidate("intent", hers, "物流", "conversation", self._person(self.customer)),
        ]

    def withdraws(self) -> None:
        with closing(ledger.vault(self.settings)) as keys:
            consents = ledger.consents(self.settings, keys)
            consents.record(
                self._person(self.customer), "withdrawn", purpose="training", category="conversation",
                notice=consents.newest("training", "zh"), region="CN", at=AT, how="x",
            )  # fmt: skip

    def train(self, ways: int, **more: Any) -> Outcome:
        candidates = self.candidates(ways)
        said = {it.text: it.completion for it in candidates}
        rote = Rote(lambda text: said[text])
        with learning.opened(self.settings, "tea") as house:
            entry = load(self.settings.home)[self.settings.learn.base]
            real = learning.hands(
                house, assemble.Weights(entry, Path("none")), desk_cases=0, told=lambda it: None
            )
            rows = select.select(candidates, house.consents, house.vault, Detector())
            data = dataset.write(house.folder / "datasets", rows, "tea", house.vault)
            plan = Plan("tea", Base(entry.id, Path("none"), entry.sha256), **more)
            return asyncio.run(order(data, plan, replace(real, train=rote, tries=rote.tries)))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("MINGBAI_HOME", str(tmp_path))
    return Home(tmp_path)


def said(*arguments: str, code: int = 0) -> Any:
    done = CliRunner().invoke(learn, [*arguments, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def plain(*arguments: str) -> str:
    done = CliRunner().invoke(learn, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_adapters_come_serve_are_checked_and_go(home: Home):
    first, second = home.train(1).adapter, home.train(2).adapter
    assert len(list(home.settings.home.glob("learn/datasets/*/rows.parquet"))) == 2
    listed = said("adapters")
    assert [(it["id"], it["state"]) for it in listed] == [(second.id, "live"), (first.id, "standby")]
    assert listed[0]["grounds"]["consent:1"] == 1

    checked = said("gate", second.id)
    assert (checked["faults"], checked["figures"]["admitted"]) == ([], True)
    assert first.id in plain("rollback")
    assert "untuned" in plain("rollback")
    assert "20 %" in plain("serve", second.id, "--share", "20")

    done = CliRunner().invoke(
        consent, ["record", "withdrawn", home.customer, "--shop", "tea", "--purpose", "training", "--notice", "training"]
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert list(home.settings.home.glob("learn/datasets/*/rows.parquet")) == []  # hers were in both
    assert first.id in done.stdout
    assert second.id in done.stdout
    assert {it["id"] for it in said("withdrawn")} == {first.id, second.id}
    assert said("adapters")[0]["state"] == "tainted"


@pytest.mark.parametrize("what", ["file", "manifest"])
def test_what_was_changed_is_found(home: Home, what: str):
    made = home.train(1).adapter
    place = home.settings.home / "learn" / "adapters" / made.id
    file = place / ("adapter.gguf" if what == "file" else "manifest.json")
    file.write_bytes(file.read_bytes().replace(b"1", b"2"))
    assert said("gate", made.id, code=1)["faults"]


def test_without_adapters_it_says_so(home: Home):
    assert said("adapters") == []
    assert "none" in plain("withdrawn")
    assert "untuned" in plain("rollback")


def test_secrets_of_training_are_proved_beside_those_of_the_service():
    done = CliRunner().invoke(leaks, ["--adapter", "--canaries", "0"])
    assert done.exit_code == 2  # taken as an option, and its bounds are held
    assert "canaries" in done.output


def test_the_service_takes_withdrawn_rows_out_of_datasets_when_nobody_asks(home: Home):
    home.train(1)
    home.withdraws()
    assert list(home.settings.home.glob("learn/datasets/*/rows.parquet"))

    async def watched() -> None:
        async with tuned.Tuned(home.settings, lambda base: None).watched(), asyncio.timeout(5):
            while list(home.settings.home.glob("learn/datasets/*/rows.parquet")):
                await asyncio.sleep(0.02)

    asyncio.run(watched())


def test_who_takes_it_back_while_rows_are_chosen_leaves_none_behind(home: Home):
    with learning.opened(home.settings, "tea") as house:
        chosen = select.select(home.candidates(1), house.consents, house.vault, Detector())
        home.withdraws()  # and a service would have looked by now
        with pytest.raises(Withdrawn):
            learning.written(house, chosen)
        assert not list(home.settings.home.glob("learn/datasets/*/rows.parquet"))
        again = select.select(home.candidates(1), house.consents, house.vault, Detector())
        assert learning.written(house, again).rows == again.rows


@pytest.mark.parametrize("how", ["command", "page"])
def test_an_erasure_takes_what_was_learned_of_somebody_before_its_certificate(home: Home, how: str):
    made = home.train(1).adapter
    folder = home.settings.home / "learn"
    resumed = folder / "adapters" / "training-killed" / "adapter.gguf.resume"
    resumed.parent.mkdir()
    resumed.write_bytes(b"what it had learned so far")
    if how == "command":
        done = CliRunner().invoke(erase, [home.customer, "--yes", "--shop", "tea"])
        assert done.exit_code == 0, done.output
    else:
        with assemble.records(home.settings) as records, ledger.opened(home.settings) as receipts:
            People(assemble.rights(home.settings, records, receipts)).erase("tea", home.customer)
    assert list(home.settings.home.rglob("*.gguf")) == []
    assert list(folder.glob("datasets/*/rows.parquet")) == []
    assert not resumed.parent.exists()
    assert said("adapters")[0]["state"] == "tainted"
    assert (folder / "adapters" / made.id / "manifest.json").exists()


def test_no_place_gets_an_adapter_that_saw_who_agrees_no_more(home: Home):
    home.train(1)
    assert serving(home.settings, "tea/intent").path.exists()
    with closing(ledger.vault(home.settings)) as keys:
        ledger.consents(home.settings, keys).end(home._person(home.customer), AT, "by another process")
    with pytest.raises(NotFound):
        serving(home.settings, "tea/intent")


@pytest.mark.skipif(not train.available(), reason="the extra `learn` is not installed: make learn")
def test_an_exported_adapter_is_over_its_own_base_and_the_command_says_that_it_stays_out(
    home: Home, monkeypatch
):
    made = home.train(1).adapter
    told = []

    def written(file: Path, base: str, folder: Path) -> None:
        told.append((file.read_bytes(), base))
        folder.mkdir()

    monkeypatch.setattr("mingbai.learn.hugging.adapter", written)
    folder = home.settings.home / "out"
    other = next(it for it in load(home.settings.home) if it != made.base)
    done = CliRunner().invoke(learn, ["export", str(folder), "--adapter", "tea/intent", "--model", other])
    assert isinstance(done.exception, BadInput)
    assert done.exception.param == "model"
    assert f"--model {made.base}" in done.exception.mend.zh
    assert told == []
    said_so = plain("export", str(folder), "--adapter", "tea/intent")
    assert [base for _, base in told] == [made.base]
    assert "撤回同意到不了这里" in said_so
    assert "No withdrawal reaches it" in said_so


def test_without_torch_the_desks_adapter_fetches_no_weights(home: Home, monkeypatch: pytest.MonkeyPatch):
    def fetched(*given: object) -> None:
        raise AssertionError("weights were fetched")

    monkeypatch.setattr(assemble, "weights", fetched)
    monkeypatch.setattr(train, "available", lambda: False)
    done = CliRunner().invoke(learn, ["desk", "--epochs", "1"])
    assert isinstance(done.exception, NotBuilt)


class Night:
    """`learn withdrawn --retrain`, with a trainer that learns by heart what is to be learned now; its answers may be made wrong."""

    def __init__(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        self.candidates = home.candidates(1)
        self.wrong = False
        self.trainings = 0
        real, entry = learning.hands, load(home.settings.home)[home.settings.learn.base]

        def learns(*given: Any) -> Any:
            self.trainings += 1
            return self.rote(*given)

        def hands(*given: Any, **more: Any) -> Any:
            said = {it.text: it.completion for it in self.candidates}
            self.rote = Rote(lambda text: "价格" if self.wrong else said[text])
            return replace(real(*given, **more), train=learns, tries=self.rote.tries)

        def selection(house: learning.House) -> select.Selection:
            return select.select(self.candidates, house.consents, house.vault, Detector())

        def base_of(*given: Any) -> Any:
            return Base(entry.id, Path("none"), entry.sha256), assemble.Weights(entry, Path("none"))

        for name, made in (("hands", hands), ("selection", selection), ("base_of", base_of)):
            monkeypatch.setattr(learning, name, made)

    def falls(self, code: int) -> list[Any]:
        done = CliRunner().invoke(learn, ["withdrawn", "--retrain", "--desk", "0", "--json"])
        assert done.exit_code == code, (done.output, done.exception)
        return [json.loads(line) for line in done.stdout.splitlines() if "doing" not in line]


def test_at_night_what_was_served_comes_back_with_its_share_and_what_stood_by_stands_by(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    served, stood_by = home.train(1, share=10).adapter, home.train(1, train_rows=200, serve=False).adapter
    home.withdraws()
    night = Night(home, monkeypatch)
    assert [it["id"] for it in said("withdrawn")] == [stood_by.id, served.id]
    (done,) = night.falls(code=0)
    assert (done["adapter"]["state"], done["adapter"]["share"]) == ("live", 10)
    manifest = said("gate", done["adapter"]["id"])
    assert manifest["drawn"]["train"] == 240  # by the recipe of the one that served
    assert said("withdrawn") == []


def test_at_night_nothing_comes_in_over_what_the_owner_serves_since(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    older, newer = home.train(1).adapter, home.train(2).adapter
    home.withdraws()
    night = Night(home, monkeypatch)
    with learning.opened(home.settings, "tea") as house:
        assert {it.id for it in learning.registry(house).tainted("tea")} == {older.id, newer.id}
    ours = home.train(3, train_rows=100).adapter
    assert (ours.state, ours.share) == ("live", 100)
    assert night.falls(code=0) == [[]]  # nothing is out
    assert night.trainings == 0
    assert [it["id"] for it in said("adapters") if it["state"] == "live"] == [ours.id]


def test_what_was_refused_is_tried_again_when_the_rows_have_changed_and_not_before(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    home.train(1)
    home.withdraws()
    night = Night(home, monkeypatch)
    night.wrong = True
    (done,) = night.falls(code=1)
    assert done["adapter"]["state"] == "refused"
    assert night.falls(code=1) == [{"task": "intent", "error": "invalid_request"}]
    assert night.trainings == 1
    night.wrong = False
    night.candidates = night.candidates[1:]
    (done,) = night.falls(code=0)
    assert (done["adapter"]["state"], night.trainings) == ("live", 2)


def test_a_task_with_too_few_rows_keeps_no_other_from_its_turn(home: Home, monkeypatch: pytest.MonkeyPatch):
    first = home.train(1).adapter
    with learning.opened(home.settings, "tea") as house:
        known = learning.registry(house)
        (row, *_) = select.select(home.candidates(1)[-1:], house.consents, house.vault, Detector()).rows
        reply = replace(first, id="tea-reply-x", task="reply", sha256="c" * 64, state="standby", share=0)
        known.file(reply).parent.mkdir()
        known.manifest(reply).write_bytes(known.manifest(first).read_bytes())
        known.add(reply, [row])
    home.withdraws()
    night = Night(home, monkeypatch)
    night.candidates = night.candidates[:1]
    here = train.available()  # what words drafts is prepared by torch itself
    assert night.falls(code=1) == [
        {"task": "intent", "error": "too_few_rows"},
        {"task": "reply", "error": "too_few_rows" if here else NotBuilt.code},
    ]
    assert night.falls(code=1) == [
        {"task": "intent", "error": "invalid_request"},
        {"task": "reply", "error": "invalid_request" if here else NotBuilt.code},
    ]
    night.candidates = home.candidates(1)
    intent, reply_again = night.falls(code=1)
    assert intent["adapter"]["state"] == "live"
    assert reply_again["task"] == "reply"


def test_what_serves_with_shards_is_not_handed_out_without_them(home: Home):
    file = home.settings.home / "one.gguf"
    file.write_bytes(b"GGUF")
    common = adapters.admit(home.settings.home, "tea/intent", file, "b" * 64)
    assert serving(home.settings, "tea/intent") == common
    file.write_bytes(b"GGUF of a shard")
    adapters.admit(home.settings.home, "tea/intent.1", file, "b" * 64, common.sha256)
    with pytest.raises(BadInput, match="shards"):
        serving(home.settings, "tea/intent")


def test_with_few_persons_it_says_first_what_a_privacy_budget_costs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rote = Rote(lambda text: "物流")
    for persons, warned in ((0, False), (9, True), (FEW, False)):
        lines = [Example.of(str(n), "到哪了", "物流", "", f"p{n}") for n in range(persons)]
        ours = [Example.of("ours", "到哪了", "物流")]
        privately(rote)(tmp_path, [*lines, *ours], Recipe(epsilon=8.0), tmp_path / "a.gguf", lambda _: None)
        said = capsys.readouterr().err
        assert ("9 人" in said and "9 persons" in said) is warned
