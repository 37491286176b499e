"""The index of one shop on disk: a manifest that names segments. Any process may read it, one at a time writes.

1. A writer holds the lock file, writes a new segment (whole, synced), then a new manifest by renaming it into place.
2. A reader maps the segments that the manifest names. Segments no longer named are deleted; a mapped one lives on.
3. After kill -9 the old manifest holds; a stray file is swept by the next writer. A torn segment or manifest makes the index
   empty, and an empty index is made again from the rows.

What a removed row left in a segment is gone from the disk when `apply` returns; of a changed row, when segments are merged.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mingbai.shop.search import container
from mingbai.shop.search import segment as segments
from mingbai.shop.search.container import Torn
from mingbai.shop.search.deep import Shelf
from mingbai.shop.search.deep import shelf as make_shelf
from mingbai.shop.search.document import Document, Kind
from mingbai.shop.search.encoder import Encoder
from mingbai.shop.search.rank import Living
from mingbai.shop.search.segment import Segment
from mingbai.values.errors import Busy, Text

VERSION = 3  # of what terms and segments hold: a new one makes every index again
MANIFEST = "index.json"
AT_MOST = 6  # segments, before the small ones are merged
CHUNK = 2000  # documents of one segment while a shop is indexed whole


@dataclass(frozen=True, slots=True)
class State:
    """What a reader sees. `seq` is the shop's last change that is in it, 0 when nothing is; `mark` tells manifests apart."""

    seq: int
    living: tuple[Living, ...]
    files: tuple[str, ...] = ()
    shelf: Shelf | None = None
    shelf_file: str = ""
    mark: tuple[int, int] = (0, 0)

    @property
    def documents(self) -> int:
        return sum(int(part.alive.sum()) for part in self.living)


EMPTY = State(0, ())


