"""The kinds of personal data, one file each: what counts, by which rule, from which source, with a table of cases.

A new kind is a file here, a line in this list, a name in span.Kind and a word in placeholders. tests/permit/mask reads every table.
"""

from __future__ import annotations

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
from mingbai.permit.mask.span import Rule

# What may stand in a text without a single digit, Latin letter or @: the others are not asked then.
WITHOUT_DIGITS: tuple[Rule, ...] = (name, name_title, mobile, address, birth_date)
# Without a number, written or read aloud, these have nothing to look for.
OF_NUMBERS: frozenset[Rule] = frozenset({
    mobile, landline, virtual_mobile, masked_mobile, resident_id, bank_card, uscc, passport, qq, order_no, tracking_no, tax_code_old15,
})  # fmt: skip
RULES: tuple[Rule, ...] = (
    name, name_title, mobile, landline, virtual_mobile, masked_mobile, resident_id, bank_card, uscc, passport, plate, address,
    email, wechat, qq, alipay, ip, order_no, tracking_no, birth_date, tax_code_old15,
)  # fmt: skip
