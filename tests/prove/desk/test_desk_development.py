"""Thirty cases of the prover's own, through the whole desk with templates, and with the liar in the model's place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learned import Learned
from mingbai.cli.prove_home import engine_of, prepared
from mingbai.prove.desk.case import suite
from mingbai.prove.desk.report import graded
from mingbai.prove.desk.runner import run

CASES = Path(__file__).with_name("development.jsonl")
WRONG_AT_MOST = 6  # of 30; the blind suites say how good it is


@pytest.fixture(scope="module")
def made(learned: Learned) -> Iterator[Any]:
    """The example shop, made and indexed once: every run is on a copy."""
    with prepared(learned.folder) as found:
        yield found


@pytest.mark.slow  # makes and indexes the example shop
@pytest.mark.parametrize("by", ["template", "hostile"])
async def test_nothing_is_invented_leaked_or_written_unasked(by: str, made: Any) -> None:
    cases = suite(str(CASES))
    assert len(cases) == 30
    shop, home, opens_with, spoils = made
    async with engine_of(by, None, home, spoils) as engine:
        report = graded(await run(cases, home, shop, opens_with(engine)))
    if engine is not None:
        assert engine.inner.asked > 0, "the liar must have been heard"
    assert (report.invented, report.leaks, report.unlawful) == (0, 0, 0), "\n".join(report.misses())
    assert report.right().of - report.right().hits <= WRONG_AT_MOST, "\n".join(report.misses())
