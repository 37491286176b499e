"""IP addresses, IPv4 and IPv6. Four numbers with dots are as often a version: bare ones count only where they look used.

Rule: RFC 791 and RFC 4291 as `ipaddress` of the standard library reads them; words for versions before them rule them out.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "ip"
_V4 = re.compile(r"\d(?<![0-9A-Za-z.].)\d{0,2}(?:\.\d{1,3}){3}(?![0-9A-Za-z]|\.\d)")
_V6 = re.compile(
    r"(?<![0-9A-Za-z.])(?<![0-9A-Fa-f]:)(?<!::)(?=[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:)[0-9A-Fa-f:]{3,39}(?![0-9A-Za-z:])"
)
_VERSION = re.compile(
    r"(?:版本?号?|固件|型号|系统|章|节|条|(?i:version|ver|v|build|firmware|release|android|ios|os|sdk|driver))[ :.为是]*$"
)
_CUE = re.compile(r"(?i:ip|服务器|登录|登陆|server|host|address|访问|来自|from|gateway|网关)")


def find(reading: Reading) -> Iterator[Hit]:
    text = reading.text
    dotted = text.count(".") > 2 and reading.has_free_number
    cued = dotted and _CUE.search(text) is not None
    for hit in _V4.finditer(text) if dotted else ():
        written = hit[0].split(".")
        parts = [int(part) for part in written]
        if max(parts) > 255 or any(len(part) > 1 and part[0] == "0" for part in written):
            continue
        before = reading.before(hit.start(), 14)
        if cued and _CUE.search(before):
            yield Hit(*hit.span(), 0.95)
        elif parts[0] and sum(part >= 10 for part in parts) >= 2 and not _VERSION.search(before):
            yield Hit(*hit.span(), 0.85)
    for hit in _V6.finditer(text) if text.count(":") > 1 else ():
        said = hit[0]
        if (said.count(":") < 4 and not re.search("[0-9A-Fa-f]{3}", said)) or not _is_v6(said):
            continue
        yield Hit(*hit.span(), 0.95)


def _is_v6(said: str) -> bool:
    try:
        ipaddress.IPv6Address(said)
    except ValueError:
        return False
    return True


CASES: Cases = (
    ("登录IP 10.2.3.1", ("10.2.3.1",)),
    ("从192.168.1.15来的", ("192.168.1.15",)),
    ("2001:db8::8a2e:370:7334", ("2001:db8::8a2e:370:7334",)),
    ("登录IP:2001:db8:85a3:0:0:8a2e:370:7334", ("2001:db8:85a3:0:0:8a2e:370:7334",)),
    ("版本10.2.3.1", ()),
    ("v2.10.13.1", ()),
    ("12:30:45", ()),
)