class Index:
    """`folder` is made when something is written."""

    def __init__(self, home: Path, shop: str, source: str, encoder: Encoder) -> None:
        self.folder = home / "search" / hashlib.sha256(f"{source}\n{shop}".encode()).hexdigest()[:24]
        self._shop = shop
        self._encoder = encoder
        self._state = EMPTY

    def state(self) -> State:
        """The newest state that is whole. A manifest that has not changed is not read again."""
        try:
            stat = (self.folder / MANIFEST).stat()
        except FileNotFoundError:
            self._state = EMPTY
            return EMPTY
        mark = (stat.st_mtime_ns, stat.st_ino)
        if mark != self._state.mark:
            self._state = self._read(mark)
        return self._state

    def _read(self, mark: tuple[int, int], tries: int = 3) -> State:
        import numpy as np

        try:
            manifest = json.loads((self.folder / MANIFEST).read_bytes())
            if (
                manifest["version"] != VERSION
                or manifest["encoder"] != self._encoder.name
                or manifest["shop"] != self._shop
            ):
                return replace(EMPTY, mark=mark)
            before = dict(zip(self._state.files, self._state.living, strict=True))
            living = []
            for entry in manifest["segments"]:
                known = before.get(entry["file"])
                found = known.segment if known else segments.read(self.folder / entry["file"])
                alive = np.ones(len(found), np.bool_)
                alive[entry["dead"]] = False
                living.append(Living(found, alive))
            file = manifest["deep"]
            known_shelf = self._state.shelf if file == self._state.shelf_file else None
            shelf = known_shelf or (Shelf(container.read(self.folder / file)[1]) if file else None)
        except (Torn, ValueError, KeyError, TypeError, IndexError, OSError):
            if tries and (self.folder / MANIFEST).exists():  # a writer may have swept what was just named
                time.sleep(0.01)
                return self._read(mark, tries - 1)
            return replace(EMPTY, mark=mark)
        return State(
            manifest["seq"], tuple(living), tuple(e["file"] for e in manifest["segments"]), shelf, file, mark
        )

    @contextmanager
    def writing(self, wait_seconds: float) -> Iterator[None]:
        """Hold the lock. Raises `Busy` when another process holds it for longer."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        end = time.monotonic() + wait_seconds
        with (self.folder / "lock").open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= end:
                        raise _busy() from None
                    time.sleep(0.02)
            yield

    def apply(self, documents: Sequence[Document], gone: set[tuple[Kind, str]], seq: int) -> None:
        """Put documents in the place of their former selves and take `gone` out. Call it while `writing`."""
        state = self.state()
        living, files = [], list(state.files)
        for number, part in enumerate(state.living):
            alive = part.alive.copy()
            alive[part.segment.places([*gone, *((d.kind, d.key) for d in documents)])] = False
            now = Living(part.segment, alive)
            if len(part.segment.places(gone)):  # what was removed must leave the disk
                now, files[number] = _compact(now), ""
            living.append(now)
        if documents:
            living.append(Living(self._made(documents, state), _all(len(documents))))
            files.append("")
        self._write(seq, *_merged(living, files), *self._swept(state, living, forced=bool(gone)))

    def remake(self, documents: Iterator[Document], seq: int) -> None:
        """The whole shop anew. Vectors of texts that have not changed are kept. Call it while `writing`."""
        state = self.state()
        living: list[Living] = []
        chunk: list[Document] = []
        for document in documents:
            chunk.append(document)
            if len(chunk) == CHUNK:
                living.append(Living(self._made(chunk, state), _all(len(chunk))))
                chunk = []
        if chunk:
            living.append(Living(self._made(chunk, state), _all(len(chunk))))
        if len(living) > 1:
            living = [_compact(*living)]
        self._write(seq, living, [""] * len(living), *self._swept(state, living, forced=True))

    def _made(self, documents: Sequence[Document], state: State) -> Segment:
        import numpy as np

        passages = [p for d in documents for p in d.passages]
        hashes = [segments.text_hash(p) for p in passages]
        known = _vectors(state, hashes)
        fresh = {h: p for h, p in zip(hashes, passages, strict=True) if h not in known}
        made = dict(zip(fresh, self._encoder.encode(list(fresh.values())), strict=True))
        vectors = np.zeros((len(passages), self._encoder.dims), np.float32)
        for row, h in enumerate(hashes):
            vectors[row] = made[h] if h in made else known[h]
        return segments.build(documents, vectors, self._encoder.name)

    def fill(self, texts: Sequence[str], vectors: Any) -> None:
        """Put deep vectors beside those that are there and still meant. Call it while `writing`."""
        state = self.state()
        shelf = make_shelf(texts, vectors, state.shelf, _deep_texts(state.living))
        self._write(state.seq, state.living, state.files, shelf, "")

    def _swept(self, state: State, living: Sequence[Living], *, forced: bool) -> tuple[Shelf | None, str]:
        """The shelf without vectors of texts that are gone, when they must leave the disk."""
        import numpy as np

        if state.shelf is None or not forced:
            return state.shelf, state.shelf_file
        keep = _deep_texts(living)
        if np.isin(state.shelf.arrays["text"], keep).all():
            return state.shelf, state.shelf_file
        return make_shelf(
            (), np.zeros((0, state.shelf.arrays["vectors"].shape[1]), np.float32), state.shelf, keep
        ), ""

    def _write(
        self, seq: int, living: Sequence[Living], files: Sequence[str], shelf: Shelf | None, shelf_file: str
    ) -> None:
        import numpy as np

        entries = []
        for part, file in zip(living, files, strict=True):
            if not part.alive.any():
                continue
            name = file
            if not name:
                name = f"{secrets.token_hex(8)}.segment"
                segments.write(part.segment, self.folder / name)
            entries.append({"file": name, "dead": np.flatnonzero(~part.alive).tolist()})
        if shelf is not None and not shelf_file:
            shelf_file = f"{secrets.token_hex(8)}.deep"
            container.write(self.folder / shelf_file, {}, shelf.arrays)
        manifest = {
            "version": VERSION, "encoder": self._encoder.name, "shop": self._shop, "seq": seq, "segments": entries,
            "deep": shelf_file,
        }  # fmt: skip
        container.replace(self.folder / MANIFEST, [json.dumps(manifest, ensure_ascii=False).encode()])
        named = {shelf_file, *(entry["file"] for entry in entries)}
        for stray in [p for ending in ("segment", "deep", "part") for p in self.folder.glob(f"*.{ending}")]:
            if stray.name not in named:
                stray.unlink(missing_ok=True)

    def documents_of_skus(self, skus: set[str]) -> set[tuple[Kind, str]]:
        """The products that carry these SKUs as the index knows them: for variants that were removed or moved."""
        import numpy as np

        hashes = np.array([segments.hashed(sku) for sku in skus], np.uint64)
        found = set()
        for part in self.state().living:
            rows = part.segment.arrays["offer_doc"][np.isin(part.segment.arrays["offer_sku"], hashes)]
            found |= {
                (Kind.PRODUCT, part.segment.key(int(doc))) for doc in np.unique(rows) if part.alive[doc]
            }
        return found


def _merged(living: list[Living], files: list[str]) -> tuple[list[Living], list[str]]:
    """Small segments together, once there are too many; a large one only when a third of it is dead."""
    if len(living) <= AT_MOST:
        return living, files
    largest = max(len(part.segment) for part in living)
    small = [
        n for n, part in enumerate(living) if len(part.segment) <= largest / 4 or part.alive.mean() < 0.67
    ]
    if len(small) < 2:
        small = list(range(len(living)))
    kept = [n for n in range(len(living)) if n not in small]
    merged = _compact(*(living[n] for n in small))
    return [*(living[n] for n in kept), merged], [*(files[n] for n in kept), ""]


def _compact(*parts: Living) -> Living:
    made = segments.merge([(part.segment, part.alive) for part in parts])
    return Living(made, _all(len(made)))


def _deep_texts(living: Sequence[Living]) -> Any:
    """Hashes of the texts that the second encoder is to read, of what is alive."""
    import numpy as np

    found = [part.segment.arrays["deep_text"][part.alive[part.segment.arrays["deep_doc"]]] for part in living]
    return np.concatenate(found) if found else np.zeros(0, np.uint64)


def _all(count: int) -> Any:
    import numpy as np

    return np.ones(count, np.bool_)


def _vectors(state: State, hashes: Sequence[int]) -> dict[int, Any]:
    """The vectors of these texts, those that the index knows: a new price costs no encoding."""
    import numpy as np

    known: dict[int, Any] = {}
    wanted = np.array(hashes, np.uint64)
    for part in state.living:
        arrays = part.segment.arrays
        for row in np.flatnonzero(np.isin(arrays["passage_text"], wanted)):
            known[int(arrays["passage_text"][row])] = arrays["vectors"][row] * arrays["scale"][row]
    return known


def _busy() -> Busy:
    return Busy(
        Text("另一个进程正在更新搜索索引。", "Another process is updating the search index."),
        Text("请稍后再试。", "Try again in a moment."),
        retry_after_seconds=5,
    )
