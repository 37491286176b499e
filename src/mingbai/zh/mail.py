"""E-mail addresses in a text, also as people hide or mistype them: ａ＠ｂ．ｃｏｍ, [at], (at), " at … dot com", #qq.com.

Reported as they are meant (`value`), never rewritten in the text. Not covered: addresses in scripts other than Latin.
"""

from __future__ import annotations

import re

from mingbai.values.errors import Text
from mingbai.zh.found import Found
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow

_LOCAL = r"[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_+-])?"
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2,24}"
_PLAIN = re.compile(rf"(?<![A-Za-z0-9._%+-]){_LOCAL}\s?@\s?{_DOMAIN}(?![A-Za-z0-9-])")
_HIDDEN = re.compile(
    rf"(?<![A-Za-z0-9._%+-]){_LOCAL} ?(?:\[ ?at ?\]|\( ?at ?\)|\{{ ?at ?\}}|艾特|#(?=(?:qq|163|126|gmail|outlook|foxmail|sina|hotmail)\b)) ?"
    r"[A-Za-z0-9-]{1,63}(?: ?(?:\.|。|\[ ?dot ?\]|\( ?dot ?\)|点) ?[A-Za-z0-9-]{2,63}){1,4}(?![A-Za-z0-9-])"
    rf"|(?<![A-Za-z0-9._%+-]){_LOCAL}@[A-Za-z0-9-]{{1,63}}(?:[。．,]|点| dot )[A-Za-z]{{2,24}}(?![A-Za-z0-9-])",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"[@[({]|艾特|#(?=qq|163|126|gmail|outlook|foxmail|sina|hotmail)", re.IGNORECASE
)  # without one of these nothing is hidden
_AT = re.compile(r"\s*(?:@|\[ ?at ?\]|\( ?at ?\)|\{ ?at ?\}|艾特|#)\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*(?:[。．,点]|\[ ?dot ?\]|\( ?dot ?\)|(?<= )dot(?= ))\s*", re.IGNORECASE)
_SLIPS = {"qq.con": "qq.com", "gmail.con": "gmail.com", "163.con": "163.com", "gmial.com": "gmail.com", "qq.cm": "qq.com",
          "gmail.co": "gmail.com", "hotmial.com": "hotmail.com", "outlok.com": "outlook.com", "126.con": "126.com"}  # fmt: skip


def problem(address: str) -> Text | None:
    """RFC 5321 in the form that mailbox providers accept; a likely slip of the domain is named, not mended."""
    if len(address) > 254 or not _PLAIN.fullmatch(address) or ".." in address:
        return Text("邮箱应形如 name@example.com。", "An e-mail address looks like name@example.com.")
    domain = address.rpartition("@")[2].lower()
    if domain in _SLIPS:
        return Text(
            f"域名是 {domain}，是否应为 {_SLIPS[domain]}？",
            f"The domain is {domain}. Is it {_SLIPS[domain]}?",
        )
    return None


def find(text: str) -> list[Found]:
    return find_in(narrow(text))


def find_in(shown: Mapped) -> list[Found]:
    out = []
    for hit in _PLAIN.finditer(shown.text) if "@" in shown.text else ():
        value = re.sub(r"\s", "", hit[0])
        start, end = shown.back(*hit.span())
        out.append(Found(start, end, "email", value, problem(value), 1.0))
    for hit in _HIDDEN.finditer(shown.text) if _SIGN.search(shown.text) else ():
        start, end = shown.back(*hit.span())
        if any(start < it.end and it.start < end for it in out):
            continue
        value = re.sub(r"\s", "", _DOT.sub(".", _AT.sub("@", hit[0], count=1)))
        out.append(Found(start, end, "email", value, problem(value), 0.9))
    return out
