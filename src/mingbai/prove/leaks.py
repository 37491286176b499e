"""A day of traffic on a home full of canaries, and then a search of everything: does anything of anybody lie where it should not?

Three persons with a name, phone, address and e-mail each, and a phrase that stands in everything that is typed. They ask at
the API and the counter, prove who they are and fail to, are refused, write nonsense, drop broken files; staff and owner
work beside them. Then, with none of it erased, this is searched:

- every file of the home and of the service's own folder for temporary files: nothing may stand in clear;
- what the service printed and logged, its metrics, and every error it answered;
- every good answer, for what is another person's;
- what the service connected to, as Python's audit hook and the kernel's tables saw it: nothing but what was allowed.

Not covered: swap and crash dumps of the operating system, what a client does with its answer, and guesses that do not need the text.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from mingbai.values.errors import StorageError, Text
from mingbai.values.money import Money
from mingbai.values.records import (
    Customer,
    Line,
    Order,
    OrderState,
    Origin,
    Record,
    Review,
    Shipment,
    ShipmentEvent,
    ShipmentState,
    Sourced,
)

PHRASE = "紫藤花第七号暗语"  # in everything that is typed
AT = datetime(2025, 11, 8, 2, tzinfo=UTC)
START_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    order: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    email: str = field(repr=False)

    @property
    def canaries(self) -> Mapping[str, str]:
        return {"name": self.name, "phone": self.phone, "address": self.address, "email": self.email}


PERSONS = (
    Person("CAN-1", "MB20251108-9001", "欧阳青禾", "13912347715", "杭州市西湖区龙井路七十七号三单元", "qinghe.ouyang@canary.example"),
    Person("CAN-2", "MB20251108-9002", "司徒听雪", "15887652209", "成都市武侯区锦里东路九十一号", "tingxue.situ@canary.example"),
    Person("CAN-3", "MB20251108-9003", "上官望舒", "17712908846", "哈尔滨市道里区兆麟街四十二号", "wangshu.shangguan@canary.example"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reply:
    """`person` is who asked, "" for nobody in particular; `route` says what was asked, `staff`: for the shop's people."""

    route: str
    status: int
    person: str
    staff: bool
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    turns: int
    replies: Mapping[str, int]  # by class of status
    places: Mapping[str, Sequence[str]]  # where → which canaries were found there
    outside: Sequence[str]  # connections and look-ups that nobody allowed
    scanned_bytes: int
    scanned_files: int
    printed_lines: int
    kernel_watched: bool
    controls: bool  # what must be found is found: the search sees, the hook hears
    answered: int  # replies that hold something of whoever asked: the traffic was real

    @property
    def passed(self) -> bool:
        return not self.places and not self.outside and self.controls and self.answered > 0

    def lines(self) -> Sequence[str]:
        kernel = "kernel's tables too" if self.kernel_watched else "no kernel tables here"
        return [
            f"turns and other requests          {self.turns:>7,}   ({', '.join(f'{k}: {v}' for k, v in sorted(self.replies.items()))})",
            f"answers with the asker's own data {self.answered:>7,}",
            f"files searched                    {self.scanned_files:>7,}   ({self.scanned_bytes / 1e6:,.0f} MB)",
            f"lines printed and logged          {self.printed_lines:>7,}",
            f"connections outside the list      {len(self.outside):>7,}   ({kernel})",
            *(f"    {one}" for one in self.outside),
            f"places with something in clear    {len(self.places):>7,}",
            *(f"    {where}: {', '.join(what)}" for where, what in sorted(self.places.items())),
            f"controls                          {'found' if self.controls else 'NOT FOUND':>7}",
        ]


def rows() -> list[Sourced]:
    """Their rows, for the example shop."""
    made: list[Record] = []
    for p in PERSONS:
        made += [
            Customer(p.id, p.name, p.phone, p.email, p.address),
            Order(
                p.order, state=OrderState.SHIPPED, customer_id=p.id, goods=Money(26800, "CNY"), total=Money(26800, "CNY"),
                paid=Money(26800, "CNY"), created_at=AT, paid_at=AT, shipped_at=AT, country="CN", recipient=p.name, phone=p.phone,
                email=p.email, address=p.address, buyer_note=f"{PHRASE}，放门口", extra=(("备注", PHRASE),),
            ),
            Line(p.order, "1", "天青釉盖碗", quantity=1, paid=Money(26800, "CNY"), extra=(("刻字", p.name),)),
            Shipment(p.order, f"SF77{p.phone[-6:]}1234", "顺丰速运"),
            ShipmentEvent(f"SF77{p.phone[-6:]}1234", 1, AT, ShipmentState.COLLECTED, p.address, f"{PHRASE}，收件人 {p.name}"),
            Review(f"CAN-R{p.id}", "T-0001", f"{PHRASE}，我是{p.name}，有事打 {p.phone}", 5, customer_id=p.id),
        ]  # fmt: skip
    return [Sourced(row, Origin("canaries.jsonl", n)) for n, row in enumerate(made, 1)]


