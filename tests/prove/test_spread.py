"""Shares with their interval, and quantiles, also of few and of none."""

from __future__ import annotations

import pytest

from mingbai.prove.spread import Share, quantile, wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_a_share_as_a_report_prints_it() -> None:
    assert str(Share(485, 562)) == "0.863 [0.832, 0.889]"
    assert str(Share(10, 10)) == "1.000 [0.722, 1.000]"
    assert str(Share(0, 0)) == "–"


def test_quantiles_of_few_and_none() -> None:
    assert [quantile([3.0, 1.0, 2.0], share) for share in (0.5, 0.95)] == [2.0, 3.0]
    assert quantile([], 0.5) == 0.0
