"""What the prover's reader takes for a figure, and when two are the same."""

from __future__ import annotations

from datetime import date

import pytest

from mingbai.prove.desk.basis import of_texts
from mingbai.prove.desk.figures import figures

TODAY = date(2025, 11, 12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("订单 ＭＢ20251103-0042 到了", [("code", "mb20251103-0042")]),
        ("11 月 13 日 18:00 前", [("day", "0000-11-13"), ("clock", "18:00")]),
        ("2025年11月3日", [("day", "2025-11-03")]),
        ("十一月三日", [("day", "0000-11-03")]),
        ("Nov 3, 2025", [("day", "2025-11-03")]),
        ("on the 3rd of November", [("day", "0000-11-03")]),
        ("明天到", [("day", "2025-11-13")]),
        ("￥1,299.50", [("money", "1299.5 CNY")]),
        ("三十五块", [("money", "35 CNY")]),
        ("12.90 EUR", [("money", "12.9 EUR")]),
        ("三天内", [("number", "3")]),
        ("in three working days", [("number", "3")]),
        ("用 hello@mingbai.example", [("web", "hello@mingbai.example")]),
        ("see pay.evil.com/x now", [("web", "pay.evil.com/x")]),
        ("还有一个问题，等一下", []),  # no figures
        ("双11 和 618 都有活动", []),  # names of campaigns
        ("Order #1063 shipped", [("code", "1063")]),
        ("Your order 1052 is on its way", [("code", "1052")]),  # once read as 1,052 of something
        ("订单 1052 已发货", [("code", "1052")]),
        ("order 100 pieces", [("number", "100")]),
        ("申请 300 元以上", [("money", "300 CNY")]),
    ],
)
def test_figures(text: str, found: list[tuple[str, str]]) -> None:
    assert [(f.kind, f.value) for f in figures(text, TODAY)] == found


@pytest.mark.parametrize(
    ("known", "said", "holds"),
    [
        ("11月3日发货", "Nov 3, 2025", True),  # the page leaves the year out
        ("2025年11月3日发货", "2024年11月3日", False),
        ("运费 ¥12.00", "12元", True),
        ("运费 ¥12.00", "€12", False),
        ("48 小时内发货", "48 hours", True),
        ("48 小时内发货", "48 天", False),
        ("满 ¥199.00 减 ¥20.00", "满199减20", True),
        ("运单号 SF1823924197465", "SF1823924197466", False),
        ("预计 11月14日", "3 天", False),  # a day of the month is no number of days
    ],
)
def test_a_basis_holds_what_it_said_in_any_way_of_saying_it(known: str, said: str, holds: bool) -> None:
    basis = of_texts([known], TODAY)
    assert all(basis.holds(f) for f in figures(said, TODAY)) is holds


def test_arithmetic_of_the_rows_is_told_from_what_only_the_evidence_says() -> None:
    rows = of_texts(["付了 ¥100.00，券 ¥20.00，7 天无理由，签收 2025年11月8日"], TODAY)
    derived = {
        f.said: rows.derives(f, TODAY) for f in figures("¥80.00 ¥79.00 2025年11月15日 2025年12月24日", TODAY)
    }
    assert derived == {"¥80.00": True, "¥79.00": False, "2025年11月15日": True, "2025年12月24日": False}
