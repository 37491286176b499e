"""Which implementation learning uses: the home's rows, ledger and vault, and where its files lie."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mingbai.cli import assemble, ledger

if TYPE_CHECKING:
    from mingbai.engine.local import LocalEngine
    from mingbai.learn.canary import Leak
    from mingbai.learn.dataset import Dataset
    from mingbai.learn.examples import Progress, Train
    from mingbai.learn.gate import Desk
    from mingbai.learn.registry import Adapter, Registry
    from mingbai.learn.run import Base, Hands, Outcome, Plan, Trial
    from mingbai.learn.select import Selection
    from mingbai.permit.consent import Consents
    from mingbai.permit.vault.vault import Vault
    from mingbai.shop.records.home import Records
    from mingbai.turn.understand.ask import AskModel
    from mingbai.values.settings import Settings

SURE = 0.9  # of a customer's message whose intent the desk's rules say: what they doubt teaches nothing
PATIENT_SECONDS = 120.0  # for an answer in a trial, where no customer waits
LEAKS = "leaks.json"


@dataclass(frozen=True, slots=True)
class House:
    settings: Settings
    shop: str
    records: Records
    vault: Vault
    consents: Consents

    @property
    def folder(self) -> Path:
        return self.settings.home / "learn"


@contextmanager
def opened(settings: Settings, shop: str | None) -> Iterator[House]:
    """A home without shops gets the example first, with what its customers agreed to. Datasets with rows of people who agree no
    more lose their rows."""
    from mingbai.learn import dataset
    from mingbai.shop.example import make

    with ExitStack() as until:
        records = until.enter_context(assemble.records(settings))
        if not records.shops() and shop in (None, make.SHOP):
            assemble.take_example(records)
            ledger.take_example_consents(settings)
        keys = ledger.vault(settings)
        until.callback(keys.close)
        consents = ledger.consents(settings, keys)
        dataset.without(settings.home / "learn" / "datasets", consents.ended("training", 0))
        yield House(settings, records.the_shop(shop), records, keys, consents)


def selection(house: House, *, ways: int = 2) -> Selection:
    """Our own lines, the shop's conversations and the counter's, as far as somebody agreed or we wrote them."""
    from itertools import chain

    from mingbai.learn import generate, select, sources
    from mingbai.permit.mask import Detector
    from mingbai.permit.talks.store import Talks

    label = labeller(house)
    with closing(Talks(house.settings.home / "talks.db", house.vault)) as talks:
        candidates = list(
            chain(
                generate.own(ways),
                sources.conversations(house.records, house.shop, label),
                sources.counter_talks(talks, house.shop, label),
            )
        )
    return select.select(candidates, house.consents, house.vault, Detector())


def written(house: House, chosen: Selection) -> Dataset:
    """As a dataset of this home. Choosing takes seconds, and who took a consent back meanwhile was looked for before the rows lay here:
    the ledger is asked again. Raises `Withdrawn` where it says so."""
    from mingbai.learn import dataset, workplace

    folder = house.folder / "datasets"
    made = dataset.write(folder, chosen, house.shop, house.vault)
    dataset.without(folder, house.consents.ended("training", 0))
    if not (made.folder / dataset.ROWS).exists():
        raise workplace.withdrawn()
    return made


def labeller(house: House) -> Callable[[str], str]:
    """The label of a message that the desk's rules are sure of, and of one intent alone."""
    from mingbai.shop.clock import clock_of
    from mingbai.shop.search import encoder
    from mingbai.turn.understand import Understander
    from mingbai.turn.understand.ask import labels
    from mingbai.values.turn import Turn

    shop_words = assemble.ShopWords(house.records)
    understander = Understander(
        encoder.default(), goods_of=shop_words.goods, own_of=shop_words.own, cache=house.settings.home / "understand"
    )  # fmt: skip
    now = clock_of(house.records, None)(house.shop)
    words = {intent: word for word, intent in labels().items()}

    def label(text: str) -> str:
        made = asyncio.run(understander.understand(Turn("", house.shop, text, now)))
        sure = [it for it in made.intents if it.p >= SURE and it.by == "rule"]
        return words[sure[0].intent] if len(made.intents) == 1 == len(sure) and not made.unsure else ""

    return label


DESK_SUITES = ("tea-dev-goods", "tea-dev-orders", "tea-dev-mixed", "tea-dev-handoff")


def base_of(settings: Settings, model: str | None = None) -> tuple[Base, assemble.Weights]:
    from mingbai.learn.run import Base

    found = assemble.weights(settings, model or settings.learn.base)
    return Base(found.entry.id, found.path, found.entry.sha256), found


