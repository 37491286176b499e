"""The generator says where its data stand, the score counts what it should, and a small run holds."""

from __future__ import annotations

from collections import Counter

from mingbai.permit.mask import Detector
from mingbai.permit.mask.placeholders import LONGEST
from mingbai.prove.masking import run
from mingbai.prove.masking.disguises import DISGUISES
from mingbai.prove.masking.lines import Gold, lines
from mingbai.prove.masking.score import Score
from mingbai.prove.masking.streams import spoofs, streams


def test_the_same_seed_makes_the_same_lines_with_every_disguise():
    made = list(lines(600, 3))
    assert made == list(lines(600, 3))
    assert set(Counter(it.form for it in made)) == {"", *(name for name, _, _ in DISGUISES)}
    assert len(DISGUISES) == 24
    assert sum(not it.gold for it in made) == 200


def test_a_score_tells_missed_from_wrong_kind_from_false():
    score = Score()
    text = "电话13800138000，QQ 12345"
    gold = [Gold(2, 13, "mobile"), Gold(17, 22, "qq")]
    score.add(text, gold, [Gold(2, 13, "landline")])
    assert (score.by_kind["mobile"].known, score.by_kind["mobile"].found, score.by_kind["mobile"].masked) == (
        1,
        0,
        1,
    )
    assert (score.by_kind["landline"].spans, score.by_kind["landline"].right) == (1, 0)
    assert [(it.what, it.kind) for it in score.misses] == [
        ("wrong kind", "mobile"),
        ("missed", "qq"),
        ("false", "landline"),
    ]


def test_structured_data_are_found_in_unseen_lines():
    score, _ = run.mutated(Detector(), 1500, seed=20261125)
    count = score.of(run.STRUCTURED)
    assert count.found >= 0.999 * count.known
    assert count.right >= 0.995 * count.spans


def test_cut_streams_and_spoofs():
    cut = streams(3000, 1)
    assert (cut.wrong, cut.cuts >= 3000, cut.longest_hold < LONGEST) == (0, True, True)
    assert spoofs(400, 1).restored == 0
