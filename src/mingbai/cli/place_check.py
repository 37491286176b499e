"""What a place of places.toml says of itself, compared with what is known: a misspelt law or country would bind nobody."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from mingbai.values.countries import CODES
from mingbai.values.errors import SettingsError, Text
from mingbai.values.places import Place

ROUTES = ("cn-contract", "cn-certification", "cn-assessment", "eu-adequacy", "eu-scc-tia")


def check(place: Place, file: Path, home: Path) -> None:
    """Raises `SettingsError` naming the value, where it stands, and what would do."""
    from mingbai.models import catalog
    from mingbai.models.egress import Way, is_inside, is_secret
    from mingbai.permit.policy import rules

    where = f"{file}: places.{place.name}"
    try:
        way = Way.to(place.url, inside=place.inside)
    except ValueError:
        raise _wrong(
            f"{where}.url", place.url, "https://主机/v1 这样的网址", "an address like https://host/v1"
        ) from None
    try:
        address = ipaddress.ip_address(way.host)
    except ValueError:
        pass  # a name: its addresses are looked at when it is spoken to
    else:
        if is_secret(address):
            raise _wrong(
                f"{where}.url", place.url, "不是链路本地或云元数据的地址", "no link-local or metadata address"
            )
        if is_inside(address) and not place.inside:
            raise _wrong(
                f"{where}.url", place.url,
                "公网地址；若它就在店铺自己的网络里，写上 inside = true",
                "a public address; if it is inside the shop's own network, add inside = true",
            )  # fmt: skip
    if place.country not in CODES:
        raise _wrong(
            f"{where}.country",
            place.country,
            "ISO 3166-1 的两个字母，如 CN、DE、US",
            "two letters of ISO 3166-1, as CN, DE, US",
        )
    laws = rules.load(home).compelling
    for law in place.laws:
        if law not in laws:
            known = "、".join(laws)
            raise _wrong(
                f"{where}.laws", law, f"法律的编号（{known}），没有就写 []",
                f"ids of laws ({', '.join(laws)}), or [] for none; others are declared in facts/*.toml with foreign_to",
            )  # fmt: skip
    if place.adapters_over and place.adapters_over not in (weights := catalog.load(home)):
        raise _wrong(f"{where}.adapters_over", place.adapters_over, "、".join(weights), ", ".join(weights))
    for route in place.routes:
        if route not in ROUTES:
            raise _wrong(f"{where}.routes", route, "、".join(ROUTES), ", ".join(ROUTES))


def _wrong(where: str, value: str, zh: str, en: str) -> SettingsError:
    return SettingsError(
        Text(f"{where} 的值 {value!r} 不合要求。", f"The value {value!r} of {where} is not acceptable."),
        Text(f"这里要的是：{zh}。", f"It should be: {en}."),
    )