def hands(
    house: House, weights: assemble.Weights, *, desk_cases: int, told: Callable[[Progress], None]
) -> Hands:
    """The real trainer, an engine of its own for the trial, the `builds` log and this home's registry."""
    from hashlib import sha256

    from mingbai.learn.run import Hands
    from mingbai.learn.train import train

    def sign(body: bytes) -> int:
        with closing(ledger.log(house.settings, ledger.BUILDS)) as log:
            name = sha256(body).hexdigest()
            found = log.find(name)
            entry = log.append([(name, body)])[0] if found is None else found
            log.sync()
            return entry

    return Hands(
        train, partial(trial, house, weights, desk_cases), sign, registry(house),
        leak=partial(measured_leak, house.folder, weights.entry.sha256), told=told,
    )  # fmt: skip


def learned(
    house: House, plan: Plan, weights: assemble.Weights, desk_cases: int, told: Callable[[Progress], None],
    train: Train | None = None, data: Dataset | None = None,
) -> Outcome:  # fmt: skip
    """From the rows that may be learned from now. `train`: other hands than this process's own, for the task `intent`. `data`: those
    rows, where they are written already."""
    from mingbai.learn import replies, run, shards

    data = data or written(house, selection(house))
    if plan.task == replies.TASK:
        from mingbai.cli import learning_replies

        ways = learning_replies.ways(house, weights, desk_cases)
        return asyncio.run(
            replies.learned(data, plan, hands(house, weights, desk_cases=desk_cases, told=told), ways)
        )
    learned = shards.learned if plan.shards else run.learned
    ours = hands(house, weights, desk_cases=desk_cases, told=told)
    return asyncio.run(learned(data, plan, replace(ours, train=train) if train else ours))


def retrained(
    house: House, tainted: Sequence[Adapter], desk_cases: int, told: Callable[[Progress], None]
) -> Outcome | None:
    """As the one of them that served was trained, or else the newest, over the same base: by its recipe, and drawn from the rows as its
    were. All are of one task. None: a shard of which nobody is left, or that served beside an adapter that serves no more. Raises
    `BadInput` also where the same was refused before."""
    from mingbai.cli import refused
    from mingbai.learn import shards
    from mingbai.learn.run import HELD_OUT_ROWS, TRAIN_ROWS, Plan, TooFew, recipe_of

    old, known = next((it for it in tainted if it.share), tainted[0]), registry(house)
    main = known.get(old.parent) if old.parent else None
    if main is not None and main.state != "live":
        for it in tainted:
            known.retire(it.id)
        return None
    said = json.loads(known.manifest(old).read_bytes())
    drawn = said.get("drawn", {})  # manifests of before do not say how many
    base, weights = base_of(house.settings, old.base)
    plan = Plan(
        house.shop, base, recipe_of(said["recipe"]), drawn.get("train", TRAIN_ROWS), drawn.get("held_out", HELD_OUT_ROWS),
        instead_of=tuple(it.id for it in tainted), task=old.task, shards=said.get("shards", 0),
    )  # fmt: skip
    data = written(house, selection(house))
    this = refused.name(data, plan, desk_cases)
    refused.must_be_new(house.folder, plan, this)
    done: Outcome | None
    try:
        if main is None:
            done = learned(house, plan, weights, desk_cases, told, data=data)
        else:
            ours = hands(house, weights, desk_cases=desk_cases, told=told)
            done = asyncio.run(shards.retrained(data, plan, ours, main))
    except TooFew:
        refused.keep(house.folder, plan, this)
        raise
    if done is not None and not done.verdict.admitted:
        refused.keep(house.folder, plan, this)
    return done


def must_be_installed() -> None:
    """Before rows are chosen and weights fetched. Raises `NotBuilt`."""
    from mingbai.learn.train import available
    from mingbai.values.errors import NotBuilt, Text

    if not available():
        raise NotBuilt(
            Text("没有安装训练所需的软件包。", "What training needs is not installed."),
            Text("运行 make learn。", "Run make learn."),
        )


def must_be_private(task: str, shards: int) -> None:
    """What `--epsilon` is for. Raises `NotBuilt` without opacus, `BadInput` where it is not kept."""
    from mingbai.learn import budget
    from mingbai.learn.run import TASK
    from mingbai.values.errors import BadInput, Text

    if task != TASK or shards:
        raise BadInput(
            Text(
                "差分隐私只用于理解顾客、不分片的训练。",
                "Differential privacy is kept for understanding alone, and not in shards.",
            ),
            Text(
                "去掉 --epsilon，或去掉 --task reply 和 --shards。",
                "Leave out --epsilon, or --task reply and --shards.",
            ),
            param="epsilon",
        )
    budget.needed()


def registry(house: House) -> Registry:
    from mingbai.cli import tuned

    return tuned.registry(house.settings, house.vault)


