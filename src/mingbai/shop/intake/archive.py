"""Zip files (.xlsx, .docx) and the XML in them, read within limits: no bombs, no entities, no outside references."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn, Protocol
from xml.parsers import expat

from mingbai.shop.intake.rows import refused, too_large
from mingbai.values.errors import BadInput

# XML of spreadsheets shrinks to a twentieth; what unpacks to two hundred times its size did not come from a shop.
_RATIO = 200
_ALWAYS_BYTES = 64 * 1024 * 1024
_NEVER_BYTES = 1024 * 1024 * 1024
_ENTRY_LIMIT = 10_000
_CHUNK_BYTES = 256 * 1024
_DEPTH_LIMIT = 200


class Archive:
    """Entries by name. How much they may unpack to together is counted while they are read, whatever the headers claim."""

    def __init__(self, data: bytes) -> None:
        self._allowance = min(max(_ALWAYS_BYTES, _RATIO * len(data)), _NEVER_BYTES)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise _broken(error) from None
        if len(self._zip.namelist()) > _ENTRY_LIMIT:
            raise too_large("压缩包里的文件太多。", "There are too many files in the archive.")
        self._unpacked: dict[str, int] = {}  # an entry that is read again counts once
        self._names = {name.lstrip("/").lower(): name for name in self._zip.namelist()}

    def has(self, name: str) -> bool:
        return name.lstrip("/").lower() in self._names

    def names(self) -> list[str]:
        return [name for name in self._names.values() if not name.endswith("/")]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of an entry. Raises `BadInput` when it is broken, encrypted, missing or too big."""
        given = 0
        others = sum(size for entry, size in self._unpacked.items() if entry != name)
        try:
            with self._zip.open(self._names[name.lstrip("/").lower()]) as entry:
                while chunk := entry.read(_CHUNK_BYTES):
                    given += len(chunk)
                    self._unpacked[name] = max(given, self._unpacked.get(name, 0))
                    if others + given > self._allowance:
                        raise too_large("解压后太大。", "It is too large when unpacked.")
                    yield chunk
        except KeyError:
            raise _broken(f"{name} is missing") from None
        except (
            zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
        ) as error:  # fmt: skip
            raise _broken(error) from None

    def whole(self, name: str) -> bytes:
        return b"".join(self.chunks(name))


class Handler(Protocol):
    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def parse(chunks: Iterator[bytes], handler: Handler) -> Iterator[None]:
    """Feed XML to the handler, names without their prefix; gives way after each chunk. Raises `BadInput`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH_LIMIT:
            raise _broken("nested too deep")
        handler.start(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(name.rpartition(":")[2])

    def no_doctype(*_: object) -> NoReturn:
        raise _broken("it declares a document type")  # entities and outside references live there

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = no_doctype
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _broken(error) from None
    yield


def parse_whole(data: bytes, handler: Handler) -> None:
    for _ in parse(iter([data]), handler):
        pass


def attribute(attributes: dict[str, str], name: str) -> str:
    """By its local name, whatever the prefix; empty when absent."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _broken(why: object) -> BadInput:
    return refused(
        f"文件是坏的或被加密了（{why!s:.100}）。",
        f"The file is broken or encrypted ({why!s:.100}).",
        "请在表格或文字软件中打开它，取消密码，另存一份再导入。",
        "Open it in the program that made it, remove the password, and save it again.",
    )
