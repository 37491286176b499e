"""What an answer used is what the engine said it read and wrote, and a start reads what every prompt begins with."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, date, datetime

from mingbai.turn.desk import Desk
from mingbai.turn.release import release
from mingbai.turn.service import Phrase, Service
from mingbai.values.chat import Ask, Asker, Event, Finished, Message, Piece, Usage
from mingbai.values.turn import Admission, Evidence, Fact, Guess, Intent, Slots, Turn, Understood

NOW = datetime(2025, 11, 12, 10, tzinfo=UTC)
FACTS = (
    Fact("order.state", "shipped", "订单 1001 已发货。", "Order 1001 is dispatched.", about="1001"),
    Fact("parcel.to", "杭州", "寄往杭州。", "It goes to Hangzhou."),
    Fact(
        "parcel.promised_at", date(2025, 11, 13), "预计 11月13日前送达。", "It is expected by Nov 13, 2025."
    ),
)


class Shop:
    """Understands one thing, allows it, has its facts, and writes nothing down."""

    def load(self) -> None:
        pass

    async def understand(self, turn: Turn) -> Understood:
        return Understood("zh-Hans", (Guess(Intent.WHERE_IS_ORDER, 0.97, "rule"),), Slots())

    def admit(self, turn: Turn) -> Admission:
        return Admission("customer")

    def ground(self, turn: Turn) -> tuple[Evidence, ...]:
        return (Evidence(Intent.WHERE_IS_ORDER, FACTS),)

    def expect(self, turn: Turn) -> None:
        pass

    def seal(self, turn: Turn) -> str:
        return turn.turn_no


class Model:
    """Says that, and keeps what it was asked."""

    def __init__(self, *said: str) -> None:
        self._left = list(said)
        self.asked: list[tuple[tuple[Message, ...], int]] = []

    async def __call__(
        self, messages: Sequence[Message], most: int, stops: tuple[str, ...]
    ) -> AsyncGenerator[Event, None]:
        self.asked.append((tuple(messages), most))
        yield Piece(self._left.pop(0) if self._left else "…")
        yield Finished("stop", Usage(320, 300, 20))


def desk(phrase: Phrase | None) -> Desk:
    shop = Shop()
    service = Service(shop, shop, shop, release, phrase, "local", shop)
    return Desk(service, lambda name: (name or "tea", NOW))


async def last(desk: Desk) -> Finished:
    ask = Ask((Message("user", "到哪了"),), asker=Asker("t-1", "tea"))
    events = [event async for event in desk.generate(ask)]
    assert isinstance(events[-1], Finished)
    return events[-1]


async def test_usage_is_the_engines_of_every_phrasing() -> None:
    finished = await last(desk(Model("已签收", "寄往杭州，预计 11月13日前送达")))
    assert finished.usage == Usage(640, 600, 40)
    assert (finished.extra["phrased_by"], finished.extra["model_sentences"]) == ("model", 1)


async def test_an_answer_of_the_rows_alone_uses_none() -> None:
    finished = await last(desk(None))
    assert finished.usage == Usage()
    assert (finished.extra["phrased_by"], finished.extra["model_sentences"]) == ("template", 0)


async def test_a_start_reads_what_the_prompts_of_both_languages_begin_with() -> None:
    model = Model()
    ready = desk(model)
    await ready.load_model()
    read = [(messages[0], most) for messages, most in model.asked]
    await last(ready)
    assert read[0][0] == model.asked[-1][0][0]  # the answer's prompt begins with it
    assert [most for _, most in read] == [1, 1]
    assert read[0][0] != read[1][0]
    await desk(None).load_model()  # templates have nothing to read
