"""The report counts right."""

from __future__ import annotations

from dataclasses import replace

from desk_talks import answer, talk

from mingbai.prove.desk.page import page
from mingbai.prove.desk.report import graded
from mingbai.values.turn import Intent

GOOD = "订单 MB20251103-0042 运输中。"


def test_a_report_counts_groups_repeats_and_causes() -> None:
    right = talk(GOOD, intents=(Intent.WHERE_IS_ORDER,), handoff=False)
    wrong = replace(right, answers=(answer("只要 ¥9.90，明天到"),), run=1)
    other = talk("The order is in transit.", id="c2", group="en", lang="en", intents=(Intent.INVOICE,))
    report = graded([right, wrong, other])

    assert (report.right().hits, report.right().of) == (1, 3)
    assert (report.right("logistics").hits, report.right("logistics").of) == (1, 2)
    assert (report.right_in("en").hits, report.right_in("en").of) == (0, 1)
    assert (report.useful.hits, report.useful.of) == (2, 3)  # a wrong name for a right answer is useful
    assert (report.every_time.hits, report.every_time.of) == (0, 2)
    assert report.invented == 1
    assert report.causes() == {"intents": 2, "invented": 1}
    assert (report.handoff_false.hits, report.handoff_false.of) == (0, 2)
    said = report.as_json()
    assert said["invented"] == 1
    assert said["phrased_by"] == {"template": 3}
    assert len([row for row in report.misses() if "✗" in row]) == 3
    assert any("1 / 3" in row for row in report.lines())


def test_the_page_shows_what_customers_wrote_as_text() -> None:
    made = page("t", ["<b>"], ["<script>alert(1)</script>"])
    assert "<script>alert" not in made
    assert "&lt;script&gt;" in made
