"""Conversations from content/conversations, with the numbers of the orders they are about filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from mingbai.shop.example import content
from mingbai.shop.example.dice import Dice
from mingbai.shop.example.people import people
from mingbai.shop.example.plans import now
from mingbai.shop.example.sales import Sale
from mingbai.values.records import Conversation, Origin, Said, Shipment, Sourced

_FILE = "talks.txt"


def talks(sold: Sequence[Sale], shipments: Sequence[Shipment], today: date) -> Iterator[Sourced]:
    """A conversation and its messages. Those about an order that does not exist on this day are left out."""
    by_key = {sale.plan.key: sale for sale in sold}
    parcel = {shipment.order_no: shipment.tracking_no for shipment in reversed(shipments)}
    ids = {person.customer_id for person in people().values()}
    number = 0
    for head, lines in _blocks():
        _, channel, about, state, when = (
            cell.strip() for cell in head[1].replace("== ", "== | ").split(" | ")
        )
        number += 1
        sale = by_key.get(about)
        if sale is None and about not in ids:
            continue
        day, clock = when.split()
        started = content.at(today, int(day), clock)
        no = f"K{number:04d}"
        words = {
            "no": sale.order_no if sale else "",
            "tracking": parcel.get(sale.order_no, "") if sale else "",
            "tail": sale.plan.person.phone[-4:] if sale else "",
        }
        yield Sourced(
            Conversation(
                conversation_no=no,
                channel=channel,
                customer_id=sale.plan.person.customer_id if sale else about,
                order_no=words["no"],
                started_at=started,
                state=state,
            ),
            Origin(_FILE, head[0]),
        )
        dice = Dice(no)
        at = started
        seq = 0
        for line, text in lines:
            if text.startswith("-- "):
                _, day, clock = text.split()
                at = content.at(today, int(day), clock)
                continue
            seq += 1
            who, _, said = text.partition(": ")
            yield Sourced(Said(no, seq, who, min(at, now(today)), said.format(**words)), Origin(_FILE, line))
            at += timedelta(seconds=dice.between(3, 9) if who == "customer" else dice.between(40, 240))


def _blocks() -> Iterator[tuple[tuple[int, str], list[tuple[int, str]]]]:
    """Head lines with the messages under them, each with its line in the file."""
    lines = enumerate(content.text("conversations", _FILE).splitlines(), 1)
    told = [(n, line) for n, line in lines if line.strip() and not line.startswith("#")]
    starts = [place for place, (_, line) in enumerate(told) if line.startswith("== ")]
    for start, end in zip(starts, [*starts[1:], len(told)], strict=True):
        yield told[start], told[start + 1 : end]