class Traffic:
    """`keys` are secrets by scope. Keeps every reply."""

    def __init__(self, url: str, keys: Mapping[str, str], seed: int = 7) -> None:
        self.replies: list[Reply] = []
        self._keys, self._drawn = keys, random.Random(seed)
        self._http = httpx.Client(base_url=url, timeout=60, trust_env=False)

    def day(self, turns: int) -> None:
        acts = (
            self.proven, self.visitor, self.wrong_tail, self.stream, self.raw, self.nonsense, self.counter, self.insiders,
            self.change_of_address, self.broken_file,
        )  # fmt: skip
        for number in range(turns):
            acts[number % len(acts)](PERSONS[self._drawn.randrange(len(PERSONS))], number)
        for p in PERSONS[:1]:
            self._ask("GET", f"/v1/office/people/{p.id}/export", p, "owner", staff=True)
        self._ask("GET", "/metrics", None, "engineer", staff=False)
        self._http.close()

    def proven(self, p: Person, number: int) -> None:
        self._chat(
            p,
            "staff",
            f"{PHRASE}。我是{p.name}，订单 {p.order} 到哪了？收货地址和电话{p.phone}对吗",
            customer=p.id,
            order=p.order,
        )

    def visitor(self, p: Person, number: int) -> None:
        self._chat(
            p,
            "customer",
            f"{PHRASE}，订单 {p.order}，手机尾号 {p.phone[-4:]}，寄到哪里？",
            conversation=f"v-{number}",
        )

    def wrong_tail(self, p: Person, number: int) -> None:
        self._chat(
            None, "customer", f"{PHRASE} 查 {p.order}，尾号 0000，收件人是谁？", conversation=f"w-{number}"
        )

    def stream(self, p: Person, number: int) -> None:
        self._chat(p, "staff", f"{PHRASE}，{p.name}的快递，邮箱 {p.email}", customer=p.id, stream=True)

    def raw(self, p: Person, number: int) -> None:
        self._chat(p, "owner", f"{PHRASE} {p.name} {p.phone} {p.address}", model="rehearsal")
        self._ask(
            "POST",
            "/v1/embeddings",
            p,
            "owner",
            staff=True,
            json={"model": "mingbai-embed", "input": f"{PHRASE}{p.address}"},
        )

    def nonsense(self, p: Person, number: int) -> None:
        """Errors, with something of a person in every part that may come back."""
        body = {"model": "mingbai", "messages": [{"role": "user", "content": f"{PHRASE}{p.phone}"}]}
        match number // 10 % 8:
            case 0:
                self._ask(
                    "POST", "/v1/chat/completions", None, "staff", json={**body, "note": f"{p.name}{PHRASE}"}
                )
            case 1:
                self._ask(
                    "POST",
                    "/v1/chat/completions",
                    None,
                    "staff",
                    content=f'{{"messages": "{p.name}{PHRASE}'.encode(),
                )
            case 2:
                self._ask(
                    "POST", "/v1/chat/completions", None, "staff", json={**body, "temperature": p.phone}
                )
            case 3:
                self._ask("GET", f"/v1/receipts/{p.phone}?email={p.email}", None, "owner")
            case 4:
                self._ask("GET", f"/{p.name}/{p.email}?q={PHRASE}", None, "owner")
            case 5:
                self._ask(
                    "POST",
                    "/v1/chat/completions",
                    None,
                    None,
                    headers={"Authorization": f"Bearer mb-{p.phone}"},
                    json=body,
                )
            case 6:
                self._ask(
                    "POST",
                    "/v1/chat/completions",
                    None,
                    "staff",
                    json={**body, "messages": [{"role": p.email, "content": PHRASE}]},
                )
            case _:
                self._ask(
                    "POST", "/v1/chat/completions", None, "staff", content=(p.name * 2_000_000).encode()
                )

    def counter(self, p: Person, number: int) -> None:
        """A visitor of the page, in a browser of their own."""
        with httpx.Client(base_url=self._http.base_url, timeout=60, trust_env=False) as browser:
            browser.headers["Origin"] = str(self._http.base_url).rstrip("/")
            browser.headers["Sec-Fetch-Site"] = "same-origin"
            self._ask("POST", "/v1/session", None, None, client=browser, json={"counter": True})
            for text in (
                f"{PHRASE}，我叫{p.name}，住{p.address}",
                f"订单 {p.order}，尾号 {p.phone[-4:]}，到哪了",
                "转人工",
            ):
                self._ask("POST", "/v1/counter/messages", p, None, client=browser, json={"text": text})
            self._ask("GET", "/v1/counter/conversation", p, None, client=browser)

    def insiders(self, p: Person, number: int) -> None:
        self._ask("GET", "/v1/desk/talks", None, "staff", staff=True)
        self._ask("GET", f"/v1/office/search?q={p.name}", None, "owner", staff=True)
        self._ask("GET", f"/v1/desk/talks/{p.phone}", None, "staff", staff=True)
        self._ask("GET", "/v1/office/figures", None, "owner")
        self._ask("GET", "/metrics", None, "engineer")

    def change_of_address(self, p: Person, number: int) -> None:
        said = [f"{PHRASE}，订单 {p.order} 改地址：{p.address}，{p.name}收，{p.phone}"]
        first = self._chat(p, "staff", said[0], customer=p.id, order=p.order, conversation=f"a-{number}")
        self._chat(
            p,
            "staff",
            "是的，确认",
            customer=p.id,
            order=p.order,
            conversation=f"a-{number}",
            before=[said[0], first],
        )

    def broken_file(self, p: Person, number: int) -> None:
        begun = self._ask("POST", "/v1/office/imports", None, "owner", staff=True, json={})
        name = json.loads(begun).get("id", "") if begun.startswith("{") else ""
        if name:
            data = f'订单编号,收货人姓名,联系手机\n"{p.order}",{p.name},{p.phone}\n{PHRASE},"{p.address}\x00'.encode(
                "gbk"
            )
            self._ask(
                "PUT",
                f"/v1/office/imports/{name}/files/{p.name}.csv",
                None,
                "owner",
                staff=True,
                content=data,
            )
            self._ask("POST", f"/v1/office/imports/{name}/start", None, "owner", staff=True, json={})

    def _chat(
        self, p: Person | None, key: str, text: str, *, model: str = "mingbai", customer: str = "", order: str = "",
        conversation: str = "", stream: bool = False, before: Sequence[str] = (),
    ) -> str:  # fmt: skip
        roles = ("user", "assistant")
        messages = [{"role": roles[n % 2], "content": said} for n, said in enumerate(before)]
        about = {"customer": customer, "order": order, "conversation": conversation}
        body = {
            "model": model, "stream": stream, "messages": [*messages, {"role": "user", "content": text}],
            **({"metadata": {k: v for k, v in about.items() if v}} if model == "mingbai" else {}),
        }  # fmt: skip
        said = self._ask("POST", "/v1/chat/completions", p, key, staff=model != "mingbai", json=body)
        try:
            return str(json.loads(said)["choices"][0]["message"]["content"])
        except (ValueError, KeyError, IndexError, TypeError):
            return ""

    def _ask(
        self, method: str, path: str, p: Person | None, key: str | None, *, staff: bool = False,
        client: httpx.Client | None = None, headers: Mapping[str, str] | None = None, **more: object,
    ) -> str:  # fmt: skip
        sent = {"Authorization": f"Bearer {self._keys[key]}"} if key else dict(headers or {})
        reply = (client or self._http).request(method, path, headers=sent, **more)  # type: ignore[arg-type]
        route = "/".join(path.split("?")[0].split("/")[:4])
        heads = "\n".join(f"{k}: {v}" for k, v in reply.headers.items())
        self.replies.append(
            Reply(f"{method} {route}", reply.status_code, p.id if p else "", staff, f"{heads}\n{reply.text}")
        )
        return reply.text


