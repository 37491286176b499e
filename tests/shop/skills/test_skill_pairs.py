"""What a skill says in Chinese it says in English: every pair of templates names the same values and the same figures."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import mingbai.shop.skills

SKILLS = Path(mingbai.shop.skills.__file__).parent
HAN, LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]{2}")
# The same by another name: 8.5 折 is 15 % off, what may be done now, and the two ways to say that 改地址 is too late.
ALIKE = {"tenths": "c", "open_now": "open", "words": ""}
HELPERS = {"say", "t", "f", "len", "str", "goods", "_free_zh", "name"}
FIGURE = re.compile(r"\d+(?:\.\d+)?")


def said(node: ast.expr) -> tuple[str, set[str]] | None:
    """The fixed text of a template and the names of what is put in; None where it is no template."""
    match node:
        case ast.Constant(str(text)):
            return text, set()
        case ast.JoinedStr(parts):
            text, names = "", set()
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    names |= {n.id for n in ast.walk(part.value) if isinstance(n, ast.Name)}
                else:
                    text += part.value
            return text, names
        case ast.BinOp(left, ast.Add(), right):
            a, b = said(left), said(right)
            return (a[0] + b[0], a[1] | b[1]) if a and b else None
        case ast.IfExp(_, body, orelse):
            a, b = said(body), said(orelse)
            return (a[0] + b[0], a[1] | b[1]) if a and b else None
    return None


def pairs(tree: ast.AST) -> Iterator[tuple[int, str, str, set[str], set[str]]]:
    for node in ast.walk(tree):
        row = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        for one, other in pairwise(row):
            zh, en = said(one), said(other)
            if zh and en and HAN.search(zh[0]) and not HAN.search(en[0]) and LATIN.search(en[0]):
                yield one.lineno, zh[0], en[0], plain(zh[1]), plain(en[1])


def plain(names: set[str]) -> set[str]:
    """`end_zh` and `end_en` are one value; so are the pair `zh` and `en`; helpers of str and money are none."""
    alike = {ALIKE.get(name, name) for name in names - HELPERS}
    return {re.sub(r"_(?:zh|en)$|^(?:zh|en)$", "", name) for name in alike} - {""}


@pytest.mark.parametrize("file", sorted(SKILLS.glob("*.py")), ids=lambda path: path.stem)
def test_both_languages_are_given_the_same(file):
    for line, zh, en, mine, theirs in pairs(ast.parse(file.read_text("utf-8"))):
        assert mine == theirs, f"{file.name}:{line}: {zh} | {en}"
        figures = set(FIGURE.findall(zh.replace("七天", "7 天"))), set(FIGURE.findall(en))
        assert figures[0] == figures[1], f"{file.name}:{line}: {zh} | {en}"


def test_a_template_that_says_less_is_found():
    tree = ast.parse("""fact("x", f"{on.zh}前付 {due}。", f"Pay by {on.en}.")""")
    (pair,) = pairs(tree)
    assert (pair[3], pair[4]) == ({"on", "due"}, {"on"})
