"""Which adapters serve: `adapters/serving.json` in the home, by name; each file lies beside it under its digest.

`learn` decides who comes in and who goes; the engine looks at the list four times a second and asks nobody. A name is a shop and a
purpose, as `tea/understand`. What was learned on top of one stands beside it under a name that goes on from its, as
`tea/understand.7`, and is put over the base together with that very one and no other. Not covered: whether an adapter is any good; that is the gate's word, kept in the log of builds.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mingbai.values.errors import BadInput, Text, WrongDigest

NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}/[a-z0-9][a-z0-9_.-]{0,63}")
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Adapter:
    """One that serves. `base_sha256` is the digest of the only weights that it may be put over; `over`, of the only adapter that it
    stands beside, if it was learned on top of one."""

    name: str
    path: Path
    sha256: str
    base_sha256: str
    over: str = ""

    def read(self) -> bytes:
        """The file's bytes. Raises `WrongDigest` if they are not those that were admitted, or are gone."""
        data = self.path.read_bytes() if self.path.exists() else b""
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise WrongDigest(
                Text(
                    f"适配器 {self.name} 的文件变了或不见了。",
                    f"The file of adapter {self.name} changed or is gone.",
                ),
                Text("请重新训练，或退回上一个。", "Train it again, or roll back to the one before."),
            )
        return data


def together(listed: Mapping[str, Adapter], name: str, loaded: Collection[str]) -> str:
    """The digest of the one that serves under this name, and of those learned on top of it, with + between; "": none that is loaded."""
    main = listed.get(name)
    if main is None or main.sha256 not in loaded:
        return ""
    beside = {
        it.sha256
        for it in listed.values()
        if it.name.startswith(f"{name}.") and it.over == main.sha256 and it.sha256 in loaded
    }
    return "+".join((main.sha256, *sorted(beside)))


def serving(home: Path) -> dict[str, Adapter]:
    """By name. A list that cannot be read is an empty one: then the base model answers."""
    try:
        listed = json.loads(_list(home).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    found = {}
    for name, entry in listed.items() if isinstance(listed, dict) else ():
        match entry:
            case {"sha256": str(sha256), "base_sha256": str(base)} if SHA256.fullmatch(sha256):
                found[name] = Adapter(name, _file(home, sha256), sha256, base, str(entry.get("over", "")))
    return found


def admit(home: Path, name: str, file: Path, base_sha256: str, over: str = "") -> Adapter:
    """Let a copy of this file serve under this name, instead of the one before. The engine has it some seconds later."""
    if not NAME.fullmatch(name):
        raise BadInput(
            Text(f"适配器名 {name} 不合适。", f"{name} is no name for an adapter."),
            Text(
                "要写成 店铺/用途，例如 tea/understand。", "Write SHOP/PURPOSE, for example tea/understand."
            ),
            param="name",
        )
    data = file.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    adapter = Adapter(name, _file(home, sha256), sha256, base_sha256, over)
    with _changing(home) as now:
        if not adapter.path.exists():
            _write(adapter.path, data)
        now[name] = adapter
    return adapter


def take_out(home: Path, name: str) -> Adapter | None:
    """The name serves no more; from the engine's next look the base model answers. The one that served, if any did."""
    with _changing(home) as now:
        return now.pop(name, None)


def forget(home: Path, sha256: str) -> None:
    """Delete the copy of one that serves under no name any more."""
    with _changing(home) as now:
        if all(adapter.sha256 != sha256 for adapter in now.values()):
            _file(home, sha256).unlink(missing_ok=True)


def _folder(home: Path) -> Path:
    return home / "adapters"


def _list(home: Path) -> Path:
    return _folder(home) / "serving.json"


def _file(home: Path, sha256: str) -> Path:
    return _folder(home) / f"{sha256}.gguf"


@contextmanager
def _changing(home: Path) -> Iterator[dict[str, Adapter]]:
    """The list under a lock; what is in it at the end is what serves."""
    _folder(home).mkdir(parents=True, exist_ok=True, mode=0o700)
    with (_folder(home) / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        now = serving(home)
        yield now
        _write(_list(home), _listed(now))


def _listed(now: Mapping[str, Adapter]) -> bytes:
    entries = {
        name: {"sha256": a.sha256, "base_sha256": a.base_sha256, **({"over": a.over} if a.over else {})}
        for name, a in sorted(now.items())
    }
    return json.dumps(entries, indent=1).encode() + b"\n"


def _write(path: Path, data: bytes) -> None:
    """Appears whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
