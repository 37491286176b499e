"""Which implementation is used where. The only file that knows."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mingbai.cli.progress import bar
from mingbai.engine import native
from mingbai.engine.local import LocalEngine
from mingbai.engine.protocol import Engine
from mingbai.models import adapters, catalog, pull, store
from mingbai.models.adapters import Adapter
from mingbai.models.entry import Entry
from mingbai.values.errors import BadInput, EngineUnavailable, Text
from mingbai.values.settings import Settings

if TYPE_CHECKING:
    from datetime import date, datetime

    from mingbai.permit.rights import Rights
    from mingbai.receipt.book import Receipts
    from mingbai.shop.records.home import Records
    from mingbai.shop.search.search import Search
    from mingbai.shop.skills.limits import Limits
    from mingbai.turn.desk import Desk
    from mingbai.turn.drafting import Drafter
    from mingbai.turn.service import Phrase
    from mingbai.turn.understand.ask import AskModel
    from mingbai.turn.understand.goods import Goods
    from mingbai.values.places import Place
    from mingbai.values.turn import Turn
    from mingbai.zh.order_numbers import Own


@dataclass(frozen=True, slots=True)
class Weights:
    entry: Entry
    path: Path


def weights(settings: Settings, model: str | None = None) -> Weights:
    """The verified file of a model, fetched if it is not here yet; another pull under way is waited for."""
    entry = catalog.find(catalog.load(settings.home), model or settings.models.default)
    return Weights(entry, pull.pull(entry, settings.models, bar(), wait=True).path)


def weights_here(settings: Settings, model: str) -> Weights:
    """As `weights`, of a file that is on this machine already: nothing is fetched. Raises `NotFound`."""
    entry = catalog.find(catalog.load(settings.home), model)
    return Weights(entry, store.ensure_verified(entry, settings.models.cache_dir))


def native_server(settings: Settings) -> str:
    """The engine's binary as `engine.build` wants it: a path, or empty for the wheel."""
    if settings.engine.build == "wheel":
        return ""
    found = native.find(settings.home)
    if settings.engine.build == "native" and not found:
        raise EngineUnavailable(
            Text("engine.build 要求 native，但还没有编译。", "engine.build says native, but none is built."),
            Text(
                "运行 make native，或把 engine.build 改为 auto。",
                "Run make native, or set engine.build to auto.",
            ),
        )
    return found


def share_native(settings: Settings, home: Path) -> None:
    """Let another home use the native builds of this one, for a bench that runs in a home of its own."""
    if (settings.home / "native").exists():
        (home / "native").symlink_to(settings.home / "native")


def local_engine(settings: Settings, found: Weights) -> LocalEngine:
    run_dir = settings.home / "run"
    run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)

    return LocalEngine(
        found.path, settings.engine, native=native_server(settings), run_dir=run_dir,
        serving=partial(adapters_over, settings, found.entry.sha256),
    )  # fmt: skip


def adapters_over(settings: Settings, base_sha256: str) -> dict[str, Adapter]:
    """Those of this home that serve now over these weights, by name."""
    listed = adapters.serving(settings.home)
    return {name: one for name, one in listed.items() if one.base_sha256 == base_sha256}


def place_engines(settings: Settings) -> dict[str, Engine]:
    """Engines of the enabled places, by `PLACE/MODEL`; masked, but for those that the policy lets have personal data."""
    import os

    from mingbai.cli.settings import load_places

    found: dict[str, Engine] = {}
    for place in load_places(settings.home):
        if place.enabled:
            found[f"{place.name}/{place.model}"] = place_engine(
                settings, place, os.environ.get(place.key_env, "")
            )
    return found


def worded_by(engines: Mapping[str, Engine], name: str) -> Engine:
    """The engine of that name, for the desk's words."""
    if name not in engines:
        raise BadInput(
            Text(f"没有 {name} 这个模型。", f"There is no model {name}."),
            Text(
                f"有的是 {'、'.join(engines)}；别处的要在 places.toml 写 enabled = true。",
                f"There are {', '.join(engines)}; those elsewhere need enabled = true in places.toml.",
            ),
        )
    return engines[name]


