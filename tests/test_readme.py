"""What both READMEs name is there: packages, files, make targets, commands with their options, models, the port."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click
import pytest

from mingbai.cli import COMMANDS
from mingbai.models import catalog
from mingbai.values.settings import ServeSettings

ROOT = Path(__file__).parent.parent
COMING: frozenset[str] = frozenset()


@pytest.fixture(params=["README.md", "README.zh-CN.md"])
def readme(request):
    return (ROOT / request.param).read_text("utf-8")


def test_the_house_has_the_packages_that_are_drawn():
    house = (ROOT / "README.md").read_text("utf-8").partition("src/mingbai/\n")[2].partition("```")[0]
    drawn = set(re.findall(r"(\w+)/ {2,}", house))
    assert drawn == {folder.parent.name for folder in (ROOT / "src/mingbai").glob("*/__init__.py")}


def test_links_lead_somewhere(readme):
    links = {link for link in re.findall(r"\]\(([^)#]+)", readme) if "://" not in link}
    assert links
    assert {link for link in links if not (ROOT / link).exists()} <= COMING


def test_make_has_the_targets(readme):
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`|\$ )make ([\w-]+)", readme, re.MULTILINE))
    assert {"run", "test"} <= named <= targets


def test_commands_and_their_options_are_there(readme):
    named = re.findall(r"`mingbai ([^`]+)`", readme)
    assert named
    for line in named:
        name, *rest = line.split()
        assert name in COMMANDS, line
        command = getattr(importlib.import_module(f"mingbai.cli.{name}"), name)
        for word in rest:
            if isinstance(command, click.Group) and word.isascii() and word.islower():
                for part in line.split(maxsplit=1)[1].split("|"):  # `list | pull` names two
                    assert part.split()[0] in command.commands, line
                command = command.commands[word]
            elif word.startswith("--"):
                assert word in {option for p in command.params for option in p.opts}, line


def test_models_and_the_port_are_the_defaults(readme, tmp_path):
    assert set(re.findall(r"qwen[\w.-]+instruct", readme)) <= set(catalog.load(tmp_path))
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", readme)) == {str(ServeSettings().port)}


def test_its_python_can_be_read(readme):
    blocks = re.findall(r"```python\n(.+?)```", readme, re.DOTALL)
    assert blocks
    for block in blocks:
        compile(block, "README", "exec")
