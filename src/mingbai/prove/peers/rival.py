"""Our side of a peer: its venv, its process, what it is told, and its answers as ours are graded."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import httpx

from mingbai.prove.desk import basis
from mingbai.prove.desk.case import Case
from mingbai.prove.desk.floor import Floor
from mingbai.prove.desk.talk import Answered, Talk
from mingbai.prove.rivals import ServiceProcess
from mingbai.shop.records.home import Reader
from mingbai.shop.records.jsonform import to_json
from mingbai.shop.search.document import Kind
from mingbai.shop.search.query import Filters, Hit, Query
from mingbai.shop.search.search import Search
from mingbai.shop.skills import tools
from mingbai.shop.skills.scene import Asker, Find, Scene
from mingbai.values.errors import Busy, MingbaiError
from mingbai.values.json import JsonObject
from mingbai.values.records import (
    Line,
    Order,
    PolicyDocument,
    Price,
    Product,
    Shipment,
    ShipmentEvent,
    Stock,
    Variant,
)

# What each is installed from; the newest of November 2026.
PACKAGES = {
    "qwen-agent": (
        "qwen-agent==0.0.34",
        "soundfile",
        "python-dateutil",
        "numpy",
        "tqdm",
    ),  # the last four it forgets
    "rag": ("langchain-core==1.8.3", "langchain-openai==1.7.4", "numpy"),
}
SCRIPTS = {"qwen-agent": "qwen_agent_child.py", "rag": "rag_child.py"}
ASK_SECONDS = 300.0
EVENTS_SHOWN = 3  # of a parcel, the latest
CHUNK = 400  # characters of a page
SYSTEM = {
    "zh": "你是网店“明白茶具”的客服。今天是 2025年11月12日。只根据工具或下面资料的内容回答，不知道就说不知道。用顾客的语言简短回答。{who}",
    "en": "You are the customer service of the shop Mingbai Teaware. Today is Nov 12, 2025. Answer only from the tools or the material below; say so if you do not know. Answer briefly in the customer's language. {who}",
}


@dataclass(slots=True)
class Peer:
    """A running script."""

    name: str
    process: asyncio.subprocess.Process

    async def tell(self, obj: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps(obj, ensure_ascii=False) + "\n").encode())
        await self.process.stdin.drain()

    async def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = await asyncio.wait_for(self.process.stdout.readline(), ASK_SECONDS)
        if not line:
            raise EOFError(self.name)
        heard: dict[str, Any] = json.loads(line)
        return heard


async def installed(name: str, folder: Path, say: Callable[[str], None]) -> Path:
    """The Python of a venv with the peer in it; made once in that folder."""
    python = folder / name / "bin" / "python"
    if not python.exists():
        say(f"安装 / installing {' '.join(PACKAGES[name])}")
        for command in (
            (sys.executable, "-m", "venv", str(folder / name)),
            (str(python), "-m", "pip", "install", "-q", *PACKAGES[name]),
        ):
            process = await asyncio.create_subprocess_exec(
                *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
            )
            _, errors = await process.communicate()
            if process.returncode:
                raise RuntimeError(f"{' '.join(command[:4])}: {errors.decode()[-400:]}")
    return python


@asynccontextmanager
async def running(name: str, python: Path, start: Mapping[str, Any]) -> AsyncIterator[Peer]:
    with as_file(files("mingbai.prove.peers") / SCRIPTS[name]) as script, TemporaryFile() as errors:
        env = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")}
        env["QWEN_AGENT_MAX_LLM_CALL_PER_RUN"] = "6"  # its own default is 20: minutes for one question here
        process = await asyncio.create_subprocess_exec(
            str(python), str(script), env=env, limit=1 << 26,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=errors,
        )  # fmt: skip
        async with _over(Peer(name, process), errors, start) as peer:
            yield peer


@asynccontextmanager
async def _over(peer: Peer, errors: IO[bytes], start: Mapping[str, Any]) -> AsyncIterator[Peer]:
    process = peer.process
    try:
        await peer.tell(start)
        await peer.hear()  # ready
        yield peer
    except EOFError as e:
        errors.seek(0)
        raise RuntimeError(f"{peer.name} left: {errors.read()[-400:].decode(errors='replace')}") from e
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def ask(peer: Peer, case: Case, floor: Floor, search: Search, service: ServiceProcess) -> JsonObject:
    """One question, with the tools called on our rows for whoever asks: what it said, what it saw, what it read."""
    lang = "en" if case.lang == "en" else "zh"
    before = await prompt_tokens(service)
    seen: list[str] = []
    await peer.tell(
        {
            "id": case.id,
            "say": case.say[-1],
            "system": SYSTEM[lang].format(who=_who(case, lang)),
            "lang": lang,
            "owner": case.customer,
        }
    )
    while "id" not in (heard := await peer.hear()):
        result = _called(floor, search, case, heard["call"], heard["arguments"])
        seen.append(result)
        await peer.tell({"result": result})
    return {**heard, "say": case.say[-1], "seen": seen + heard.get("seen", []),
            "tokens": await prompt_tokens(service) - before}  # fmt: skip


async def within(
    minutes: float, peer: Peer, cases: Sequence[Case], floor: Floor, search: Search, service: ServiceProcess
) -> AsyncGenerator[JsonObject, None]:
    """Its answers to as many questions as begin within the time. One that never ends is its last, an error."""
    until = time.monotonic() + 60 * minutes
    for case in cases:
        if time.monotonic() > until:
            return
        try:
            yield await ask(peer, case, floor, search, service)
        except TimeoutError:
            yield {"id": case.id, "say": case.say[-1], "answer": "", "first": 0.0, "last": ASK_SECONDS,
                   "error": "TimeoutError", "seen": [], "tokens": 0}  # fmt: skip
            return


def judged(heard: Mapping[str, Any], case: Case, floor: Floor) -> Talk:
    """What it said, to be graded like our own answers."""
    lang = "en" if case.lang == "en" else "zh"
    now = floor.desk.enter(floor.shop)[1]
    allowed = floor.owners.allowed(case.customer, case.say[-1])
    text = _plain(heard["answer"])
    answer = Answered(
        text, heard["first"] or heard["last"], heard["last"],
        words=basis.of_texts([*heard["seen"], SYSTEM[lang], _who(case, lang)], now.date()),
        leaked=floor.owners.shown(text, case.say[-1], allowed), error=heard["error"], tokens=heard["tokens"], today=now.date(),
    )  # fmt: skip
    return Talk(case, (answer,))


def _who(case: Case, lang: str) -> str:
    """What the channel says of who asks, as ours is told it."""
    zh = [
        f"顾客编号 {case.customer}。" if case.customer else "",
        f"顾客正在看订单 {case.order}。" if case.order else "",
        f"顾客正在看商品 {case.item}。" if case.item else "",
    ]
    en = [
        f"The customer's id is {case.customer}." if case.customer else "",
        f"They look at order {case.order}." if case.order else "",
        f"They look at article {case.item}." if case.item else "",
    ]
    return "".join(zh) if lang == "zh" else " ".join(part for part in en if part)


def _plain(text: str) -> str:
    return re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL).strip()


def _called(floor: Floor, search: Search, case: Case, name: str, arguments: str) -> str:
    """The skill's evidence as JSON, in the language of the question; what it refuses is said as it is."""
    with floor.records.reading() as reader:
        scene = Scene(
            reader=reader, find=_finder(floor.shop, search), shop=floor.shop, now=floor.desk.enter(floor.shop)[1],
            asker=Asker("customer", case.customer), lang="en" if case.lang == "en" else "zh-Hans",
            order=case.order, item=case.item,
        )  # fmt: skip
        try:
            found = tools.as_json(tools.call(scene, name, arguments))
        except MingbaiError as e:
            return f"{e.what} {e.mend}"
    other = "zh" if case.lang == "en" else "en"
    return json.dumps(_without(found, ("sources", "rule", other)), ensure_ascii=False)


