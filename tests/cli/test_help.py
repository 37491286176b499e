"""-h answers at once: no command's work is imported before it is called."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from mingbai.cli import COMMANDS

HEAVY = {
    "fastapi",
    "httpx",
    "tiktoken",
    "uvicorn",
    "pydantic",
    "prometheus_client",
    "xllamacpp",
    "torch",
    "asyncio",
}
ASK = """
import sys
from mingbai.cli import cli
try:
    cli(sys.argv[1:], prog_name="mingbai")
except SystemExit as e:
    print("imported:", *sorted({name.partition(".")[0] for name in sys.modules}))
    raise
"""
# Named in the help before their file is there. This list only shrinks.
COMING = {name for name in ("doctor", "bench") if find_spec(f"mingbai.cli.{name}") is None}


def asked(*arguments: str) -> tuple[str, set[str]]:
    """What is printed, and the top modules that were imported for it."""
    done = subprocess.run([sys.executable, "-c", ASK, *arguments], capture_output=True, text=True, check=True)
    shown, _, imported = done.stdout.rpartition("imported:")
    return shown, set(imported.split())


def test_help_names_every_command_and_imports_none():
    shown, imported = asked("-h")
    assert all(f"  {name} " in shown for name in COMMANDS)
    assert not imported & HEAVY


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - COMING))
def test_a_command_explains_itself_in_both_languages(command):
    shown, imported = asked(command, "-h")
    assert f"Usage: mingbai {command}" in shown
    assert any("一" <= sign <= "鿿" for sign in shown)
    assert not imported & (HEAVY - {"asyncio"})


def test_an_unknown_command_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "mingbai.cli", "rnu"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "No such command 'rnu'" in done.stderr