def verified(house: House, adapter_id: str) -> tuple[dict[str, Any], list[str]]:
    """The signed manifest, and what of it does not hold any more."""
    from hashlib import sha256

    from mingbai.receipt import signing

    known = registry(house)
    found = known.get(adapter_id)
    body = known.manifest(found).read_bytes()
    said = json.loads(body)
    with closing(ledger.log(house.settings, ledger.BUILDS)) as log:
        faults = log.faults(signing.public(house.settings.home / "receipts" / "keys", ledger.BUILDS))
        if found.entry >= log.size() or log.entry(found.entry) != body:
            faults.append(f"builds #{found.entry} is another manifest")
    file = known.file(found)
    if file.exists() and sha256(file.read_bytes()).hexdigest() != said["adapter"]["sha256"]:
        faults.append("the adapter's file is another one")
    if not file.exists() and found.state in ("live", "standby"):
        faults.append("the adapter's file is gone")
    return said, faults


@asynccontextmanager
async def trial(
    house: House, weights: assemble.Weights, desk_cases: int, file: Path, *over: Path
) -> AsyncIterator[Trial]:
    from mingbai.engine.protocol import collect
    from mingbai.learn.run import TASK, Trial
    from mingbai.turn.understand.ask import by_model
    from mingbai.values.turn import Turn

    async with tried(house, weights, TASK, file, *over) as (engine, name):

        def asked(adapter: str | None) -> AskModel:
            return by_model(
                lambda ask: collect(engine, ask), adapter=adapter, deadline_seconds=PATIENT_SECONDS
            )

        after = asked(name)

        async def tuned(turn: Turn) -> AskModel:
            return after

        yield Trial(asked(None), after, partial(compared, house.settings, desk_cases, ask_of=tuned))


@asynccontextmanager
async def tried(
    house: House, weights: assemble.Weights, task: str, file: Path, *over: Path
) -> AsyncIterator[tuple[LocalEngine, str]]:
    """An engine with that adapter, `over` beside it, and its name there. In a home of its own, beside the file and gone with it: nobody else's ask
    may meet an adapter that was not admitted."""
    from mingbai.models import adapters

    name = f"{house.shop}/{task}"
    with TemporaryDirectory(prefix="trial-", dir=file.parent) as folder:
        home = Path(folder)
        settings = replace(house.settings, home=home)
        assemble.share_native(house.settings, home)
        main = adapters.admit(home, name, file, weights.entry.sha256)
        for n, shard in enumerate(over):
            adapters.admit(home, f"{name}.{n}", shard, weights.entry.sha256, main.sha256)
        engine = assemble.local_engine(settings, weights)
        async with assemble.started(engine):
            await engine.ready(seconds=settings.engine.start_timeout_seconds)
            yield engine, name


async def compared(settings: Settings, many: int, **tuned: Any) -> list[Desk]:
    """A draw of each of the desk's suites on the example shop, by templates; as it is, and with what `assemble.desk` is given."""
    from mingbai.cli.prove_home import prepared
    from mingbai.learn.gate import DESK, Desk
    from mingbai.prove.desk import case as suites
    from mingbai.prove.desk import report
    from mingbai.prove.desk.runner import run
    from mingbai.turn.desk import Desk as TheDesk

    made = []
    with prepared() as (shop, home, opens_with, _):

        def opens(home: Path) -> tuple[Records, TheDesk]:
            here = replace(settings, home=home, shop=replace(settings.shop, database=""))
            records = assemble.records(here)
            return records, assemble.desk(here, records, None, **tuned)

        for name in DESK_SUITES if many else ():
            cases = suites.drawn(suites.suite(name), many, 0)
            rights = []
            for way in (opens_with(None), opens):
                graded = report.graded(await run(cases, home, shop, way)).graded
                rights.append(tuple(it.right for it in graded))
            made.append(Desk(f"{DESK}{name}", *rights))
    return made


def measured_leak(folder: Path, base_sha256: str, recipe: str) -> Leak | None:
    """What `prove leaks --adapter` measured for this recipe over this base: here, or else when this version was made."""
    from importlib.resources import files

    from mingbai.learn.canary import Leak

    here = folder / LEAKS
    ours = files("mingbai.learn").joinpath(LEAKS).read_bytes()
    for kept in (json.loads(here.read_bytes()) if here.exists() else {}, json.loads(ours)):
        if (found := kept.get(recipe)) and found["base_sha256"] == base_sha256:
            return Leak.read(found)
    return None


def keep_leak(folder: Path, base_sha256: str, leak: Leak) -> None:
    file = folder / LEAKS
    kept = json.loads(file.read_bytes()) if file.exists() else {}
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_suffix(".new")
    fresh.write_text(
        json.dumps({**kept, leak.recipe: {**leak.as_json(), "base_sha256": base_sha256}}, indent=1)
    )
    fresh.replace(file)
