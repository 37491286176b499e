"""A closed home with the example shop, and what words its answers: for every command that proves or times the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mingbai.engine.protocol import Engine
    from mingbai.prove.desk.floor import Opens


# Where a model that has been won over stands: nothing but masked data may go there.
ELSEWHERE = """[places.elsewhere]
url = "https://elsewhere.example/v1"
model = "won-over"
operator = "nobody"
country = "CN"
laws = ["CN-NIL-7"]
retention = "everything"
routes = ["eu-scc-tia"]
enabled = true
"""


@contextmanager
def prepared(
    learned: Path | None = None,
) -> Iterator[tuple[str, Path, Callable[[Engine | None], Opens], list[str]]]:
    """The example shop in a closed home of its own, indexed: its name, the home, what opens a desk on a copy of it, and
    some values of its customers for a liar to give away. `learned`: a folder `understand` of the same code, if there is one."""
    from dataclasses import replace
    from shutil import copytree
    from tempfile import TemporaryDirectory

    from mingbai.cli import assemble
    from mingbai.cli.settings import load
    from mingbai.shop.example import make
    from mingbai.shop.records.home import Records
    from mingbai.turn.desk import Desk
    from mingbai.values.records import Order

    settings = load()

    def opens_with(engine: Engine | None) -> Opens:
        def opens(home: Path) -> tuple[Records, Desk]:
            here = replace(settings, home=home, shop=replace(settings.shop, database=""))
            records = assemble.records(here)
            return records, assemble.desk(here, records, engine)

        return opens

    with TemporaryDirectory(prefix="mingbai-") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        if learned is not None:
            copytree(learned, home / "understand")
        assemble.share_native(settings, home)
        records, made = opens_with(None)(home)
        with records:
            assemble.take_example(records)
            made.load()  # the index and the classifier lie there for every copy
            orders = [row.record for row in records.rows(make.SHOP, Order)]
            spoils = [
                v for o in orders[::17] if isinstance(o, Order) for v in (o.order_no, o.phone, o.address) if v
            ]
        yield make.SHOP, home, opens_with, spoils


@asynccontextmanager
async def engine_of(
    by: str, model: str | None, home: Path, spoils: list[str]
) -> AsyncIterator[Engine | None]:
    """None for templates, the liar (at a place elsewhere, behind masks: of what the desk may send there nothing is personal),
    or the real weights."""
    from dataclasses import replace

    from mingbai.cli import assemble, ledger
    from mingbai.cli.settings import load
    from mingbai.permit.mask import Detector
    from mingbai.permit.mask.masked import MaskedEngine
    from mingbai.prove.desk.hostile import HostileEngine

    if by == "hostile":
        (home / "places.toml").write_text(ELSEWHERE)
        terms = ledger.passages(replace(load(), home=home))["elsewhere"].terms
        assert terms is not None, "such a place is sent nothing unmasked"
        yield MaskedEngine(HostileEngine(spoils, "elsewhere"), Detector(), terms)
        return
    if by != "model":
        yield None
        return
    settings = load()
    local = assemble.local_engine(replace(settings, home=home), assemble.weights(settings, model))
    async with assemble.started(local):
        await local.ready(seconds=settings.engine.start_timeout_seconds)
        yield local
