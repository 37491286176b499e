"""Files to readings: what a file is is seen from its bytes, not its name; who reads it is seen from its header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from zoneinfo import ZoneInfo

from mingbai.shop.intake import choose, jsonrows, openform, xls, xlsx
from mingbai.shop.intake.archive import Archive
from mingbai.shop.intake.delimited import grid as text_grid
from mingbai.shop.intake.documents import docx, html, markdown, pdf
from mingbai.shop.intake.encoding import Decoded, decode
from mingbai.shop.intake.plan import Bundle, bind_grid, bind_tree
from mingbai.shop.intake.profile import Profile
from mingbai.shop.intake.readings import RANKS, GridReading, Reading, TreeReading
from mingbai.shop.intake.rows import FILE_LIMIT_BYTES, Grid, Row, Tree, refused, too_large
from mingbai.values.errors import BadInput, Text
from mingbai.values.records import Origin, PolicyDocument, Sourced

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGES = (".md", ".markdown", ".html", ".htm", ".docx", ".pdf")
_READ = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".json", ".jsonl", ".ndjson", ".zip", *_PAGES)
_FOLDER_FILES = 5_000
_HEAD_BYTES = 64 * 1024
_PAGE = Text("文档", "document")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line says of all files of one import."""

    profiles: Mapping[str, Profile]
    profile: Profile | None = None
    zone: str = ""
    currency: str = ""


@dataclass(slots=True)
class Opened:
    readings: list[Reading] = field(default_factory=list)
    passed_over: list[tuple[str, Text]] = field(default_factory=list)
    unknown: list[tuple[str, Grid]] = field(default_factory=list)  # tables that no profile reads


