"""What preference tuning is worth on the real 0.5B, with a made-up colleague of one habit: figures in docs/learning.md come from here.

    python bench/staff_voice.py [--train 40 --held-out 24 --epochs 3 --words 8 --desk 0] [--beta 0.3 --said 1 --rate 2e-4]

Drafts are the desk's own on the example shop (goods and orders, both languages). The colleague opens with 亲, joins the facts,
says 呢 at the end; in English “Hi dear, … Thank you!”. Nobody real writes like that: it shows whether a habit is learned
from choices, on facts of other goods and orders, and what that costs.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import aclosing, closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mingbai.cli import assemble, learning, learning_replies
from mingbai.cli.settings import load
from mingbai.learn import prefer, replies
from mingbai.learn.examples import Progress
from mingbai.learn.rows import Licensed, Row
from mingbai.learn.select import falls, skeleton
from mingbai.learn.train import train_choices
from mingbai.shop.records.home import Records
from mingbai.turn.counter import TOLD
from mingbai.turn.drafting import MOST_TOKENS
from mingbai.turn.service import Phrase
from mingbai.values.chat import Ask, Asker, Finished, Message, Piece
from mingbai.values.records import Order, Product

HAN = re.compile("[一-鿿]")
QUESTIONS = {
    "zh": ("{}多少钱", "{}是什么材质", "{}还有货吗", "{}能进微波炉吗"),
    "en": ("how much is the {}", "what is the {} made of", "is the {} in stock"),
}


def asks(records: Records, shop: str) -> Iterator[tuple[str, str, str]]:
    """Question, customer, order."""
    for row in records.rows(shop, Product):
        if isinstance(product := row.record, Product):
            yield from ((q.format(product.title_zh), "", "") for q in QUESTIONS["zh"])
            yield from ((q.format(product.title_en), "", "") for q in QUESTIONS["en"] if product.title_en)
    for row in records.rows(shop, Order):
        if isinstance(order := row.record, Order) and order.customer_id:
            yield from ((q, order.customer_id, order.order_no) for q in ("到哪了", "where is my order"))


def colleague(facts: list[str]) -> str:
    if not HAN.search(facts[0]):
        return "Hi dear, " + " ".join(facts) + " Thank you!"
    return "亲，" + "，".join(fact.rstrip("。") for fact in facts) + "呢。"


async def choices(most: int) -> list[Row]:
    made: dict[str, Row] = {}
    with TemporaryDirectory() as folder:
        here = replace(load(), home=Path(folder))
        with assemble.records(here) as records:
            assemble.take_example(records)
            shop = records.the_shop(None)
            desk = assemble.desk(here, records, None)
            desk.load()
            many = sorted(asks(records, shop), key=lambda it: hashlib.sha256("".join(it).encode()).digest())
            for text, customer, order in many:
                if len(made) == most:
                    break
                asker = Asker("t-" + secrets.token_hex(8), shop, customer, order, channel="draft", draft=True)
                draft, facts = "", []
                async with aclosing(desk.generate(Ask((Message("user", text),), asker=asker))) as events:
                    async for event in events:
                        if isinstance(event, Piece):
                            draft += event.text
                        elif isinstance(event, Finished):
                            facts = [str(it) for it in event.extra[TOLD]]
                said = "\n".join(facts)
                if facts and len(said) <= 300 and (alike := skeleton(said)) not in made:
                    lang = "zh-Hans" if HAN.search(facts[0]) else "en"
                    part = "held_out" if falls(f"words {alike}", 40) else "train"
                    made[alike] = Row(
                        hashlib.sha256(said.encode()).hexdigest()[:24], "preference", part, lang, said, colleague(facts),
                        "own", Licensed("Apache-2.0"), rejected=draft,
                    )  # fmt: skip
    return list(made.values())


async def words(phrase: Phrase, row: Row) -> str:
    said = ""
    async with aclosing(phrase(row.choice().prompt, MOST_TOKENS, ())) as events:
        async for event in events:
            said += event.text if isinstance(event, Piece) else ""
    return said


def in_voice(said: str, row: Row) -> bool:
    return (
        said.startswith("Hi dear") and "Thank" in said
        if row.lang == "en"
        else said.startswith("亲") and "呢" in said[-3:]
    )


async def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__)
    for name, usual in (
        ("train", 40),
        ("held-out", 24),
        ("epochs", 3),
        ("words", 8),
        ("desk", 0),
        ("threads", 1),
    ):
        parse.add_argument(f"--{name}", type=int, default=usual)
    for name in ("beta", "said", "rate"):
        parse.add_argument(f"--{name}", type=float, default=getattr(replies.RECIPE, name))
    args = parse.parse_args()
    settings = load()
    found = await choices(2 * (args.train + args.held_out))
    train = [it for it in found if it.part == "train"][: args.train]
    held = [it for it in found if it.part == "held_out"][: args.held_out]
    print(f"{len(train)} choices to learn from, {len(held)} held out")
    recipe = replace(
        replies.RECIPE,
        epochs=args.epochs,
        threads=args.threads,
        beta=args.beta,
        said=args.said,
        rate=args.rate,
    )

    def told(it: Progress) -> None:
        if it.done == it.of or it.done % 5 == 0:
            print(
                f"  {it.doing} {it.done}/{it.of} {it.seconds_left or 0:.0f} s {it.loss or 0:.3f}", flush=True
            )

    with learning.opened(settings, None) as house, closing(house.records), TemporaryDirectory() as folder:
        _, weights = learning.base_of(settings)
        file = Path(folder) / "adapter.gguf"
        began, wall = time.process_time(), time.monotonic()
        done = train_choices(weights.path, [it.choice() for it in train], recipe, file, told)
        print(
            f"trained: cpu {time.process_time() - began:.0f} s, wall {time.monotonic() - wall:.0f} s, {done.peak_mib} MiB, "
            f"losses {[round(it, 3) for it in done.losses]}"
        )
        began = time.process_time()
        seen = prefer.examined(weights.path, [it.choice() for it in held], file, done.recipe, told)
        print(
            f"held out: margin above 0 {sum(it.margin > 0 for it in seen)}/{len(seen)}, mean {sum(it.margin for it in seen) / len(seen):.1f} nats; "
            f"staff's words likelier before {sum(it.before for it in seen)}, after {sum(it.after for it in seen)} "
            f"(cpu {time.process_time() - began:.0f} s)"
        )
        async with learning_replies.trial(house, weights, args.desk, file) as trial:
            for name, phrase in (("untuned", trial.before), ("tuned", trial.after)):
                said = [await words(phrase, row) for row in held[: args.words]]
                passed = [await replies.passes(phrase, row) for row in held[: args.words]]
                voice = sum(in_voice(it, row) for it, row in zip(said, held, strict=False))
                print(
                    f"{name}: in the colleague's voice {voice}/{len(said)}, passes the checks {sum(passed)}/{len(passed)}"
                )
                for it, row in list(zip(said, held, strict=False))[:3]:
                    print(f"    {row.text!r} → {it!r}")
            for desk in await trial.desks() if args.desk else ():
                print(f"{desk.name}: {sum(desk.before)} → {sum(desk.after)} of {len(desk.after)}")


if __name__ == "__main__":
    asyncio.run(main())
