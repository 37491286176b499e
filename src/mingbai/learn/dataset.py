"""A dataset is a folder: `rows.parquet`, and `manifest.json` in which every row names its consent or licence.

What persons said lies in the Parquet file sealed under their keys, as everywhere: destroying a key takes their rows out of
every copy. The digest is over the rows as they were, not over the sealed bytes: the same rows give the same digest.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, cast

from mingbai.learn.rows import Agreed, Ground, Licensed, Row
from mingbai.learn.select import PURPOSE, Selection
from mingbai.receipt import canonical
from mingbai.values.errors import BadInput, NotBuilt, NotFound, Text
from mingbai.values.json import JsonObject

ROWS, MANIFEST = "rows.parquet", "manifest.json"
TEACHER = "teacher-"  # files of `opinions`, which go with the rows that they are of
WORDS = ("text", "completion", "rejected")


class Seals(Protocol):
    """The vault, as this file sees it."""

    def seal_many(self, many: Sequence[tuple[str, bytes, bytes]]) -> list[bytes]: ...

    def open_many(self, many: Sequence[tuple[bytes, bytes]]) -> list[bytes | None]: ...


@dataclass(frozen=True, slots=True)
class Dataset:
    """`unreadable`: rows of persons whose key was destroyed since."""

    folder: Path
    digest: str
    rows: tuple[Row, ...] = field(repr=False)
    manifest: JsonObject = field(repr=False)
    unreadable: int = 0

    def part(self, part: str, task: str = "intent") -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.part == part and row.task == task)


def digest_of(rows: Sequence[Row]) -> str:
    """A row's id covers its words; the manifest's line about it the rest."""
    said: JsonObject = {"v": 1, "rows": [_line(row) for row in sorted(rows, key=lambda it: it.id)]}
    return hashlib.sha256(canonical.dumps(said)).hexdigest()


def write(
    folder: Path, selection: Selection, shop: str, vault: Seals, now: datetime | None = None
) -> Dataset:
    """Into `folder`, which is named after what it holds; there already, it is left as it is. Raises `NotBuilt` without pyarrow."""
    rows = sorted(selection.rows, key=lambda it: it.id)
    if not rows:
        raise BadInput(
            Text(
                "没有一行可用：没有生效的同意，也没有许可。",
                "No row may be used: no live consent, no licence.",
            ),
            Text("看 mingbai learn rows --why。", "See mingbai learn rows --why."),
        )
    digest = digest_of(rows)
    place = folder / f"{shop}-{digest[:12]}"
    if (place / MANIFEST).is_file() and (place / ROWS).is_file():
        return read(place, vault)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    data = _packed(rows, selection, vault)
    agreed = {row.ground.consent: row.ground for row in rows if isinstance(row.ground, Agreed)}
    manifest: JsonObject = {
        "v": 1, "name": place.name, "shop": shop, "purpose": PURPOSE, "digest": digest,
        "made": (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        "files": [{"name": ROWS, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}],
        "counts": counts(rows),
        "left_out": dict(selection.left_out),
        "consents": [
            {"consent": it.consent, "subject": it.subject, "notice": it.notice, "version": it.version, "lang": it.lang,
             "region": it.region, "purpose": PURPOSE}
            for _, it in sorted(agreed.items())
        ],
        "licences": [
            {"licence": licence, "holder": holder}
            for licence, holder in sorted({(r.ground.licence, r.ground.holder) for r in rows if isinstance(r.ground, Licensed)})
        ],
        "masked": "permit/mask for_training, under the person's own key",
        "rows": [_line(row) for row in rows],
    }  # fmt: skip
    _put(place / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    _put(place / ROWS, data)  # after what says whose they are, so that a withdrawal always finds them
    return Dataset(place, digest, tuple(rows), manifest)


def read(folder: Path, vault: Seals) -> Dataset:
    """Raises `BadInput` where file, rows and manifest do not agree."""
    manifest = manifest_of(folder)
    data = (folder / ROWS).read_bytes()
    said = cast(list[dict[str, Any]], manifest["files"])[0]
    if hashlib.sha256(data).hexdigest() != said["sha256"]:
        raise _broken(folder)
    grounds = _grounds(manifest)
    raw = parquet().read_table(folder / ROWS).to_pylist()
    lines = {str(line["id"]): line for line in cast(list[dict[str, Any]], manifest["rows"])}
    if sorted(lines) != sorted(row["id"] for row in raw):
        raise _broken(folder)
    sealed = [(row["sealed"], _about(row["id"])) for row in raw if row["sealed"] is not None]
    opened = iter(vault.open_many(sealed))
    rows: list[Row] = []
    unreadable = 0
    for row in raw:
        words = {name: row[name] for name in WORDS}
        if row["sealed"] is not None:
            plain = next(opened)
            if plain is None:
                unreadable += 1
                continue
            words = json.loads(plain)
        line = lines[row["id"]]
        if line["ground"] not in grounds:
            raise _broken(folder)
        rows.append(
            Row(row["id"], row["task"], row["part"], row["lang"], source=row["source"], ground=grounds[line["ground"]],
                template=row["template"], **words)
        )  # fmt: skip
    made = Dataset(folder, str(manifest["digest"]), tuple(rows), manifest, unreadable)
    if not unreadable and digest_of(rows) != made.digest:
        raise _broken(folder)
    return made


def without(folder: Path, ended: Sequence[tuple[bytes, int]]) -> list[str]:
    """Delete the rows of each dataset in `folder` that stands on a consent of these, and what a teacher thought of them; which.
    Manifests stay, as they name nobody. `ended`: tag and number of every no, as `Consents.ended` gives them."""
    latest: dict[str, int] = {}
    for subject, seq in ended:
        latest[subject.hex()] = seq
    gone = []
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        if _sealed(place):
            try:
                consents = cast(list[dict[str, Any]], manifest_of(place)["consents"])
                saw = any(latest.get(it["subject"], 0) > it["consent"] for it in consents)
            except (ValueError, LookupError, NotFound):  # nobody can say whose they are
                saw = bool(latest)
            if saw:
                (place / ROWS).unlink(missing_ok=True)  # first: who writes opinions looks whether it is there
                for left in _sealed(place):
                    left.unlink(missing_ok=True)
                gone.append(place.name)
    return gone


def _sealed(place: Path) -> list[Path]:
    """Files with persons' words, or of them; those that a kill left half written too."""
    return [*place.glob(f"*{ROWS}"), *place.glob(f"*{TEACHER}*")]