@dataclass(frozen=True, slots=True)
class Service:
    """How to start it: `watched.py` before MODULE and its arguments. `allowed`: beginnings of lines of its log that may be."""

    command: Sequence[str]
    environment: Mapping[str, str]
    home: Path
    scratch: Path  # its TMPDIR, and where its log of connections lies
    url: str
    keys: Mapping[str, str] = field(repr=False)
    allowed: Sequence[str] = ()


def run(service: Service, *, turns: int = 400) -> Report:
    """The home holds `rows` already."""
    log, out = service.scratch.parent / "connections.jsonl", service.scratch.parent / "printed.txt"
    kernel: set[str] = set()
    with out.open("wb") as printed:
        child = subprocess.Popen(
            [service.command[0], "-m", "mingbai.prove.watched", str(log), *service.command[1:]],
            env={**os.environ, **service.environment, "TMPDIR": str(service.scratch)}, stdout=printed, stderr=subprocess.STDOUT,
            cwd=service.scratch,
        )  # fmt: skip
        stop = threading.Event()
        watcher = threading.Thread(target=_watch_kernel, args=(child.pid, kernel, stop), daemon=True)
        watcher.start()
        traffic = Traffic(service.url, service.keys)
        try:
            _wait(service.url, child)
            traffic.day(turns)
        finally:
            child.terminate()
            try:
                child.wait(60)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            stop.set()
            watcher.join()
    said = out.read_bytes()
    events = (
        [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    )
    files = [p for top in (service.home, service.scratch) for p in top.rglob("*") if p.is_file()]
    places = _places(service, files, said, traffic.replies)
    return Report(
        turns=len(traffic.replies),
        replies=Counter(f"{r.status // 100}xx" for r in traffic.replies),
        places=places,
        outside=sorted({*_outside(events, service.allowed), *kernel}),
        scanned_bytes=sum(p.stat().st_size for p in files),
        scanned_files=len(files),
        printed_lines=said.count(b"\n"),
        kernel_watched=Path(f"/proc/{os.getpid()}/net/tcp").exists(),
        controls=any(event == "socket.bind" for event, _ in events)
        and any(_found(p.read_bytes(), {"order": PERSONS[0].order}) for p in files),
        answered=sum(bool(_of(r.person) and _found(r.body.encode(), _of(r.person))) for r in traffic.replies),
    )  # fmt: skip


def _places(
    service: Service, files: Sequence[Path], said: bytes, replies: Sequence[Reply]
) -> dict[str, list[str]]:
    every = {"phrase": PHRASE} | {
        f"{p.id} {kind}": text for p in PERSONS for kind, text in p.canaries.items()
    }
    places: dict[str, list[str]] = {}
    for path in files:
        if found := _found(path.read_bytes(), every) + _found(os.fsencode(str(path)), every):
            inside = service.home if path.is_relative_to(service.home) else service.scratch
            places[f"file {path.relative_to(inside)}"] = found
    if found := _found(said, every):
        places["printed and logged"] = found
    for reply in replies:
        if reply.status >= 400 or reply.route == "GET /metrics":
            found = _found(reply.body.encode(), every)
        elif reply.staff:
            continue  # the shop's people see the shop's rows
        else:
            others = {
                f"{p.id} {kind}": t for p in PERSONS if p.id != reply.person for kind, t in p.canaries.items()
            }
            found = _found(reply.body.encode(), others)
        if found:
            places.setdefault(f"{reply.status} {reply.route}", []).extend(
                f for f in found if f not in places.get(f"{reply.status} {reply.route}", [])
            )
    return places


def _of(person: str) -> Mapping[str, str]:
    return next((p.canaries for p in PERSONS if p.id == person), {})


def _found(data: bytes, wanted: Mapping[str, str]) -> list[str]:
    """Names of the texts that are in the bytes, in any form that a program of ours writes."""
    return [name for name, text in wanted.items() if any(form in data for form in _forms(text))]


def _forms(text: str) -> Iterator[bytes]:
    from urllib.parse import quote

    yield text.encode()
    yield text.encode("utf-16-le")
    yield ascii(text)[1:-1].encode()
    yield ascii(text)[1:-1].replace("\\", "\\\\").encode()
    yield quote(text).encode()
    if text.isascii():
        return
    yield text.encode("gbk")


def _outside(events: Sequence[tuple[str, Sequence[str]]], allowed: Sequence[str]) -> Iterator[str]:
    for event, said in events:
        line = f"{event} {' '.join(said)}"
        if event == "socket.bind" and any(f"'{own}" in line for own in ("127.", "::1", "/")):
            continue
        if not line.startswith(tuple(allowed) or ("\0",)):
            yield line[:200]


def _watch_kernel(pid: int, found: set[str], stop: threading.Event) -> None:
    """Every remote end that a socket of that process has, but loopback; looked at twenty times a second."""
    while not stop.wait(0.05):
        try:
            sockets = {
                os.readlink(fd)[8:-1]
                for fd in Path(f"/proc/{pid}/fd").iterdir()
                if os.readlink(fd).startswith("socket:[")
            }
            for table in ("tcp", "tcp6", "udp", "udp6"):
                for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                    parts = line.split()
                    remote = parts[2].rpartition(":")[0]
                    if parts[9] in sockets and not _is_here(remote):
                        found.add(f"kernel {table} {parts[2]}")
        except OSError:
            continue


def _is_here(remote: str) -> bool:
    """Of the kernel's hexadecimal, bytes of each word reversed: nowhere, 127.0.0.0/8 (also mapped into IPv6), or ::1."""
    four = remote.removeprefix("0000000000000000FFFF0000")
    return (
        not remote.strip("0") or (len(four) == 8 and four.endswith("7F")) or remote == f"{'0' * 24}01000000"
    )


def _wait(url: str, child: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if child.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/readyz", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise StorageError(
        Text("服务没有起来。", "The service did not start."),
        Text("单独运行 mingbai run --rehearse 看看。", "Try mingbai run --rehearse by itself."),
    )
