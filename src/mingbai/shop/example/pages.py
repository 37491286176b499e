"""The shop's pages: content/policies/<language>/<document>.md with a title, a topic and since when it holds."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta

from mingbai.shop.example import content
from mingbai.values.records import Origin, PolicyDocument, Shop, Sourced

LANGUAGES = ("zh", "en")


def shop(today: date) -> Sourced:
    raw = content.table("shop.toml")
    record = Shop(
        shop=raw["shop"],
        name_zh=raw["name_zh"],
        name_en=raw["name_en"],
        hours_zh=raw["hours_zh"],
        hours_en=raw["hours_en"],
        # The shop lives on this day: its desk tells the time by it (shop/clock.py).
        facts=(*content.both(raw["facts"]), ("clock", f"{today.isoformat()}T10:00:00+08:00")),
    )
    return Sourced(record, Origin("shop.toml", content.line_of("shop =", "shop.toml")))


def policies(today: date) -> Iterator[Sourced]:
    for lang in LANGUAGES:
        for name in content.names("policies", lang):
            _, head, body = content.text("policies", lang, name).split("+++\n", 2)
            said = tomllib.loads(head)
            document = PolicyDocument(
                document_no=name.removesuffix(".md"),
                lang=lang,
                title=said["title"],
                text=body.strip() + "\n",
                topic=said["topic"],
                country=said.get("country", ""),
                valid_from=today - timedelta(days=said["since_days"]),
            )
            yield Sourced(document, Origin(f"{lang}/{name}", 1))
