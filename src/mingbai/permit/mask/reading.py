"""A window of narrowed text, in the forms that rules look at; each is made once, and only if some rule asks.

Several kinds come from one finder of zh/ (a phone is a mobile, a landline, …); it runs once per window. Nothing here
decides what is personal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mingbai.zh import (
    address_abroad,
    address_text,
    bank_card,
    mail,
    order_numbers,
    person_names,
    person_names_en,
    phones,
    resident_id,
    tax_codes,
    tracking,
)
from mingbai.zh.address_text import FoundAddress
from mingbai.zh.found import Found
from mingbai.zh.mapped import Mapped
from mingbai.zh.order_numbers import OrderNumber
from mingbai.zh.person_names import FoundName
from mingbai.zh.script import simplify
from mingbai.zh.tracking import Tracking

# Cheap questions asked of every window before dear ones are. Five digits, whatever stands between them.
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d(?:[^\d\n]{0,3}\d){4}|\d{3}[^\d\n]{0,2}[*xX×●•＊]{2}")
_SAID = "零一二三四五六七八九〇○洞幺么拐勾壹贰叁肆伍陆柒捌玖貳參陸兩两Oo"
_SPOKEN = re.compile(f"[{_SAID}](?:[ .·_-]{{0,2}}[0-9l{_SAID}]){{6}}")
# Ten digits, or four in a run of eight letters and digits. It begins with a digit: the engine skips to those.
_C = "[A-Za-z0-9-]"
_LONG = re.compile(
    rf"\d(?<!\d.)(?:(?:[ -]?\d){{9}}|\d{{3}}(?:{_C}{{4}}|(?<={_C}{{5}}){_C}{{3}}|(?<={_C}{{6}}){_C}{{2}}|(?<={_C}{{7}}){_C}|(?<={_C}{{8}})))"
)
_THIRTEEN = re.compile(r"\d(?<!\d.)(?:[ -]?[0-9Oo]){12}")
_CODE = re.compile(
    r"[0-9A-Za-z](?<![0-9A-Za-z].)(?:[ -]?[0-9A-Za-z]){14}"
)  # the shortest tax number of China
_VAT = re.compile(r"[ABDEFINP](?<![0-9A-Za-z].)[0-9A-Z ]{9}")  # and of the countries of Europe
_LATIN = re.compile("[A-Za-z]{3}")
_FREE = re.compile(r"[0-9(+](?<![0-9A-Za-z].)")
_LETTER = re.compile("[A-Za-z]")
_MAIL_SIGNS = frozenset("@#[({艾")  # or the word at


T = TypeVar("T")


class _Once(Generic[T]):
    """functools.cached_property without its lock, which costs three times what it guards: a reading is one thread's."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__

    def __get__(self, reading: Any, _: object) -> T:
        made = reading.__dict__[self._name] = self._make(reading)
        return made


if TYPE_CHECKING:
    from functools import cached_property as once
else:
    once = _Once


class Reading:
    """`text` is narrow and has no invisible characters; positions of everything below are those of `text`."""

    def __init__(self, text: str) -> None:
        self.text = text

    @once
    def same(self) -> Mapped:
        return Mapped.same(self.text, self.text)

    @once
    def characters(self) -> set[str]:
        return set(self.text)

    @once
    def simple(self) -> Mapped:
        return simplify(self.text)

    @once
    def has_digit(self) -> bool:
        return _DIGIT.search(self.text) is not None

    @once
    def has_number(self) -> bool:
        return self.has_digit and _NUMBER.search(self.text) is not None

    @once
    def has_free_number(self) -> bool:
        """One that goes on no word: SF123 has none."""
        return _FREE.search(self.text) is not None

    @once
    def has_spoken(self) -> bool:
        return _SPOKEN.search(self.text) is not None

    @once
    def has_long_number(self) -> bool:
        return self.has_digit and _LONG.search(self.text) is not None

    @once
    def has_thirteen_digits(self) -> bool:
        """No card and no identity number is shorter."""
        return self.has_long_number and _THIRTEEN.search(self.text) is not None

    @once
    def has_han(self) -> bool:
        """Chinese, or anything else beyond ASCII."""
        return not self.text.isascii()

    @once
    def has_letter(self) -> bool:
        return _LETTER.search(self.text) is not None

    @once
    def has_number_or_long(self) -> bool:
        return self.has_number or self.has_long_number

    @once
    def may_hold_phones(self) -> bool:
        return self.has_number or self.has_spoken

    @once
    def may_hold_mail(self) -> bool:
        return not _MAIL_SIGNS.isdisjoint(self.characters) or " at " in self.text

    @once
    def phones(self) -> list[Found]:
        return phones.find_in(self.same) if self.may_hold_phones else []

    @once
    def resident_ids(self) -> list[Found]:
        return resident_id.find_in(self.same) if self.has_thirteen_digits else []

    @once
    def bank_cards(self) -> list[Found]:
        return bank_card.find_in(self.same) if self.has_thirteen_digits else []

    @once
    def tax_codes(self) -> list[Found]:
        code = self.has_long_number and (_CODE.search(self.text) or _VAT.search(self.text))
        return tax_codes.find_in(self.same) if code else []

    @once
    def mails(self) -> list[Found]:
        return mail.find_in(self.same)

    @once
    def order_numbers(self) -> list[OrderNumber]:
        return order_numbers.find_in(self.same) if self.has_number else []

    @once
    def trackings(self) -> list[Tracking]:
        return tracking.find_in(self.same) if self.has_long_number else []

    @once
    def addresses(self) -> list[FoundAddress]:
        return address_text.find_in(self.simple) if self.has_han else []

    @once
    def has_latin(self) -> bool:
        return _LATIN.search(self.text) is not None

    @once
    def any_address(self) -> bool:
        return bool(self.addresses or self.abroad)

    @once
    def abroad(self) -> list[Found]:
        """Numbers of houses and of boxes are digits."""
        may = self.has_digit and " " in self.text and self.has_latin
        return address_abroad.find_in(self.same) if may else []

    @once
    def names(self) -> list[FoundName]:
        beside = [(it.start, it.end) for it in (*self.phones, *self.resident_ids)]
        beside += [(it.start, it.end) for it in self.addresses]
        found = person_names.find(self.text, beside)
        return (
            [
                *found,
                *person_names_en.find(
                    self.text, [*beside, *((it.start, it.end) for it in (*self.mails, *self.abroad))]
                ),
            ]
            if self.has_latin
            else found
        )

    def before(self, at: int, reach: int) -> str:
        return self.text[max(0, at - reach) : at]

    def after(self, at: int, reach: int) -> str:
        return self.text[at : at + reach]
