"""Amounts in words for invoices and bills (大写), both ways.

Rules: 中国人民银行《支付结算办法》(银发〔1997〕393号) 附件一《正确填写票据和结算凭证的基本规定》:
1. to the 元: ends with 整 (or 正); to the 角: it may; to the 分: it may not.
2. inner zeros are one 零; 元 then 分 without 角 needs 零 after 元.
3. where the 万 or 元 digit is 0 but the 千 or 角 digit is not, one 零 is written or none: 107000.53 has two forms.
"""

from __future__ import annotations

import re

from mingbai.values.errors import BadInput, Text
from mingbai.values.money import Money
from mingbai.zh.numerals import spell_whole
from mingbai.zh.numerals_read import FORMAL_AND_PLAIN, LONGEST, digits, whole
from mingbai.zh.width import normalise

LABEL = "人民币"
_LARGEST = 10**18  # fen: numerals are spelt below 10^16 yuan
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_ONE = "零〇○一二三四五六七八九壹贰叁参肆伍陆柒捌玖两"
_WORDS = re.compile(
    rf"(?P<minus>负)?(?:(?P<yuan>[{FORMAL_AND_PLAIN}参]{{1,{LONGEST}}})[元圆块])?"
    rf"(?:[零〇]?(?P<jiao>[{_ONE}])[角毛])?(?:[零〇]?(?P<fen>[{_ONE}])分)?[钱整正]?"
)
_BEFORE = re.compile(r"(?:人民币|RMB|CNY|¥|大写|金额|合计|[:：()（）\s]){0,8}")
# 壹万贰 in formal digits: 10,002 without its 零, or 12,000 as people say it? Nobody can know.
_OMITTED = re.compile(r"[万亿仟佰][壹贰叁参肆伍陆柒捌玖]$")


def in_words(money: Money, *, label: str = LABEL) -> str:
    """人民币壹仟肆佰零玖元伍角. Raises BadInput for other currencies and from 10^16 yuan on."""
    return accepted_forms(money, label=label)[0]


def accepted_forms(money: Money, *, label: str = LABEL) -> tuple[str, ...]:
    """Every form the rules allow with 元 and 整; ours first. 圆 and 正 may stand for those."""
    if money.currency != "CNY":
        raise BadInput(
            Text(
                f"大写金额只用于人民币，这笔是 {money.currency}。",
                f"Only CNY is written in these words, not {money.currency}.",
            ),
            Text("请先换算成人民币，或用数字书写。", "Convert it to CNY first, or write it in digits."),
        )
    if abs(money.minor) >= _LARGEST:
        raise BadInput(
            Text(
                "金额超过一亿亿元，无法写成大写。",
                "Amounts of 10^16 yuan and more cannot be written in words.",
            ),
            Text("请检查金额。", "Check the amount."),
        )
    yuan, rest = divmod(abs(money.minor), 100)
    jiao, fen = divmod(rest, 10)
    sign = label + ("负" if money.minor < 0 else "")
    small = (f"{_DIGITS[jiao]}角" if jiao else "") + (f"{_DIGITS[fen]}分" if fen else "")
    if not yuan:
        return tuple(sign + it for it in _ends(small, jiao, fen)) if small else (f"{sign}零元整",)
    whole_yuan = spell_whole(yuan, formal=True)
    with_zero = _zero_in_whole(yuan, whole_yuan)
    if not small:
        forms = [f"{it}元整" for it in (whole_yuan, *with_zero)]
    elif not jiao:
        forms = [f"{it}元零{small}" for it in (whole_yuan, *with_zero)]
    elif yuan % 10 == 0:
        forms = [f"{whole_yuan}元零{small}", *(f"{it}元{small}" for it in with_zero or (whole_yuan,))]
    else:
        forms = [f"{it}元{small}" for it in (whole_yuan, *with_zero)]
    return tuple(sign + ended for form in forms for ended in _ends(form, jiao, fen))


def accepts(text: str, money: Money) -> bool:
    """Whether these words are one of the accepted forms of the amount, label or not, 圆 for 元 and 正 for 整."""
    plain = normalise(text).text.replace("圆", "元").replace("正", "整").replace(" ", "")
    return plain.removeprefix(LABEL) in accepted_forms(money, label="")


def from_words(text: str) -> Money | None:
    """What the whole text says in words: formal or plain numerals, 圆/元/块, 角/毛, 万 in 亿, 廿, 两. None when it is none."""
    if len(text) > 3 * LONGEST:
        return None
    plain = re.sub(r"\s", "", normalise(text).text)
    words = _WORDS.fullmatch(plain, _BEFORE.match(plain).end())  # type: ignore[union-attr]  # matches the empty text
    if not words or not (words["yuan"] or words["jiao"] or words["fen"]):
        return None
    yuan = whole(words["yuan"]) if words["yuan"] else 0
    if yuan is None or _OMITTED.search(words["yuan"] or ""):
        return None
    fen = yuan * 100 + _one(words["jiao"]) * 10 + _one(words["fen"])
    return Money(-fen if words["minus"] else fen, "CNY")


def _one(said: str | None) -> int:
    return int(digits(said) or 0) if said else 0


def _ends(form: str, jiao: int, fen: int) -> tuple[str, ...]:
    return (form, f"{form}整") if jiao and not fen else (form,)


def _zero_in_whole(yuan: int, spelt: str) -> tuple[str, ...]:
    """The other form of rule 3: 壹拾万柒仟 may be 壹拾万零柒仟 (the 万 or 亿 digit is 0, the 千 below it is not)."""
    for unit, worth in (("万", 10**4), ("亿", 10**8)):
        above, below = divmod(yuan, worth)
        thousands = below // (worth // 10)
        if above and above % 10 == 0 and thousands and f"{unit}{_DIGITS[thousands]}" in spelt:
            at = spelt.rindex(unit) + 1
            return (spelt[:at] + "零" + spelt[at:],)
    return ()
