"""A log that can only grow: entries, the tree over them in tiles (C2SP tlog-tiles, height 8), and a signed checkpoint.

One SQLite file. Entries, tiles and checkpoint change in one transaction: a kill at any moment leaves the log as it was
before or after, and what `append` returned is in it. Against a power cut `sync` puts it on the disk, and no checkpoint
leaves by `checkpoint` before that: a log that forgot what it had signed would fork. Several processes may append.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from mingbai.receipt import merkle, note
from mingbai.receipt.atomic import opened, to_disk, written
from mingbai.receipt.merkle import HASH_BYTES, leaf_hash
from mingbai.receipt.note import Checkpoint, Signer, Verifier
from mingbai.values.errors import BadInput, NotFound, Text

HEIGHT = 8
WIDTH = 1 << HEIGHT
TILES_KEPT = 64  # whole tiles kept in memory, 8 KiB each
NODES_KEPT = 4096  # hashes of complete subtrees
TABLES = """
CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tile (level INTEGER, at INTEGER, hashes BLOB NOT NULL, PRIMARY KEY (level, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint (only INTEGER PRIMARY KEY CHECK (only = 0), size INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cosigned (only INTEGER PRIMARY KEY CHECK (only = 0), size INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_is_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""


class TileLog:
    """The log named `signer.name`. Threads share one: a lock keeps their statements apart."""

    def __init__(self, path: Path, signer: Signer) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.signer = signer
        self.path = path
        self._lock = Lock()
        self._whole: OrderedDict[tuple[int, int], bytes] = OrderedDict()  # whole tiles never change
        self._nodes: OrderedDict[tuple[int, int], bytes] = OrderedDict()  # nor do complete subtrees
        self._settled = 0  # the size up to which a rollback can take nothing back
        self._synced = -1  # the size that is surely on the disk
        self._db = opened(path)
        self._db.executescript(TABLES)
        with self._writing():
            if self._size() == 0 and self._note() == "":
                self._sign(0)
        origin = note.read_checkpoint(note.read(self._note()).text).origin
        if (
            origin != signer.name
        ):  # one tree under two names: none of its older receipts would verify any more
            self._db.close()
            raise BadInput(
                Text(
                    f"{path.name} 是日志 {origin}，不是 {signer.name}。",
                    f"{path.name} is the log {origin}, not {signer.name}.",
                ),
                Text("请从备份恢复 keys 目录。", "Restore its folder of keys from a backup."),
            )

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def append(self, entries: Sequence[tuple[str, bytes]]) -> range:
        """Entries with a name each, that no other has; gives their numbers, from 0. All of them are in, and the
        checkpoint covers them, when this returns."""
        with self._writing():
            first = self._settled = self._size()
            self._db.executemany(
                "INSERT INTO entry (seq, name, body) VALUES (?, ?, ?)",
                ((seq, name, body) for seq, (name, body) in enumerate(entries, first)),
            )
            self._grow(first, [leaf_hash(body) for _, body in entries])
            self._sign(first + len(entries))
        return range(first, first + len(entries))

    def sync(self) -> None:
        """Returns when all that was appended is on the disk itself. Blocks for some milliseconds."""
        with self._lock:
            size = self._size()
            if size <= self._synced:
                return
        to_disk(self.path)
        self._synced = size

    def size(self) -> int:
        with self._lock:
            return self._size()

    def find(self, name: str) -> int | None:
        """The number of the entry of that name."""
        with self._lock:
            row = self._db.execute("SELECT seq FROM entry WHERE name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    def names(self, last: int) -> list[str]:
        """Of the entries before `last`."""
        with self._lock:
            rows = self._db.execute("SELECT name FROM entry WHERE seq < ? ORDER BY seq", (last,))
            return [row[0] for row in rows]

    def entry(self, seq: int) -> bytes:
        with self._lock:
            row = self._db.execute("SELECT body FROM entry WHERE seq = ?", (seq,)).fetchone()
        if row is None:
            raise NotFound(
                Text(f"日志里没有第 {seq} 条。", f"The log has no entry {seq}."),
                Text("请看 mingbai receipts log。", "See: mingbai receipts log."),
            )
        body: bytes = row[0]
        return body

    def entries(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """From `first` up to `last`, which is left out."""
        for seq in range(first, self.size() if last is None else last):
            yield self.entry(seq)

    def checkpoint(self) -> str:
        """The newest signed note over the whole log, once what it covers is on the disk."""
        with self._lock:
            newest = self._note()
        self.sync()
        return newest

    def cosign(self, checkpoint: str, lines: str) -> None:
        """Keep a checkpoint with what its witnesses wrote under it, beside what others wrote under the same one,
        unless a later one is kept."""
        whole = checkpoint + lines
        size = note.read_checkpoint(note.read(whole).text).size
        with self._writing():
            row = self._db.execute("SELECT size, note FROM cosigned").fetchone()
            if row is not None and row[0] > size:
                return
            whole = note.merged(whole, row[1] if row else whole)
            self._db.execute("INSERT OR REPLACE INTO cosigned VALUES (0, ?, ?)", (size, whole))

    def cosigned(self) -> str:
        """The newest checkpoint that witnesses have signed; empty when none has."""
        with self._lock:
            row = self._db.execute("SELECT note FROM cosigned").fetchone()
        return str(row[0]) if row else ""

    def root(self, size: int) -> bytes:
        """Raises ValueError where `size` is not yet reached."""
        with self._lock:
            self._reached(size)
            return merkle.root(self._node, size)

    def inclusion(self, seq: int, size: int) -> tuple[bytes, ...]:
        """Raises ValueError where `size` is not yet reached, or `seq` not under it."""
        with self._lock:
            self._reached(size)
            return merkle.inclusion(self._node, seq, size)

    def consistency(self, old: int, size: int) -> tuple[bytes, ...]:
        with self._lock:
            self._reached(size)
            return merkle.consistency(self._node, old, size)

    def tile(self, level: int, at: int) -> bytes:
        """Up to 256 hashes in a row, as tlog-tiles serves them; empty where there is none."""
        with self._lock:
            return self._tile(level, at)

    def faults(self, older: Sequence[Verifier] = ()) -> list[str]:
        """What does not hold when everything is computed again from the entries; empty: the log is whole. Slow.
        `older`: keys that signed this log before its present one."""
        with self._lock:
            self._nodes.clear()  # from the file itself, not from what is remembered of it
            self._whole.clear()
            size = self._size()
            found = [] if self._count() == size else ["an entry is missing"]
            leaves = [leaf_hash(row[0]) for row in self._db.execute("SELECT body FROM entry ORDER BY seq")]
            signed = note.read(self._note())
            checkpoint = note.read_checkpoint(signed.text)
            if all(signed.signed_by(key) is None for key in (self.signer.verifier, *older)):
                found.append("the checkpoint is not signed by this log's key")
            if checkpoint.size != size:
                found.append("the checkpoint is of another size")
            if (
                merkle.root(
                    lambda level, at: merkle.fold(leaves[at << level : (at + 1) << level]), len(leaves)
                )
                != checkpoint.root
            ):
                found.append("the entries do not give the checkpoint's root")
            try:
                tiled = merkle.root(self._node, size)
            except IndexError:  # a tile is missing or cut short
                tiled = b""
            if tiled != checkpoint.root:
                found.append("the tiles do not give the checkpoint's root")
            if not found and any(
                self._tile(0, first // WIDTH) != b"".join(leaves[first : first + WIDTH])
                for first in range(0, len(leaves), WIDTH)
            ):
                found.append("a tile does not hold the hashes of its entries")
        return found

    def _grow(self, first: int, hashes: Sequence[bytes]) -> None:
        """Put hashes into a level's tiles from number `first` on; every tile that gets whole adds one a level up."""
        level, new = 0, list(hashes)
        while new:
            risen: list[bytes] = []
            at, within = divmod(first, WIDTH)
            done = 0
            while done < len(new):
                part = new[done : done + WIDTH - within]
                whole = self._tile(level, at)[: within * HASH_BYTES] + b"".join(part)
                self._db.execute("INSERT OR REPLACE INTO tile VALUES (?, ?, ?)", (level, at, whole))
                if len(whole) == WIDTH * HASH_BYTES:
                    risen.append(merkle.fold(_cut(whole)))
                done, at, within = done + len(part), at + 1, 0
            level, first, new = level + 1, first // WIDTH, risen

    def _node(self, level: int, at: int) -> bytes:
        """The hash of a complete subtree, from the tile in which its widest stored hashes stand."""
        kept = self._nodes.get((level, at))
        if kept is not None:
            return kept
        row, height = divmod(level, HEIGHT)
        begin = (at << height) % WIDTH
        tile = self._tile(row, (at << height) // WIDTH)
        found = merkle.fold(_cut(tile[begin * HASH_BYTES : (begin + (1 << height)) * HASH_BYTES]))
        if height and (at + 1) << level <= self._settled:
            self._nodes[level, at] = found
            if len(self._nodes) > NODES_KEPT:
                self._nodes.popitem(last=False)
        return found

    def _tile(self, level: int, at: int) -> bytes:
        kept = self._whole.get((level, at))
        if kept is not None:
            self._whole.move_to_end((level, at))
            return kept
        row = self._db.execute("SELECT hashes FROM tile WHERE level = ? AND at = ?", (level, at)).fetchone()
        found: bytes = row[0] if row else b""
        if len(found) == WIDTH * HASH_BYTES and not self._db.in_transaction:
            self._whole[level, at] = found
            if len(self._whole) > TILES_KEPT:
                self._whole.popitem(last=False)
        return found

    def _sign(self, size: int) -> None:
        text = str(Checkpoint(self.signer.name, size, merkle.root(self._node, size)))
        self._db.execute(
            "INSERT OR REPLACE INTO checkpoint VALUES (0, ?, ?)", (size, note.write(text, [self.signer]))
        )

    def _note(self) -> str:
        row = self._db.execute("SELECT note FROM checkpoint").fetchone()
        return str(row[0]) if row else ""

    def _size(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(seq) + 1, 0) FROM entry").fetchone()[0])

    def _count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM entry").fetchone()[0])

    def _reached(self, size: int) -> None:
        if size > self._size():
            raise ValueError(f"the log has not reached {size} entries")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, written(self._db):
            yield


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES)]