def place_engine(settings: Settings, place: Place, secret: str) -> Engine:
    from mingbai.cli import ledger
    from mingbai.engine.places import PlaceEngine
    from mingbai.permit.mask import Detector
    from mingbai.permit.mask.masked import MaskedEngine

    engine = PlaceEngine(place, secret)
    if place.adapters_over:
        entry = catalog.find(catalog.load(settings.home), place.adapters_over)
        engine = PlaceEngine(place, secret, serving=partial(adapters_over, settings, entry.sha256))
    way = ledger.passages(settings)[place.name]
    return engine if way.plain else MaskedEngine(engine, Detector(), way.terms)


def records(settings: Settings) -> Records:
    """The shops' rows: the home's own file, or the database that `shop.database` names. Personal fields lie under keys of
    this home's vault."""
    from mingbai.cli import ledger
    from mingbai.permit.vault.rows import RowSealer
    from mingbai.shop.records.home import Records

    where = settings.shop.database or settings.home / "shop.db"
    return Records.open(where, RowSealer(ledger.vault(settings)))


def search(settings: Settings, opened: Records) -> Search:
    """Search over those rows, with both encoders; each is loaded when it is first needed."""
    from mingbai.shop.search import deep, encoder
    from mingbai.shop.search.search import Search

    return Search(
        settings.home, opened, encoder.default(), deep=deep.default(), source=settings.shop.database
    )


def limits(settings: Settings) -> Limits:
    """What may be written without a person, as the owner set it."""
    from mingbai.shop.skills.limits import Limits

    return Limits.set_by(settings.shop.write_limits, settings.shop.writes_per_hour)


@asynccontextmanager
async def started(engine: LocalEngine) -> AsyncIterator[None]:
    engine.start()
    try:
        yield
    finally:
        await engine.stop()


def take_example(opened: Records) -> None:
    """Into an empty home, so that there is something to ask about."""
    from mingbai.shop.example import make

    opened.take(make.SHOP, list(make.rows()))


def desk(
    settings: Settings, opened: Records, engine: Engine | None, *, model: str = "", today: date | None = None,
    receipts: Receipts | None = None, finder: Search | None = None, bounds: Callable[[], Limits] | None = None,
    ask_of: Callable[[Turn], Awaitable[AskModel | None]] | None = None, drafter: Drafter | None = None,
    every_draft: bool = False,
) -> Desk:  # fmt: skip
    """The desk over those rows. Without an engine its templates answer alone. `bounds`: the limits as they are set now.
    `ask_of`: whom it asks of a turn that its rules doubt; `drafter`: who words drafts for staff in the shop's own voice;
    `every_draft`: all it says is said as a draft would be."""
    from mingbai.cli import ledger
    from mingbai.permit.mask.masked import MaskedEngine
    from mingbai.shop.clock import clock_of
    from mingbai.shop.ground import Grounder
    from mingbai.shop.search import encoder
    from mingbai.shop.search.query import Query
    from mingbai.turn.desk import Desk
    from mingbai.turn.drafting import drafting
    from mingbai.turn.recall import Recall
    from mingbai.turn.release import release
    from mingbai.turn.service import Service
    from mingbai.turn.understand.understander import Understander

    finder = finder or search(settings, opened)
    words = ShopWords(opened)
    service = Service(
        understander=Understander(
            encoder.default(),
            goods_of=words.goods,
            own_of=words.own,
            cache=settings.home / "understand",
            ask_of=ask_of,
        ),
        permit=ledger.permit(
            settings, engine.place if engine else "local", masks=isinstance(engine, MaskedEngine)
        ),
        shop=Grounder(opened, finder, limits=bounds or limits(settings)),
        release=release if drafter is None else drafting(release, drafter, every=every_draft),
        phrase=None if engine is None else phrase_by(engine, model),
        place="template" if engine is None else engine.place,
        receipts=receipts or ledger.receipts(settings, running(settings, engine)),
    )
    clock = clock_of(opened, today)

    def enter(asked: str) -> tuple[str, datetime]:
        shop = opened.the_shop(asked or None)
        words.read(shop)
        return shop, clock(shop)

    def warm() -> None:
        """The index is read (or made) before the first customer waits for it."""
        for shop in opened.shops():
            words.read(shop)
            finder.ask(shop, Query("你好"))

    return Desk(service, enter, warm, Recall(ledger.vault(settings)))