def files(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Every file to read, with the name it goes by. Folders are walked; hidden and office lock files are left out."""
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file())
            if len(inside) > _FOLDER_FILES:
                raise too_large(
                    f"文件夹里多于 {_FOLDER_FILES} 个文件。",
                    f"More than {_FOLDER_FILES} files in the folder.",
                )
            wanted = [one for one in inside if one.suffix.lower() in _READ and not _hidden(one, path)]
            if not wanted:
                raise refused(
                    f"文件夹 {path.name} 里没有能读的文件。", f"There is no file in {path.name} that could be read.",
                    f"能读的是：{' '.join(_READ)}", f"These can be read: {' '.join(_READ)}",
                )  # fmt: skip
            yield from ((one.name, one) for one in wanted)
        elif path.is_file():
            yield path.name, path
        else:
            raise refused(
                f"没有这个文件：{path.name}。", f"There is no such file: {path.name}.",
                "检查路径。", "Check the path.",
            )  # fmt: skip


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)


def content(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_LIMIT_BYTES:
            raise too_large(f"{path.name} 大于 256 MB。", f"{path.name} is larger than 256 MB.")
        return path.read_bytes()
    except OSError as error:
        raise refused(
            f"{path.name} 读不了（{error.strerror}）。", f"{path.name} cannot be read ({error.strerror}).",
            "关闭正在使用它的软件，或检查权限。", "Close the program that uses it, or check its permissions.",
        ) from None  # fmt: skip


def open_file(name: str, data: bytes, choice: Choice, into: Opened, *, inside: bool = False) -> None:
    """Adds what the file holds. `inside`: it came out of an archive. Raises `BadInput` when it cannot be read at all."""
    if not data.strip():
        into.passed_over.append((name, Text("空文件", "it is empty")))
        return
    suffix = PurePath(name).suffix.lower()
    if data.startswith(b"PK\x03\x04"):
        _zipped(name, data, choice, into, inside)
    elif data.startswith(_OLE):
        _grids(name, xls.grids(data), choice, into)
    elif data[:1024].lstrip().startswith(b"%PDF"):
        into.readings.append(
            PageReading(name, Text("PDF", "PDF"), markdown.document(name, pdf.markdown(data)))
        )
    else:
        _text(name, suffix, data, choice, into)


def _zipped(name: str, data: bytes, choice: Choice, into: Opened, inside: bool) -> None:
    archive = Archive(data)
    if archive.has("word/document.xml"):
        into.readings.append(
            PageReading(name, Text("DOCX", "DOCX"), markdown.document(name, docx.markdown(data)))
        )
    elif archive.has("[Content_Types].xml") or archive.has("xl/workbook.xml"):
        _grids(name, xlsx.grids(data), choice, into)
    elif inside:  # whatever it calls itself
        into.passed_over.append((name, Text("压缩包里的压缩包", "an archive in an archive")))
    else:
        for inner in archive.names():
            file = PurePath(inner)
            if file.suffix.lower() in _READ and not file.name.startswith((".", "~$")):
                open_file(file.name, archive.whole(inner), choice, into, inside=True)


def _text(name: str, suffix: str, data: bytes, choice: Choice, into: Opened) -> None:
    decoded = _decoded(data, choice)
    head = decoded.text[:2048].lstrip().lower()
    if head.startswith(("<!doctype html", "<html", "<table", "<meta", "<head", "<?xml")) or suffix in (
        ".html",
        ".htm",
    ):
        _html(name, decoded, choice, into)
    elif suffix in (".md", ".markdown"):
        _page(name, decoded, into)
    elif (reading := openform.opened(name, decoded)) is not None and not choice.profile:
        into.readings.append(reading)
    elif name == "manifest.json" and '"mingbai-shop"' in decoded.text[:400]:
        into.passed_over.append((name, Text("导出的清单", "the export's list of its files")))
    elif jsonrows.looks_like(decoded.text):
        _tree(name, jsonrows.tree("", decoded), choice, into)
    else:
        grid = text_grid("", decoded)
        if suffix == ".txt" and choose.grid_header(grid, _candidates(choice)) is None:
            _page(name, decoded, into)
        else:
            _grid(name, grid, choice, into, data)


def _decoded(data: bytes, choice: Choice) -> Decoded:
    """What is text in no encoding that is guessed may be in its platform's own: the header says which platform."""
    try:
        return decode(data, choice.profile.encoding if choice.profile else ())
    except BadInput:
        if b"\0" in data:
            raise
        own = [profile for profile in _candidates(choice) if profile.encoding]
        head = decode(b"\n".join(data[:_HEAD_BYTES].splitlines()[:-1]), ("latin-1",))
        found = choose.grid_header(text_grid("", head, quotes=False), own)
        if found is None:
            raise
        return decode(data, found[0].encoding)


def _page(name: str, decoded: Decoded, into: Opened) -> None:
    into.readings.append(PageReading(name, decoded.how, markdown.document(name, decoded.text)))


def _html(name: str, decoded: Decoded, choice: Choice, into: Opened) -> None:
    """A page of rules, unless one of its tables has a header that a profile knows: then it is a sheet."""
    data = decoded.text.encode("utf-8", "replace")
    grids = [_html_grid(at, rows) for at, rows in enumerate(html.tables(data), 1)]
    known = [grid for grid in grids if choose.grid_header(grid, _candidates(choice)) is not None]
    if known or choice.profile:
        _grids(name, known or grids, choice, into)
    else:
        page = markdown.document(name, html.markdown(data))
        into.readings.append(PageReading(name, Text("HTML", "HTML"), page))


def _html_grid(at: int, rows: list[list[str]]) -> Grid:
    from mingbai.shop.intake.delimited import tidied

    def each() -> Iterator[Row[Sequence[str]]]:
        for line, cells in enumerate(rows, 1):
            yield Row(line, [tidied(cell) for cell in cells])

    return Grid(str(at), Text(f"网页表格 {at}", f"HTML table {at}"), each)


def _grids(name: str, grids: Sequence[Grid], choice: Choice, into: Opened) -> None:
    before = len(into.readings)
    other = Opened()
    for grid in grids:
        _grid(name, grid, choice, other, None)
    into.readings += other.readings
    into.passed_over += other.passed_over
    if len(into.readings) == before and other.unknown:
        into.unknown.append(other.unknown[0])
        other.unknown.pop(0)
    why = Text("没有认得的表头", "no header that is known")
    into.passed_over += [(f"{name} › {grid.name}", why) for _, grid in other.unknown]


def _grid(name: str, grid: Grid, choice: Choice, into: Opened, data: bytes | None) -> None:
    found = choose.grid_header(grid, _candidates(choice))
    if found is None:
        if choice.profile is not None:
            found = _asked_for(name, grid, choice.profile)
        elif next(grid.rows(), None) is None:
            into.passed_over.append(
                (f"{name} › {grid.name}" if grid.name else name, Text("空表", "it is empty"))
            )
            return
        else:
            into.unknown.append((name, grid))
            return
    profile, header = found
    if data is not None and (profile.encoding or not profile.quotes):
        # The header is plain in any encoding; the rest is read again as this platform writes it.
        grid = text_grid("", decode(data, profile.encoding), quotes=profile.quotes)
        again = choose.grid_header(grid, [profile])
        header = again[1] if again else header
    plan = bind_grid(profile, header.cells, name, grid.name, _zone(profile, choice), choice.currency)
    into.readings.append(GridReading(grid, header, plan))


def _asked_for(name: str, grid: Grid, profile: Profile) -> tuple[Profile, choose.Header]:
    """The profile was named: its header may lack what guessing needs, but there must be one."""
    header = choose.first_row(grid)
    if header is None:
        raise refused(
            f"{name} 里找不到表头。", f"No header was found in {name}.",
            "表头应在前 30 行，一格一个列名。", "It should stand in the first 30 rows, one name in each cell.",
        )  # fmt: skip
    return profile, header


def _tree(name: str, tree: Tree, choice: Choice, into: Opened) -> None:
    profile = choice.profile or choose.tree_profile(tree, tuple(choice.profiles.values()))
    if profile is None:
        why = Text("JSON 里没有档案认得的内容", "JSON with nothing in it that a profile knows")
        into.passed_over.append((name, why))
        return
    into.readings.append(
        TreeReading(tree, bind_tree(profile, name, "", _zone(profile, choice), choice.currency))
    )


def _candidates(choice: Choice) -> tuple[Profile, ...]:
    return (choice.profile,) if choice.profile else tuple(choice.profiles.values())


def _zone(profile: Profile, choice: Choice) -> ZoneInfo:
    return ZoneInfo(choice.zone or profile.timezone or "Asia/Shanghai")


@dataclass(slots=True)
class PageReading:
    """One page of the shop's rules."""

    file: str
    how: Text
    page: PolicyDocument
    sheet: str = ""
    profile: str = "document"
    title: Text = _PAGE

    @property
    def rank(self) -> int:
        return RANKS["policy"]

    @property
    def about_orders(self) -> bool:
        return False

    def size(self) -> int:
        return 1

    def bundles(self) -> Iterator[Bundle]:
        given = frozenset(
            name
            for name in ("document_no", "lang", "title", "text", "topic", "country")
            if getattr(self.page, name)
        )
        yield Bundle("", (1,), (Sourced(self.page, Origin(self.file, 1), given),))

    def notes(self) -> list[tuple[Text, int, int]]:
        return []

    def left(self) -> tuple[str, ...]:
        return ()
