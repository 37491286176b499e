"""The one reader of settings: defaults, then mingbai.toml, then the environment. Unknown keys are refused."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from mingbai.values.errors import SettingsError, Text
from mingbai.values.places import Place
from mingbai.values.settings import (
    EngineSettings,
    LearnSettings,
    ModelSettings,
    ServeSettings,
    Settings,
    ShopSettings,
    VaultSettings,
    Within,
)

# Environment variables, and the setting each one gives.
VARIABLES = {
    "MINGBAI_MODEL": ("models", "default"),
    "MINGBAI_WEIGHTS_DIR": ("models", "cache_dir"),
    "MINGBAI_HOST": ("serve", "host"),
    "MINGBAI_PORT": ("serve", "port"),
    "MINGBAI_ENGINE_BUILD": ("engine", "build"),
    "MINGBAI_ENGINE_THREADS": ("engine", "threads"),
    "MINGBAI_DATABASE": ("shop", "database"),
}
PACKAGES: dict[str, type] = {
    "models": ModelSettings,
    "engine": EngineSettings,
    "serve": ServeSettings,
    "shop": ShopSettings,
    "learn": LearnSettings,
    "vault": VaultSettings,
}


def load() -> Settings:
    """The settings in force. Raises `SettingsError` naming the key and where it stands."""
    return resolve(os.environ)[0]


def resolve(environ: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """The settings, and for each that is not a default where it came from."""
    base = Settings()
    home = Path(environ.get("MINGBAI_HOME") or base.home).expanduser().absolute()
    origin: dict[str, str] = {"home": "MINGBAI_HOME"} if environ.get("MINGBAI_HOME") else {}
    given: dict[str, dict[str, Any]] = {name: {} for name in PACKAGES}
    if environ.get("XDG_CACHE_HOME"):
        given["models"]["cache_dir"] = Path(environ["XDG_CACHE_HOME"]) / "mingbai" / "weights"
        origin["models.cache_dir"] = "XDG_CACHE_HOME"
    file = home / "mingbai.toml"
    for name, table in _tables(file).items():
        if name not in PACKAGES or not isinstance(table, dict):
            raise _unknown(name, file)
        for key, value in table.items():
            given[name][key] = _fitting(PACKAGES[name], key, value, f"{file}: {name}.{key}")
            origin[f"{name}.{key}"] = str(file)
    for variable, (name, key) in VARIABLES.items():
        if raw := environ.get(variable):
            given[name][key] = _fitting(PACKAGES[name], key, raw, variable)
            origin[f"{name}.{key}"] = variable
    settings = Settings(
        home=home,
        models=replace(base.models, **given["models"]),
        engine=replace(base.engine, **given["engine"]),
        serve=replace(base.serve, **given["serve"]),
        shop=replace(base.shop, **given["shop"]),
        learn=replace(base.learn, **given["learn"]),
        vault=replace(base.vault, **given["vault"]),
    )
    return settings, origin


def load_places(home: Path) -> tuple[Place, ...]:
    """places.toml: `[places.NAME]` tables of a `Place`'s fields. No file means only this machine."""
    from mingbai.cli import place_check

    file = home / "places.toml"
    places = []
    for top, tables in _tables(file).items():
        if top != "places" or not isinstance(tables, dict):
            raise _unknown(top, file)
        for name, table in tables.items():
            if not isinstance(table, dict):
                raise _unknown(f"places.{name}", file)
            values = {k: _fitting(Place, k, v, f"{file}: places.{name}.{k}") for k, v in table.items()}
            missing = [
                f.name
                for f in fields(Place)
                if f.name in ("url", "model", "operator", "country", "laws", "retention")
                and f.name not in values
            ]
            if missing:
                raise SettingsError(
                    Text(
                        f"{file} 的 places.{name} 缺少 {missing[0]}。",
                        f"places.{name} in {file} lacks {missing[0]}.",
                    ),
                    Text(
                        "补上它：谁经营、在哪国、受谁的法律管、留存什么，都要写明。",
                        "Add it: a place says who runs it, where, under which laws, and what is kept.",
                    ),
                )
            place = Place(name=name, **values)
            place_check.check(place, file, home)
            places.append(place)
    return tuple(places)


def _tables(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise SettingsError(
            Text(f"{file} 不是有效的 TOML：{e}。", f"{file} is not valid TOML: {e}."),
            Text("请改正这一行。", "Correct that line."),
        ) from e


def _fitting(package: type, key: str, value: Any, where: str) -> Any:
    """The value as the field's type; words from the environment are read as numbers where a number is due."""
    hints = get_type_hints(package, include_extras=True)
    if key not in hints or key == "name":
        raise _unknown(key, where)
    kind, within = hints[key], None
    if get_origin(kind) is Annotated:
        kind, within = get_args(kind)
    if get_origin(kind) is Literal:
        if value in get_args(kind):
            return value
    elif get_origin(kind) is tuple:
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
    elif kind is Path:
        if isinstance(value, str) and value:
            return Path(value).expanduser()
    elif kind is bool:
        if isinstance(value, bool):
            return value
    elif kind in (int, float):
        number = _number(value)
        if number is not None and (kind is float or number.is_integer()) and _fits(number, within):
            return kind(number)
    elif isinstance(value, str):
        return value
    raise SettingsError(
        Text(f"{where} 的值 {value!r} 不合要求。", f"The value {value!r} of {where} is not acceptable."),
        Text(f"这里要的是 {_wanted(kind, within)}。", f"It should be {_wanted(kind, within)}."),
    )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _fits(number: float, within: Within | None) -> bool:
    """False for infinity and nan, too, where there are bounds."""
    return within is None or within.least <= number <= within.most


def _wanted(kind: Any, within: Within | None) -> str:
    if get_origin(kind) is Literal:
        return " | ".join(get_args(kind))
    return f"{getattr(kind, '__name__', kind)} {within or ''}".rstrip()


def _unknown(key: str, where: object) -> SettingsError:
    return SettingsError(
        Text(f"{where} 里有不认识的设置 {key}。", f"Unknown setting {key} in {where}."),
        Text(
            "请检查拼写；mingbai doctor --settings 列出全部设置。",
            "Check the spelling; mingbai doctor --settings lists all.",
        ),
    )


def rows(settings: Settings, origin: Mapping[str, str]) -> list[tuple[str, object, str]]:
    """Every effective value and where it came from, for people."""
    out: list[tuple[str, object, str]] = [("home", settings.home, origin.get("home", "default"))]
    for name in PACKAGES:
        package = getattr(settings, name)
        assert is_dataclass(package)
        for f in fields(package):
            out.append(
                (f"{name}.{f.name}", getattr(package, f.name), origin.get(f"{name}.{f.name}", "default"))
            )
    return out
