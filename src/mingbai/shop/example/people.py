"""The customers, from content/people, and what the shop knows of where they live: sorting centre, days, fees, taxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from mingbai.shop.example import content, numbers
from mingbai.shop.example.dice import Dice
from mingbai.values.money import Money
from mingbai.values.records import Customer, Origin, Sourced


@dataclass(frozen=True, slots=True)
class Region:
    """Where parcels to it pass, and what they cost."""

    name: str
    hub: str
    hub_en: str
    least_days: int
    most_days: int
    fee: Money
    free_from: Money
    tax_basis_points: int = 0  # added to the price (US); 19 % and 7 % are within the price in Germany
    abroad: bool = False  # customs lie between


@dataclass(frozen=True, slots=True)
class Person:
    customer_id: str
    name: str
    phone: str
    email: str
    address: str
    postcode: str
    country: str  # as an address label has it: HK and TW are their own
    lang: str
    city: str
    city_en: str
    region: Region
    platform: str  # where they buy: mingbai | taobao | shopify
    origin: Origin

    @property
    def regular(self) -> bool:
        """老茶客, content/policies/zh/membership.md; only in China."""
        return self.country == "CN" and Dice(f"regular {self.customer_id}").chance(0.2)

    @property
    def currency(self) -> str:
        return {"DE": "EUR", "US": "USD"}.get(self.country, "CNY")

    @property
    def warehouse(self) -> str:
        return {"DE": "frankfurt", "US": "los_angeles"}.get(self.country, "hangzhou")


@cache
def people() -> dict[str, Person]:
    """By name: no two have the same."""
    return {person.name: person for person in (*_chinese(), *_german(), *_american())}


def customers(today: date) -> Iterator[Sourced]:
    for person in people().values():
        dice = Dice(person.customer_id)
        joined = content.at(
            today, -dice.between(210, 780), f"{dice.between(8, 22):02d}:{dice.between(0, 59):02d}"
        )
        record = Customer(
            customer_id=person.customer_id,
            name=person.name if person.platform != "taobao" else masked_name(person.name),
            phone=person.phone,
            email=person.email or None,
            address=person.address,
            country=person.country,
            lang=person.lang,
            joined_at=joined,
            tags=("老茶客",) if person.regular else (),
        )
        yield Sourced(record, person.origin)


def masked_name(name: str) -> str:
    """Taobao shows the first character and two stars."""
    return name[0] + "**"


@cache
def regions() -> dict[str, Region]:
    found = {}
    for row in content.rows("provinces.txt", cells=7):
        name, hub, hub_en, least, most, fee, free = row.cells
        found[name] = Region(
            name=name,
            hub=hub,
            hub_en=hub_en,
            least_days=int(least),
            most_days=int(most),
            fee=Money.of(fee, "CNY"),
            free_from=Money.of(free, "CNY"),
            abroad=name in _OWN_LABEL,
        )
    return found


_OWN_LABEL = {"香港特别行政区": "HK", "澳门特别行政区": "MO", "台湾省": "TW"}


def _chinese() -> Iterator[Person]:
    for place, row in enumerate(content.rows("people", "cn.txt", cells=7)):
        name, letters, province, city, city_en, street, postcode = row.cells
        country = _OWN_LABEL.get(province, "CN")
        taobao = country == "CN" and place % 4 == 2
        phone = {"HK": numbers.hong_kong, "MO": numbers.hong_kong, "TW": numbers.taiwan}.get(
            country, numbers.mobile
        )(place)
        if taobao:
            phone = numbers.virtual(phone) if place % 8 == 2 else numbers.masked(phone)
        parts = dict.fromkeys((province.removesuffix("特别行政区") if country != "CN" else province, city))
        whole = " ".join((*parts, street.split()[0] + " ****" if taobao else street))
        yield Person(
            customer_id=f"C{10001 + place}",
            name=name,
            phone=phone,
            email="" if taobao else f"{_handle(letters)}@example.com",
            address=whole.removeprefix("台湾省 "),
            postcode=postcode,
            country=country,
            lang="zh",
            city=city,
            city_en=city_en,
            region=regions()[province],
            platform="taobao" if taobao else "mingbai",
            origin=row.origin,
        )


def _german() -> Iterator[Person]:
    for place, row in enumerate(content.rows("people", "de.txt", cells=7)):
        name, street, postcode, city, state, area, lang = row.cells
        region = Region(state, "Leipzig", "Leipzig", 1, 3, Money(490, "EUR"), Money(5900, "EUR"), abroad=True)
        yield Person(
            customer_id=f"D{20001 + place}",
            name=name,
            phone=numbers.german(area, place),
            email=f"{_handle(name)}@example.org",
            address=f"{street}, {postcode} {city}, Germany",
            postcode=postcode,
            country="DE",
            lang=lang,
            city=city,
            city_en=city,
            region=region,
            platform="shopify" if place % 2 else "mingbai",
            origin=row.origin,
        )


def _american() -> Iterator[Person]:
    for place, row in enumerate(content.rows("people", "us.txt", cells=8)):
        name, street, city, state, postcode, area, tax, lang = row.cells
        region = Region(
            state, "Los Angeles", "Los Angeles", 3, 6, Money(690, "USD"), Money(6900, "USD"), int(tax), True
        )
        yield Person(
            customer_id=f"U{30001 + place}",
            name=name,
            phone=numbers.american(area, place),
            email=f"{_handle(name)}@example.com",
            address=f"{street}, {city}, {state} {postcode}, USA",
            postcode=postcode,
            country="US",
            lang=lang,
            city=city,
            city_en=city,
            region=region,
            platform="mingbai" if place % 3 == 2 else "shopify",
            origin=row.origin,
        )


def _handle(name: str) -> str:
    """`Lü Peiyao` → `lu.peiyao`: what stands before the @ is ASCII."""
    plain = name.lower()
    for said, ascii_ in (("ü", "u"), ("ö", "oe"), ("ä", "ae"), ("ß", "ss"), ("'", ""), ("-", "")):
        plain = plain.replace(said, ascii_)
    return ".".join(plain.split())