def manifest_of(folder: Path) -> JsonObject:
    try:
        found: JsonObject = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise NotFound(
            Text(f"{folder} 不是数据集：没有 {MANIFEST}。", f"{folder} is no dataset: it has no {MANIFEST}."),
            Text("用 mingbai learn rows 做一个。", "Make one with mingbai learn rows."),
        ) from None
    return found


def counts(rows: Sequence[Row]) -> JsonObject:
    return {
        "rows": len(rows),
        "persons": len({row.subject for row in rows if row.subject}),
        **{
            name: dict(sorted(Counter(str(getattr(row, name)) for row in rows).items()))
            for name in ("part", "task", "lang", "source")
        },
        "ground": dict(sorted(Counter(str(row.ground).partition(":")[0] for row in rows).items())),
    }


def _line(row: Row) -> JsonObject:
    return {
        "id": row.id, "ground": str(row.ground), "subject": row.subject, "task": row.task, "part": row.part,
        "lang": row.lang, "source": row.source,
    }  # fmt: skip


def _grounds(manifest: JsonObject) -> dict[str, Ground]:
    found: dict[str, Ground] = {}
    for it in cast(list[dict[str, Any]], manifest["consents"]):
        agreed = Agreed(it["consent"], it["subject"], it["notice"], it["version"], it["lang"], it["region"])
        found[str(agreed)] = agreed
    for it in cast(list[dict[str, Any]], manifest["licences"]):
        licensed = Licensed(it["licence"], it["holder"])
        found[str(licensed)] = licensed
    return found


def _put(file: Path, data: bytes) -> None:
    """Whole or not at all."""
    unfinished = file.with_name(f".{file.name}")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(data)
    unfinished.replace(file)


def _packed(rows: Sequence[Row], selection: Selection, vault: Seals) -> bytes:
    import pyarrow

    words = {row.id: {name: str(getattr(row, name)) for name in WORDS} for row in rows}
    personal = [row for row in rows if row.subject]
    sealed = dict(
        zip(
            (row.id for row in personal),
            vault.seal_many(
                [
                    (selection.persons[row.subject], json.dumps(words[row.id]).encode(), _about(row.id))
                    for row in personal
                ]
            ),
            strict=True,
        )
    )
    columns: dict[str, list[object]] = {
        name: [getattr(row, name) for row in rows]
        for name in ("id", "task", "part", "lang", "source", "template")
    }
    columns["ground"] = [str(row.ground) for row in rows]
    columns |= {name: [None if row.subject else words[row.id][name] for row in rows] for name in WORDS}
    columns["sealed"] = [sealed.get(row.id) for row in rows]
    shape = [(name, pyarrow.binary() if name == "sealed" else pyarrow.string()) for name in columns]
    into = io.BytesIO()
    parquet().write_table(pyarrow.table(columns, schema=pyarrow.schema(shape)), into)
    return into.getvalue()


def _about(row_id: str) -> bytes:
    return b"row " + row_id.encode()


def parquet() -> Any:
    try:
        from pyarrow import parquet as found
    except ImportError:
        raise NotBuilt(
            Text("这里没有装学习用的包。", "What learning needs is not installed here."),
            Text("运行 make learn。", "Run make learn."),
        ) from None
    return found


def _broken(folder: Path) -> BadInput:
    return BadInput(
        Text(
            f"数据集 {folder.name} 和它的清单对不上。",
            f"Dataset {folder.name} is not what its manifest says.",
        ),
        Text("删掉它，用 mingbai learn rows 重做。", "Delete it, and make it anew with mingbai learn rows."),
    )
