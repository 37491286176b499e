"""Rows for `mingbai learn run --task reply`, by the product's own path: customers who agreed ask at the counter, staff send something else
than the draft. Figures in docs/learning.md come from here.

    mingbai run --rehearse --port 8791                                  in one terminal; prints a key
    python bench/staff_counter.py http://127.0.0.1:8791 KEY             fills the counter of that home (the same MINGBAI_HOME)
    mingbai learn run --task reply --threads 1
    mingbai run --model qwen2.5-coder-0.5b-instruct --port 8791
    python bench/staff_counter.py http://127.0.0.1:8791 KEY --drafts 8  drafts alone: in whose voice, and what their receipts say

Customers, goods and orders are the example shop's. The colleague is that of staff_voice.py, made up, and begins from the draft's words
alone. Who is asked for drafts afterwards sent nothing before.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from staff_voice import HAN, QUESTIONS, colleague

from mingbai.cli import assemble
from mingbai.cli.settings import load
from mingbai.values.records import Order, Product

ORIGIN = {"Sec-Fetch-Site": "same-origin"}
SENTENCE = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+")
TRAINING = "training"  # the example shop's notice


def asked(questions: int) -> Iterator[tuple[str, str, list[str]]]:
    """A customer, the order, and what they ask: of goods, another's each time, and where the parcel is."""
    with assemble.records(load()) as records:
        shop = records.the_shop(None)
        goods = [it.record for it in records.rows(shop, Product) if isinstance(it.record, Product)]
        orders = {
            it.record.customer_id: it.record.order_no
            for it in records.rows(shop, Order)
            if isinstance(it.record, Order) and it.record.customer_id
        }
    pool = [q.format(it.title_zh) for it in goods for q in QUESTIONS["zh"]]
    pool += [q.format(it.title_en) for it in goods if it.title_en for q in QUESTIONS["en"]]
    pool.sort(key=lambda it: hashlib.sha256(it.encode()).digest())
    for n, (customer, order) in enumerate(sorted(orders.items())):
        mine = pool[n * questions : (n + 1) * questions]
        if len(mine) < questions:
            return
        last = "到哪了" if HAN.search(mine[-1]) else "where is my order"
        yield customer, order, [*mine[:-1], last] if n % 2 else mine


@asynccontextmanager
async def waiting(url: str, staff: httpx.AsyncClient, customer: str) -> Any:
    """A customer's browser whose conversation waits for a person, so that the desk is silent; closed in the end."""
    made = (await staff.post("/v1/session/links", json={"customer": customer})).raise_for_status().json()
    async with httpx.AsyncClient(base_url=url, timeout=300, headers=ORIGIN) as browser:
        once = made["link"].partition("#")[2]
        (await browser.post("/v1/session", json={"once": once})).raise_for_status()
        (await browser.post("/v1/counter/state", json={"state": "waiting"})).raise_for_status()
        yield browser
        (await browser.post("/v1/counter/state", json={"state": "closed"})).raise_for_status()


async def draft_of(
    staff: httpx.AsyncClient, browser: httpx.AsyncClient, customer: str, text: str, order: str
) -> Any:
    said = {"text": text, "order": order}
    (await browser.post("/v1/counter/messages", json=said)).raise_for_status()
    talks = (await staff.get("/v1/desk/talks?state=all")).raise_for_status().json()["talks"]
    (talk,) = [it["id"] for it in talks if it["customer"] == customer and it["state"] != "closed"]
    made = await staff.post(f"/v1/desk/talks/{talk}/draft", json={})
    return talk, made.raise_for_status().json()


async def filled(url: str, staff: httpx.AsyncClient, customers: int, questions: int) -> None:
    sent, same = 0, 0
    for customer, order, texts in list(asked(questions))[:customers]:
        agreed = {
            "state": "given",
            "purpose": "training",
            "notice": TRAINING,
            "category": "conversation,order",
        }
        (await staff.post(f"/v1/office/people/{customer}/consents", json=agreed)).raise_for_status()
        async with waiting(url, staff, customer) as browser:
            for text in texts:
                talk, draft = await draft_of(staff, browser, customer, text, order)
                words = colleague([it.strip() for it in SENTENCE.split(draft["text"]) if it.strip()])
                same += words == draft["text"]
                body = {"text": words, "anyway": True}
                (await staff.post(f"/v1/desk/talks/{talk}/messages", json=body)).raise_for_status()
                sent += 1
    print(
        f"{customers} customers agreed and asked; staff sent {sent} answers, {same} of them the draft itself"
    )


async def drafted(url: str, staff: httpx.AsyncClient, many: int, questions: int) -> None:
    how: Counter[str] = Counter()
    for customer, order, texts in list(asked(questions))[-many:]:
        async with waiting(url, staff, customer) as browser:
            began = time.monotonic()
            _, draft = await draft_of(staff, browser, customer, texts[0], order)
            beside = draft["mingbai"]
            kept = (await staff.get(f"/v1/receipts/{beside['receipt']}")).raise_for_status().json()["receipt"]
            said, adapter = draft["text"], str((kept.get("reply") or kept).get("adapter") or "")
            english = not HAN.search(texts[0])
            voice = said.startswith("Hi dear") if english else said.startswith("亲")
            how[f"worded by {beside['phrased_by']}"] += 1
            how["in the colleague's voice"] += voice
            how["an adapter in the receipt"] += bool(adapter)
            print(f"  {time.monotonic() - began:5.1f} s  {adapter[:12] or '–':12}  {texts[0]!r} → {said!r}")
    print(", ".join(f"{name} {n}/{many}" for name, n in how.items()))


async def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("url")
    parse.add_argument("key")
    parse.add_argument("--customers", type=int, default=60)
    parse.add_argument("--questions", type=int, default=2, help="of each customer")
    parse.add_argument("--drafts", type=int, default=0, help="ask for so many drafts instead")
    args = parse.parse_args()
    headers = {"Authorization": f"Bearer {args.key}"}
    async with httpx.AsyncClient(base_url=args.url, timeout=300, headers=headers) as staff:
        if args.drafts:
            await drafted(args.url, staff, args.drafts, args.questions)
        else:
            await filled(args.url, staff, args.customers, args.questions)


if __name__ == "__main__":
    asyncio.run(main())
