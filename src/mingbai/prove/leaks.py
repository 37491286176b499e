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
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from mingbai.prove.canaries import PERSONS, PHRASE
from mingbai.prove.traffic import Reply, Traffic
from mingbai.values.errors import StorageError, Text

START_SECONDS = 240.0


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
        replies=dict(Counter(f"{r.status // 100}xx" for r in traffic.replies)),  # asdict mangles a Counter
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
