"""Check digits of carriers, each a function of the digits before it. Sources stand at each.

Numbers used to verify them are the published samples of tracking_number_data (MIT), see the tests.
"""

from __future__ import annotations

from collections.abc import Sequence


def s10(serial8: str) -> str:
    """UPU S10-12: weights 8 6 4 2 3 5 9 7 mod 11; 11 less the rest, where 10 counts 0 and 11 counts 5."""
    rest = (
        11
        - sum(int(digit) * weight for digit, weight in zip(serial8, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
        % 11
    )
    return str({10: 0, 11: 5}.get(rest, rest))


def sf(digits: str) -> str:
    """SF Express, of the 12 digits (or the 13 after SF), the last one left out: skip three, then from the right times
    1, 3, 5 …, tens and units of each product added, up to the next ten. Two public programs agree; SF publishes nothing."""
    return str(-sum(map(dict.__getitem__, _SF, reversed(digits[3:]))) % 10)


_SF = [
    {str(digit): (product := digit * (2 * place + 1)) // 10 % 10 + product % 10 for digit in range(10)}
    for place in range(40)
]


def ups(serial15: str) -> str:
    """UPS 1Z: letters count (code - 3) mod 10, even places double, up to the next ten (UPS tracking number guide)."""
    values = [int(character) if character.isdigit() else (ord(character) - 3) % 10 for character in serial15]
    return str(-(sum(values[::2]) + 2 * sum(values[1::2])) % 10)


def weighted_11_10(digits: str, weights: Sequence[int]) -> str:
    """FedEx Express: the weighted sum mod 11 mod 10."""
    return str(sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 % 10)


def mod7(digits: str) -> str:
    """DHL Express waybills: the number mod 7."""
    return str(int(digits) % 7)


def mod10(digits: str, odd: int, even: int) -> str:
    """GS1 and its kin: places counted from the right, weights `odd` for the first, `even` for the second …"""
    total = sum(int(digit) * (even if place % 2 else odd) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)
