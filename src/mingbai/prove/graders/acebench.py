"""Grades calls against an ACEBench answer, which holds one accepted value per argument.

1. The answer's keys are function names; `_1`, `_2` … at the end of a key count calls of one function. As many calls as
   keys, each paired with one key, in any order.
2. Arguments have exactly the answer's keys, at every depth; lists have its length and order.
3. Numbers are equal as numbers (50 is 50.0) and never equal to text; booleans are equal to booleans only.
4. Strings are equal after NFKC, case folding, and dropping space and punctuation. Kept are `# % @ &`, a point between
   digits and a minus before a number that is not itself inside a word: they carry meaning (50% is not 50, 1.5 not 15).
5. Lenient, for free text only (the schema gives the string no `enum` and no `format`): one of the two may contain the
   other as a run of whole words (a word is a run of Latin letters and digits, or one Chinese character), if the shorter
   has at least two characters and half of the longer's words, and the words left over hold no digit and no negation.
   「客厅」 and 「在客厅里」 agree; ID1 and ID12, 可用 and 不可用, 6月 and 6月15日 do not.

`Verdict.strict` is without rule 5. This is stricter than the project's own checker, which does not compare numbers at the top
level and takes any answer that contains the expected string; figures of the two cannot be set side by side.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from mingbai.prove.graders.calls import Call, Verdict, pair_up
from mingbai.values.json import JsonObject, JsonValue

_COUNTED = re.compile(r"_\d+$")
_KEPT = frozenset("#%@&")
_HAN_KANA = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_HAN_KANA}]|(?:(?<![^\W_])-(?=[0-9]))?(?:[^\W_{_HAN_KANA}]|[#%@&])+(?:\.[0-9]+)*")
_NEGATIONS = frozenset("不没沒无無非未否勿别別") | {"no", "not", "non", "never", "without"}


def acebench_match(
    ground_truth: Mapping[str, JsonObject], calls: Sequence[Call], documents: Sequence[JsonObject]
) -> Verdict:
    """`documents` are the functions as the data describes them: they say which strings are free text."""
    schemas = {
        str(document["name"]): _schema(document.get("parameters") or document.get("arguments"))
        for document in documents
    }
    expected = [
        (key if key in schemas else _COUNTED.sub("", key), arguments)
        for key, arguments in ground_truth.items()
    ]

    def compare(lenient: bool) -> str:
        def fault(want: tuple[str, JsonObject], call: Call) -> str:
            name, arguments = want
            if call.name != name:
                return f"{name} expected, {call.name} called"
            if call.arguments is None:
                return f"{name}: the arguments are not a JSON object"
            return _fault(arguments, call.arguments, schemas.get(name, {}), name, lenient=lenient)

        return pair_up(expected, calls, fault)

    strict, reason = compare(lenient=False), compare(lenient=True)
    return Verdict(right=not reason, strict=not strict, reason=reason or strict)


def _fault(wanted: JsonValue, given: JsonValue, schema: JsonObject, path: str, *, lenient: bool) -> str:
    """Where the two first differ, or ""."""
    if isinstance(wanted, Mapping) and isinstance(given, Mapping):
        if missing := wanted.keys() - given.keys():
            return f"{path}.{min(missing)}: missing"
        if extra := given.keys() - wanted.keys():
            return f"{path}.{min(extra)}: not expected"
        inner = _schema(schema.get("properties"))
        faults = (
            _fault(item, given[key], _schema(inner.get(key)), f"{path}.{key}", lenient=lenient)
            for key, item in wanted.items()
        )
        return next((text for text in faults if text), "")
    if isinstance(wanted, str) and isinstance(given, str):
        return "" if _same_text(wanted, given, schema, lenient=lenient) else f"{path}: another text"
    if isinstance(wanted, list) and isinstance(given, list):
        if len(wanted) != len(given):
            return f"{path}: {len(wanted)} items expected, {len(given)} given"
        items = _schema(schema.get("items"))
        faults = (
            _fault(item, other, items, f"{path}[{index}]", lenient=lenient)
            for index, (item, other) in enumerate(zip(wanted, given, strict=True))
        )
        return next((text for text in faults if text), "")
    same = type(wanted) is type(given) or (_is_number(wanted) and _is_number(given))
    return "" if same and wanted == given else f"{path}: another value"


def _same_text(wanted: str, given: str, schema: JsonObject, *, lenient: bool) -> bool:
    if _bare(wanted) == _bare(given):
        return True
    if not lenient or "enum" in schema or "format" in schema:
        return False
    short, long = sorted((_words(wanted), _words(given)), key=len)
    if len("".join(short)) < 2 or 2 * len(short) < len(long):
        return False
    return any(
        long[at : at + len(short)] == short and not _changes_meaning(long[:at] + long[at + len(short) :])
        for at in range(len(long) - len(short) + 1)
    )


def _changes_meaning(words: Sequence[str]) -> bool:
    return any(word in _NEGATIONS or any(letter.isdigit() for letter in word) for word in words)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _bare(text: str) -> str:
    """The text without space and punctuation that carries no meaning."""
    text = _fold(text)
    kept: list[str] = []
    for index, letter in enumerate(text):
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        if (
            letter in _KEPT
            or unicodedata.category(letter)[0] not in "PZC"
            or (letter == "." and before.isdigit() and after.isdigit())
            or (letter == "-" and after.isdigit() and not before.isalnum())
        ):
            kept.append(letter)
    return "".join(kept)


def _words(text: str) -> list[str]:
    return _WORD.findall(_fold(text))


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _schema(value: JsonValue) -> JsonObject:
    return value if isinstance(value, Mapping) else {}
