"""Which profile reads a table: the shipped ones and the merchant's own, guessed from the header, explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from itertools import islice
from pathlib import Path

from mingbai.shop.intake.paths import Place, path
from mingbai.shop.intake.profile import NAME, Profile, normal, parse
from mingbai.shop.intake.rows import Grid, Tree
from mingbai.values.errors import BadInput, NotFound, Text

_HEADER_WITHIN = 30  # rows: titles, notes and empty lines may stand above the header


def load(home: Path | None) -> dict[str, Profile]:
    """By name. A merchant's file of the same name takes the place of ours. Raises `SettingsError`."""
    texts: dict[str, str] = {}
    for file in resources.files("mingbai.shop.intake").joinpath("profiles").iterdir():
        if file.name.endswith(".toml"):
            texts[file.name.removesuffix(".toml")] = file.read_text(encoding="utf-8")
    own = home / "profiles" if home else None
    if own and own.is_dir():
        for path_ in sorted(own.glob("*.toml")):
            texts[path_.stem] = path_.read_text(encoding="utf-8-sig", errors="replace")
    return {name: parse(text, name) for name, text in sorted(texts.items()) if NAME.fullmatch(name)}


def named(profiles: Mapping[str, Profile], name: str) -> Profile:
    if name in profiles:
        return profiles[name]
    listed = ", ".join(profiles)
    raise NotFound(
        Text(f"没有导入档案 {name:.80}。", f"There is no import profile {name:.80}."),
        Text(f"可用：{listed}。", f"There are: {listed}."),
    )


class Header:
    """Where the header stands in a table: its line and its cells, up to the last that has a name."""

    def __init__(self, line: int, cells: Sequence[str]) -> None:
        self.line = line
        self.reach = len(cells)  # the columns without a name at its end counted too
        self.cells = list(cells)
        while self.cells and not self.cells[-1]:
            self.cells.pop()


def grid_header(grid: Grid, profiles: Sequence[Profile]) -> tuple[Profile, Header] | None:
    """The profile whose columns are all there; of several the one that asks for most. Raises when two ask for as many."""
    for row in islice(grid.rows(), _HEADER_WITHIN):
        there = frozenset(normal(cell) for cell in row.body if cell)
        if profile := _most(profiles, _within(there), there):
            return profile, Header(row.line, row.body)
    return None


def _within(there: frozenset[str]) -> Callable[[frozenset[str]], bool]:
    return lambda wanted: there.issuperset(map(normal, wanted))


def first_row(grid: Grid) -> Header | None:
    """The first row that looks like a header: at least two cells, all different, none a number."""
    for row in islice(grid.rows(), _HEADER_WITHIN):
        cells = [cell for cell in row.body if cell]
        if len(cells) >= 2 and len(set(cells)) == len(cells) and not any(cell[0].isdigit() for cell in cells):
            return Header(row.line, row.body)
    return None


def tree_profile(tree: Tree, profiles: Sequence[Profile]) -> Profile | None:
    first = next((row for row in islice(tree.rows(), _HEADER_WITHIN) if isinstance(row.body, dict)), None)
    if first is None:
        return None
    place = Place(first.body)

    def has(wanted: frozenset[str]) -> bool:
        return all((follow := path(words)) is not None and bool(follow(place)) for words in wanted)

    return _most(
        profiles, has, frozenset(map(normal, first.body)) if isinstance(first.body, dict) else frozenset()
    )


def _most(
    profiles: Sequence[Profile], fits: Callable[[frozenset[str]], bool], there: frozenset[str]
) -> Profile | None:
    found: list[tuple[int, Profile]] = []
    for profile in profiles:
        if profile.without & there:
            continue
        sizes = [len(wanted) for wanted in profile.headers if wanted and fits(wanted)]
        if sizes:
            found.append((max(sizes), profile))
    if not found:
        return None
    most = max(size for size, _ in found)
    best = [profile for size, profile in found if size == most]
    if len(best) > 1:
        names = ", ".join(profile.name for profile in best)
        raise BadInput(
            Text(f"这个表头同时符合几个档案：{names}。", f"The header fits several profiles: {names}."),
            Text("用 --profile 指明一个。", "Name one with --profile."),
        )
    return best[0]
