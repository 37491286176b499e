"""Tax numbers that stand on invoices: 统一社会信用代码, the 15-digit number before 2015, and EU VAT numbers.

GB 32100-2015 gives the unified code: 18 characters without I O Z S V, weights 3^(i-1) mod 31, one check character, and
inside it the organisation code of GB 11714-1997 with a check of its own. Wrong characters are named, never replaced.
"""

from __future__ import annotations

import re
from operator import mul

from mingbai.values.errors import Text
from mingbai.zh.divisions import table
from mingbai.zh.found import Found
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_WORTH = bytes(max(0, ALPHABET.find(chr(at))) for at in range(256))
_VALUES = {character: value for value, character in enumerate(ALPHABET)}

# Registering department and kind (GB 32100-2015 table 2 and the rules of 2015-12-29): 91 company, 92 sole trader,
# 93 farmers' cooperative, 11 state organ, 12 public institution, 13 others, 51 association, 52 private non-enterprise, 53 foundation …
KINDS = {
    "11": Text("机关", "state organ"), "12": Text("事业单位", "public institution"), "13": Text("中央编办群团", "mass organisation"),
    "51": Text("社会团体", "association"), "52": Text("民办非企业单位", "private non-enterprise unit"), "53": Text("基金会", "foundation"),
    "91": Text("企业", "company"), "92": Text("个体工商户", "sole trader"), "93": Text("农民专业合作社", "farmers' cooperative"),
}  # fmt: skip
_SHAPE = re.compile("[0-9A-Z]{18}")
_FOREIGN = re.compile("[IOSVZ]")
_FIRST = frozenset("123456789ANY")
_SOUND = re.compile(rf"[{''.join(sorted(_FIRST))}][{ALPHABET}][0-9]{{6}}[{ALPHABET}]{{10}}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

CUE = re.compile(
    r"税号|稅號|纳税人|納稅人|信用代码|信用代碼|社会信用|统一代码|识别号|統編|统编|(?i:tax|vat|uscc|ust)"
)
CUE_WINDOW = 16
_USCC_IN_TEXT = re.compile(
    r"[0-9A-Za-z](?<![0-9A-Za-z].)[ -]?[0-9A-Za-z](?:[ -]?\d){6}(?:[ -]?[0-9A-Za-z]){10}(?![0-9A-Za-z])"
)
_OLD_IN_TEXT = re.compile(r"\d(?<![0-9A-Za-z].)\d{5}[0-9A-Za-z]{9}(?![0-9A-Za-z])")
_LOOSE_IN_TEXT = re.compile(r"[0-9A-Za-z](?<![0-9A-Za-z].)[0-9A-Za-z]{14,19}(?![0-9A-Za-z])")
_VAT_IN_TEXT = re.compile(
    r"[ABDEFINP](?<![0-9A-Za-z].)(?:(?<=D)E ?\d{3} ?\d{3} ?\d{3}|(?:(?<=A)T ?U|(?<=B)E ?[01]|(?<=F)R ?[0-9A-Z]{2} ?|(?<=I)T ?|(?<=E)S ?[0-9A-Z]|(?<=N)L ?|(?<=P)L ?)[0-9B ]{8,12}\d)(?![0-9A-Za-z])"
)


def uscc_check_character(first17: str) -> str:
    """Raises KeyError where a character is outside the alphabet."""
    if not _VALUES.keys() >= set(first17):
        raise KeyError(first17)
    return _check(first17)


def _check(first17: str) -> str:
    """Of characters that are of the alphabet."""
    total = sum(map(mul, first17.encode().translate(_WORTH), WEIGHTS))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(first8: str) -> str:
    """GB 11714-1997: letters count A=10 … Z=35; 11 - sum mod 11, where 10 is X and 11 is 0."""
    total = sum(
        int(character, 36) * weight for character, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def uscc_problem(code: str) -> Text | None:
    """What is wrong with an 18-character code, None if nothing is."""
    code = code.upper()
    if not _SHAPE.fullmatch(code):
        return Text(
            f"统一社会信用代码应是 18 位数字或字母，这里有 {len(code)} 位。",
            f"A unified social credit code has 18 letters and digits; this has {len(code)} characters.",
        )
    if foreign := _FOREIGN.search(code):
        place, character = foreign.start() + 1, foreign[0]
        likely = {"O": "0", "I": "1", "Z": "2", "S": "5"}.get(character, "")
        return Text(
            f"第 {place} 位是 {character}，而代码里没有 I、O、Z、S、V"
            + (f"，是否应为 {likely}？" if likely else "。"),
            f"Character {place} is {character}; the code never holds I, O, Z, S or V"
            + (f". Is it a {likely}?" if likely else "."),
        )
    if code[0] not in _FIRST:
        return Text("首位不是任何登记管理部门的代码。", "The first character is no registering department's.")
    if not code[2:8].isdigit():
        return Text(
            "第 3 至 8 位应是行政区划码（数字）。",
            "Characters 3 to 8 are a division's code and must be digits.",
        )
    if _check(code[:17]) != code[17]:
        return Text(
            "末位校验码不符，可能有一位打错了。", "The check character does not fit: one may be mistyped."
        )
    return None


def _is_sound(code: str) -> bool:
    """As `uscc_problem` says it, without the reason: many long numbers are asked, few are codes."""
    return _SOUND.fullmatch(code) is not None and _check(code[:17]) == code[17]


def organisation_code(code: str) -> str:
    """The nine characters inside a unified code (places 9 to 17) as GB 11714 writes them."""
    return f"{code[8:16]}-{code[16]}"


def old15_problem(code: str) -> Text | None:
    """The number before 2015: six digits of the division and a nine-character organisation code with its check."""
    code = code.upper()
    if not re.fullmatch("[0-9]{6}[0-9A-Z]{9}", code):
        return Text(
            "旧税号应是 6 位区划码加 9 位组织机构代码。",
            "An old tax number is 6 digits and a 9-character organisation code.",
        )
    if not table().knows(code[:6]):
        return Text("前六位不是行政区划码。", "The first six digits are no division's code.")
    if organisation_check_character(code[6:14]) != code[14]:
        return Text("组织机构代码的校验码不符。", "The organisation code's check character does not fit.")
    return None


def de_vat_problem(number: str) -> Text | None:
    """USt-IdNr.: DE and nine digits, ISO 7064 MOD 11,10 (Bundeszentralamt für Steuern)."""
    digits = number.upper().replace(" ", "").removeprefix("DE")
    if not re.fullmatch("[1-9][0-9]{8}", digits):
        return Text("德国增值税号是 DE 加 9 位数字。", "A German VAT number is DE and 9 digits.")
    product = 10
    for digit in digits[:8]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    if (11 - product) % 10 != int(digits[8]):
        return Text("德国增值税号的校验位不符。", "The German VAT number's check digit does not fit.")
    return None


def find(text: str) -> list[Found]:
    """Codes that pass, and those that fail but are announced (税号 …): kind `uscc`, `tax_code_old15` or `vat`."""
    return find_in(narrow(text))


def find_in(shown: Mapped, *, expected: bool = False) -> list[Found]:
    """`expected`: the text is known to speak of an invoice, so 18 letters and digits are meant as a code, right or not."""
    out: list[Found] = []

    cued: bool | None = None  # is one announced anywhere; asked when something is there to be announced

    def is_cued() -> bool:
        nonlocal cued
        if cued is None:
            text = shown.text
            if text.isascii():
                small = text.lower()
                cued = "tax" in small or "vat" in small or "uscc" in small or "ust" in small
            else:
                cued = CUE.search(text) is not None
        return cued

    def take(kind: str, hit: re.Match[str], wrong: Text | None, likely: float) -> None:
        announced = (is_cued() if cued is None else cued) and bool(
            CUE.search(shown.text, max(0, hit.start() - CUE_WINDOW), hit.start())
        )
        if expected and not announced:  # 18 digits alone may as well be an order's number
            bare = re.sub("[ -]", "", hit[0])
            announced = len(bare) == 18 and (not bare.isdigit() or bare[:2] in KINDS)
        confidence = (1.0 if wrong is None else 0.85) if announced else likely if wrong is None else 0.0
        if confidence:
            start, end = shown.back(*hit.span())
            out.append(Found(start, end, kind, re.sub("[ -]", "", hit[0]).upper(), wrong, confidence))

    for hit in _USCC_IN_TEXT.finditer(shown.text):
        code = hit[0].replace(" ", "").replace("-", "")
        if _is_sound(code.upper()) or expected or is_cued():
            take("uscc", hit, uscc_problem(code), 0.95 if code[:2] in KINDS else 0.7)
    long_enough = _LOOSE_IN_TEXT.search(shown.text)  # the two below are no longer than it
    for hit in _OLD_IN_TEXT.finditer(shown.text) if long_enough else ():
        likely = 0.7 if re.search("[A-Za-z]", hit[0]) else 0.45
        take("tax_code_old15", hit, old15_problem(hit[0]), likely)
    taken = {(it.start, it.end) for it in out} if expected or out else set()
    for hit in (
        _LOOSE_IN_TEXT.finditer(shown.text) if long_enough else ()
    ):  # announced as a tax number, of the wrong length or shape
        if not expected and not is_cued():
            break
        if shown.back(*hit.span()) not in taken and len(hit[0]) != 15:
            take("uscc", hit, uscc_problem(hit[0]), 0.0)
    for hit in _VAT_IN_TEXT.finditer(shown.text):
        if hit[0].startswith("DE"):
            take("vat", hit, de_vat_problem(hit[0]), 0.9)
        else:
            take("vat", hit, None, 0.0)
    return sorted(out, key=lambda it: (it.start, it.end))
