"""An import's report for people: counts first, then every refused row with its line, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mingbai.shop.intake.report import Report, SheetReport
from mingbai.values.errors import MingbaiError, Text

_WORDS = {
    "taken": Text("新收", "taken"),
    "changed": Text("更新", "changed"),
    "unchanged": Text("无变化", "unchanged"),
    "refused": Text("拒收", "refused"),
}
_USABLE = Text("可用", "usable")  # of a dry run: what is there was not compared


def lines(report: Report, failures: Sequence[tuple[str, MingbaiError]], shown: int) -> Iterator[str]:
    """`shown`: how many refused rows of a file are named; the rest are counted."""
    if report.dry_run:
        yield "只检查，没有写入 / checked only, nothing was written"
    words = {**_WORDS, "taken": _USABLE} if report.dry_run else _WORDS
    for sheet in report.sheets:
        yield from _sheet(sheet, words, shown)
    for name, error in failures:
        yield f"✗ {name}"
        yield f"    {error.what.zh}"
        yield f"    {error.what.en}"
        yield f"  → {error.mend.zh}"
        yield f"    {error.mend.en}"
    for name, why in report.passed_over:
        yield f"- {name}: {why}"
    total = "  ".join(f"{word} {report.count(verdict):,}" for verdict, word in words.items())
    yield f"店铺 / shop {report.shop}{'（新建 / new）' if report.new_shop else ''}: {total}"


def _sheet(sheet: SheetReport, words: Mapping[str, Text], shown: int) -> Iterator[str]:
    name = f"{sheet.file} › {sheet.sheet}" if sheet.sheet else sheet.file
    yield f"{name}  [{sheet.title.zh}]  {sheet.how}" if sheet.how.zh else name
    counts = sheet.counts()
    yield "    " + "  ".join(
        f"{word} {counts[verdict]:,}" for verdict, word in _WORDS.items() if counts[verdict]
    )
    for note, times, first in sheet.notes:
        yield f"  ! {note}  ×{times}，第 {first} 行起 / from line {first}"
    if sheet.left:
        yield f"    未用的列 / columns not used: {', '.join(sheet.left)[:600]}"
    faults = sorted(sheet.faults, key=lambda fault: fault.line)
    for fault in faults[:shown]:
        column = f"「{fault.column}」" if fault.column else ""
        yield f"  ✗ 第 {fault.line} 行{column}：{fault.why.zh}"
        yield f"    line {fault.line}{f', {fault.column}' if fault.column else ''}: {fault.why.en}"
        yield f"  → {fault.mend.zh} / {fault.mend.en}"
    if len(faults) > shown:
        yield f"  … 还有 {len(faults) - shown:,} 行 / and {len(faults) - shown:,} more (--json)"
