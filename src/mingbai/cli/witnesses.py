"""Who witnesses this home's log, and whose logs this home witnesses: two files of lines, and the asking.

`receipts/witnesses` holds a line for each witness of ours: its address, its public key, `inside` if it stands in the
shop's own network. `witness/logs` holds the public keys of logs that we sign for. Both are read at every use.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mingbai.receipt import note, signing
from mingbai.receipt.note import WITNESS_KEY, BrokenNote, Signer, Verifier
from mingbai.receipt.witness import Post, Reply, Witness, ask
from mingbai.values.errors import BadInput, MingbaiError, Text

if TYPE_CHECKING:
    from mingbai.receipt.log import TileLog

STREAM = "witness"
EVERY_SECONDS = 60.0
MOST_REPLY_BYTES = 64 * 1024
WAIT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Known:
    """A witness of our log: what it is called, where it is asked."""

    url: str
    key: Verifier
    inside: bool = False

    def __str__(self) -> str:
        return f"{self.url} {self.key}" + (" inside" if self.inside else "")


def of(home: Path) -> list[Known]:
    """The witnesses of this home's log."""
    found = []
    for line in _lines(home / "receipts" / "witnesses"):
        url, _, rest = line.partition(" ")
        key, _, inside = rest.partition(" ")
        found.append(Known(url, parsed(key, WITNESS_KEY), inside == "inside"))
    return found


def add(home: Path, known: Known) -> None:
    """Raises `BadInput` for an address that cannot be one."""
    from mingbai.models.egress import Way

    try:
        Way.to(known.url)
    except ValueError:
        raise _bad(known.url) from None
    if not known.url.startswith("https://") and not known.inside:
        raise _bad(known.url)
    _append(home / "receipts" / "witnesses", str(known))


def trusted(home: Path) -> list[Verifier]:
    """The logs that this home signs for."""
    return list(note.keys(list(_lines(home / STREAM / "logs"))))


def trust(home: Path, key: Verifier) -> None:
    _append(home / STREAM / "logs", str(key))


def signer(home: Path) -> Signer:
    """This home as a witness of others: a key of its own, for nothing else."""
    return signing.signer(home / STREAM / "keys", STREAM, WITNESS_KEY)


def parsed(line: str, kind: int) -> Verifier:
    try:
        key = Verifier.parse(line)
    except BrokenNote:
        key = None
    if key is None or key.kind != kind:
        what = Text("见证人", "a witness") if kind == WITNESS_KEY else Text("日志", "a log")
        raise BadInput(
            Text(
                f"这不是{what.zh}的公钥：{line[:80]!r}。",
                f"This is no public key of {what.en}: {line[:80]!r}.",
            ),
            Text(
                "请向对方要 名称+编号+密钥 这样的一行。",
                "Ask for the line of its name, id and key, joined by +.",
            ),
        )
    return key


def door(home: Path, now: Callable[[], int] = lambda: int(time.time())) -> Callable[[bytes], Reply]:
    """What `POST …/add-checkpoint` does here. What was seen lies in a file; a log that is trusted later is known at once."""

    def add_checkpoint(request: bytes) -> Reply:
        logs = trusted(home)
        if not logs:
            return Reply(404)
        return Witness(home / STREAM / "seen.db", signer(home), logs, now).add_checkpoint(request)

    return add_checkpoint


def ask_all(home: Path, log: TileLog) -> Iterator[tuple[Known, int | MingbaiError]]:
    """The newest checkpoint, one and the same, signed by every witness: the size signed, or why not."""
    checkpoint = log.checkpoint()
    for known in of(home):
        try:
            yield known, ask(log, poster(known), known.key, checkpoint=checkpoint)
        except MingbaiError as e:
            yield known, e


def poster(known: Known) -> Post:
    """Speaks to that witness and to nobody else; a reply that does not end is cut."""
    import httpx

    from mingbai.models.egress import Egress, OutBlocking, Way

    def post(body: bytes) -> tuple[int, bytes]:
        out = OutBlocking(Egress((Way.to(known.url, inside=known.inside),)))
        with (
            httpx.Client(transport=out, timeout=WAIT_SECONDS) as client,
            client.stream("POST", f"{known.url.rstrip('/')}/add-checkpoint", content=body) as reply,
        ):
            found = b""
            for piece in reply.iter_bytes():
                found += piece
                if len(found) > MOST_REPLY_BYTES:
                    break
            return reply.status_code, found

    def told(body: bytes) -> tuple[int, bytes]:
        try:
            return post(body)
        except httpx.HTTPError as e:
            raise MingbaiError(
                Text(f"问不到见证人 {known.key.name}（{type(e).__name__}）。", f"The witness {known.key.name} does not answer ({type(e).__name__})."),
                Text("过一会再试；收据仍然有效，只是少一个见证。", "Try again later; receipts hold all the same, with one witness less."),
            ) from None  # fmt: skip

    return told


@asynccontextmanager
async def asking(home: Path, log: TileLog, failed: Callable[[str], None]) -> AsyncIterator[None]:
    """While the block runs, every minute in which the log has grown."""
    task = asyncio.create_task(_keep_asking(home, log, failed))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_asking(home: Path, log: TileLog, failed: Callable[[str], None]) -> None:
    """`failed` is told the names of witnesses that have not signed."""
    seen = -1
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        size = await asyncio.to_thread(log.size)
        if size == seen or not of(home):
            continue
        results = await asyncio.to_thread(lambda: list(ask_all(home, log)))
        for known, result in results:
            if isinstance(result, MingbaiError):
                failed(known.key.name)
        if all(isinstance(result, int) for _, result in results):
            seen = size


def _lines(file: Path) -> Iterator[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    yield from (line for line in text.split("\n") if line and not line.startswith("#"))


def _append(file: Path, line: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if line in _lines(file):
        return
    with file.open("a", encoding="utf-8") as out:
        out.write(f"{line}\n")


def _bad(url: str) -> BadInput:
    return BadInput(
        Text(f"不能用这个地址：{url[:200]}。", f"This address will not do: {url[:200]}."),
        Text("写成 https://主机/路径；在店铺自己网络里的加 --inside。", "Write https://host/path; with --inside for one in the shop's own network."),
    )  # fmt: skip
