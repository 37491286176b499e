"""docs/security.md names tests and commands: each of them exists, and the page stays short enough to be read."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from click.testing import CliRunner

from mingbai.cli import cli

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text()


def names_of(file: str) -> set[str]:
    (path,) = (ROOT / "tests").rglob(file)
    return {
        n.name
        for n in ast.walk(ast.parse(path.read_text()))
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_test_that_is_named_exists():
    last, named = "", 0
    for file, name in re.findall(r"`(test_\w+\.py)?(?:::(test_\w+))?`", PAGE):
        last = file or last
        if file or name:
            named += 1
            assert not name or name in names_of(last), f"{last}::{name}"
            assert list((ROOT / "tests").rglob(last)), last
    assert named > 30


def test_every_command_that_is_named_exists():
    for line in set(re.findall(r"`mingbai ([a-z -]+?)`", PAGE)):
        words = line.partition(" --")[0].split()
        result = CliRunner().invoke(cli, [*words, "--help"])
        assert result.exit_code == 0, line


def test_the_page_says_what_is_not_covered_and_stays_short():
    assert "## Not covered" in PAGE
    assert len(PAGE.splitlines()) <= 120
    assert all(f"| {n:02} " in PAGE for n in range(1, 11))