def rights(settings: Settings, opened: Records, receipts: Receipts) -> Rights:
    """What persons may ask for, over those rows and receipts: for commands and for the service's pages."""
    from mingbai.cli import ledger, tuned
    from mingbai.permit import retention
    from mingbai.permit.consent import Consents
    from mingbai.permit.register import Register
    from mingbai.permit.rights import Rights
    from mingbai.permit.talks.store import Talks
    from mingbai.serve.keys import KeyStore
    from mingbai.serve.sessions import Sessions
    from mingbai.shop.clock import clock_of
    from mingbai.shop.records.person_rows import PersonRows

    vault, keys = ledger.vault(settings), settings.home / "keys.db"
    return Rights(
        PersonRows(opened), vault, receipts, Consents(settings.home / "consent.db", vault.tag, vault),
        Register(settings.home / "register.db", vault), retention.clocks(settings.home), search(settings, opened).refresh,
        Talks(settings.home / "talks.db", vault), Sessions(keys, KeyStore(keys)).forget, clock_of(opened),
        partial(tuned.put_out, settings, vault),
    )  # fmt: skip


def running(settings: Settings, engine: Engine | None) -> Entry | None:
    """The catalogue's entry of the weights that this engine really runs; none elsewhere, where only a name is known."""
    if not isinstance(engine, LocalEngine):
        return None
    known = catalog.load(settings.home)
    return next(
        (e for e in known.values() if store.place(e, settings.models.cache_dir) == engine.weights), None
    )


class ShopWords:
    """A shop's words for its goods and the shapes of its order numbers, read again when its rows have changed."""

    def __init__(self, opened: Records) -> None:
        self._records = opened
        self._known: dict[str, tuple[int, Goods, Sequence[Own]]] = {}

    def goods(self, shop: str) -> Goods:
        return self.read(shop)[1]

    def own(self, shop: str) -> Sequence[Own]:
        return self.read(shop)[2]

    def read(self, shop: str) -> tuple[int, Goods, Sequence[Own]]:
        """Blocks when rows have changed; after it the others answer at once."""
        from itertools import islice

        from mingbai.turn.understand import goods
        from mingbai.values.records import Order, Product, Variant
        from mingbai.zh.order_numbers import own_shapes

        with self._records.reading() as reader:
            seq = reader.last_seq(shop)
            known = self._known.get(shop)
            if known is not None and known[0] == seq:
                return known
            products = [r.record for r in reader.rows(shop, Product) if isinstance(r.record, Product)]
            variants = [r.record for r in reader.rows(shop, Variant) if isinstance(r.record, Variant)]
            orders = [r.record for r in islice(reader.rows(shop, Order), 500)]
        numbers = [order.order_no for order in orders if isinstance(order, Order)]
        known = self._known[shop] = (seq, goods.of(products, variants), own_shapes(numbers))
        return known


def phrase_by(engine: Engine, model: str, adapter: str | None = None) -> Phrase:
    """Words from that engine, without chance; under the adapter of that name."""
    from collections.abc import AsyncGenerator

    from mingbai.values.chat import Ask, Event, Message, Sampling

    def phrase(
        messages: Sequence[Message], most_tokens: int, stops: tuple[str, ...]
    ) -> AsyncGenerator[Event, None]:
        ask = Ask(
            tuple(messages), model=model, key="desk", deadline_seconds=60.0,
            sampling=Sampling(temperature=0.0, max_tokens=most_tokens, stop=stops), adapter=adapter,
        )  # fmt: skip
        return engine.generate(ask)

    return phrase


def now() -> int:
    return int(time.time())
