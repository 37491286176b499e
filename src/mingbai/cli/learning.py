"""Which implementation learning uses: the home's rows, ledger and vault, and where its files lie."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mingbai.cli import assemble, ledger

if TYPE_CHECKING:
    from mingbai.learn.select import Selection
    from mingbai.permit.consent import Consents
    from mingbai.permit.vault.vault import Vault
    from mingbai.shop.records.home import Records
    from mingbai.values.settings import Settings

SURE = 0.9  # of a customer's message whose intent the desk's rules say: what they doubt teaches nothing


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
    """A home without shops gets the example first, with what its customers agreed to."""
    from mingbai.shop.example import make

    with ExitStack() as until:
        records = until.enter_context(assemble.records(settings))
        if not records.shops() and shop in (None, make.SHOP):
            assemble.take_example(records)
            ledger.take_example_consents(settings)
        keys = ledger.vault(settings)
        until.callback(keys.close)
        yield House(settings, records.the_shop(shop), records, keys, ledger.consents(settings, keys))


def selection(house: House, *, ways: int = 2) -> Selection:
    """Our own lines, the shop's conversations and the counter's, as far as somebody agreed or we wrote them."""
    from contextlib import closing
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
        sure = [it for it in made.intents if it.p >= SURE]
        return words[sure[0].intent] if len(made.intents) == 1 == len(sure) and not made.unsure else ""

    return label
