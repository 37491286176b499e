"""Every kind's own table of cases, read through the whole detector."""

from __future__ import annotations

import pytest

from mingbai.permit.mask import KINDS, Detector
from mingbai.permit.mask.kinds import RULES

DETECTOR = Detector()
CASES = [(rule.KIND, text, wanted) for rule, _ in RULES for text, wanted in rule.CASES]


def test_every_kind_has_one_file_with_hits_and_near_misses():
    assert sorted(rule.KIND for rule, _ in RULES) == sorted(KINDS)
    for rule, _ in RULES:
        assert any(wanted for _, wanted in rule.CASES), rule.KIND
        assert any(not wanted for _, wanted in rule.CASES), rule.KIND


@pytest.mark.parametrize(("kind", "text", "wanted"), CASES, ids=[f"{kind}-{text}" for kind, text, _ in CASES])
def test_case(kind, text, wanted):
    assert tuple(it.text for it in DETECTOR.spans(text) if it.kind == kind) == wanted