def _without(value: Any, names: Sequence[str]) -> Any:
    if isinstance(value, dict):
        return {k: _without(v, names) for k, v in value.items() if k not in names}
    return [_without(v, names) for v in value] if isinstance(value, list) else value


def _finder(shop: str, search: Search) -> Find:
    def find(words: str, kind: Kind, many: int) -> tuple[Hit, ...]:
        try:
            return search.ask(shop, Query(words, Filters(kinds=frozenset((kind,))), many)).hits
        except Busy:
            return ()

    return find


def listed_tools() -> list[dict[str, Any]]:
    """The skills as Qwen-Agent takes tools."""
    return [
        {"name": t.name, "description": t.description, "parameters": dict(t.parameters)}
        for t in tools.tools()
    ]


def chunks(reader: Reader, shop: str) -> list[dict[str, str]]:
    """The rows and pages as text, the way a chain is fed: articles with prices and stock, pages in pieces, orders with parcels."""
    out: list[dict[str, str]] = []
    for row in reader.rows(shop, PolicyDocument):
        page = row.record
        assert isinstance(page, PolicyDocument)
        out += [
            {"text": f"{page.title}\n{page.text[at : at + CHUNK]}", "owner": ""}
            for at in range(0, len(page.text), CHUNK)
        ]
    for row in reader.rows(shop, Product):
        product = row.record
        assert isinstance(product, Product)
        lines = [_row(product)]
        for variant in reader.rows(shop, Variant, product_no=product.product_no):
            assert isinstance(variant.record, Variant)
            sku = variant.record.sku
            now = [p.record for p in reader.rows(shop, Price, sku=sku)]
            prices = "; ".join(
                f"{p.amount} ({p.kind})" for p in now if isinstance(p, Price) and p.valid_to is None
            )
            stock = "; ".join(_row(s.record) for s in reader.rows(shop, Stock, sku=sku))
            lines.append(f"{sku} {variant.record.options} {prices} {stock}")
        out.append({"text": "\n".join(lines), "owner": ""})
    for row in reader.rows(shop, Order):
        order = row.record
        assert isinstance(order, Order)
        lines = [_row(order)]
        lines += [_row(line.record) for line in reader.rows(shop, Line, order_no=order.order_no)]
        for parcel in reader.rows(shop, Shipment, order_no=order.order_no):
            assert isinstance(parcel.record, Shipment)
            events = [
                e.record for e in reader.rows(shop, ShipmentEvent, tracking_no=parcel.record.tracking_no)
            ]
            lines += [_row(parcel.record), *(_row(e) for e in events[-EVENTS_SHOWN:])]
        out.append({"text": "\n".join(lines), "owner": order.customer_id or "?"})
    return out


def _row(record: Any) -> str:
    left_out = (
        "description_en",
        "description_zh",
        "extra",
        "phone",
        "email",
        "postcode",
        "buyer_note",
        "seller_note",
    )
    said = {k: v for k, v in to_json(record).items() if k not in left_out and v not in ("", [], None)}
    return json.dumps(said, ensure_ascii=False)


async def prompt_tokens(service: ServiceProcess) -> int:
    """That the service has read since it started."""
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {service.key}"}) as client:
        text = (await client.get(f"http://127.0.0.1:{service.port}/metrics")).text
    counts = re.findall(r"^mingbai_prompt_tokens_total(?:\{[^}]*\})? ([\d.e+]+)$", text, re.MULTILINE)
    return int(sum(float(c) for c in counts))
