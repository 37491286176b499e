"""The kinds of personal data, one file each: what counts, by which rule, from which source, with a table of cases.

A new kind is a file here, a line in this list, a name in span.Kind and a word in placeholders. tests/permit/mask reads every table.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TypeAlias

from mingbai.permit.mask.kinds import (
    address,
    alipay,
    bank_card,
    birth_date,
    email,
    ip,
    landline,
    masked_mobile,
    mobile,
    name,
    name_title,
    order_no,
    passport,
    plate,
    qq,
    resident_id,
    tax_code_old15,
    tracking_no,
    uscc,
    virtual_mobile,
    wechat,
)
from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Rule

# A cheap question of a reading: where its answer is nothing (False, no phones), the rule is not asked.
Gate: TypeAlias = Callable[[Reading], object]


def _some(characters: str) -> Gate:
    wanted = frozenset(characters)
    return lambda reading: not wanted.isdisjoint(reading.characters)


RULES: tuple[tuple[Rule, Gate], ...] = (
    (name, attrgetter("text")),
    (name_title, attrgetter("text")),
    (mobile, attrgetter("may_hold_phones")),
    (landline, attrgetter("has_number")),
    (virtual_mobile, attrgetter("phones")),
    (masked_mobile, attrgetter("phones")),
    (resident_id, attrgetter("has_number_or_long")),
    (bank_card, attrgetter("has_long_number")),
    (uscc, attrgetter("has_long_number")),
    (passport, attrgetter("has_number")),
    (plate, _some(plate.PROVINCES)),
    (address, attrgetter("any_address")),
    (email, attrgetter("may_hold_mail")),
    (wechat, _some(wechat.SAID)),
    (qq, _some(qq.SAID)),
    (alipay, _some("支zZaA2")),
    (ip, _some(".:")),
    (order_no, attrgetter("order_numbers")),
    (tracking_no, attrgetter("trackings")),
    (birth_date, _some("生bBdD")),
    (tax_code_old15, attrgetter("tax_codes")),
)
