"""New moons by Meeus, Astronomical Algorithms (2nd ed.), chapter 49: an independent check of the lunar table, good to some minutes
with these terms. The table itself was made from other theories."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

_EPOCH = datetime(2000, 1, 1, 12)
_SINES = (
    # coefficient, power of E, multiples of M (Sun), M' (Moon), F
    (-0.40720, 0, 0, 1, 0), (0.17241, 1, 1, 0, 0), (0.01608, 0, 0, 2, 0), (0.01039, 0, 0, 0, 2), (0.00739, 1, -1, 1, 0),
    (-0.00514, 1, 1, 1, 0), (0.00208, 2, 2, 0, 0), (-0.00111, 0, 0, 1, -2), (-0.00057, 0, 0, 1, 2), (0.00056, 1, 1, 2, 0),
    (-0.00042, 0, 0, 3, 0), (0.00042, 1, 1, 0, 2), (0.00038, 1, 1, 0, -2), (-0.00024, 1, -1, 2, 0), (-0.00007, 0, 2, 1, 0),
    (0.00004, 0, 0, 2, -2), (0.00004, 0, 3, 0, 0), (0.00003, 0, 1, 1, -2), (0.00003, 0, 0, 2, 2), (-0.00003, 0, 1, 1, 2),
    (0.00003, 0, -1, 1, 2), (-0.00002, 0, -1, 1, -2), (-0.00002, 0, 1, 3, 0), (0.00002, 0, 0, 4, 0),
)  # fmt: skip


def new_moon(lunation: int) -> datetime:
    """The time in UTC of a new moon; lunation 0 is that of 2000-01-06."""
    t = lunation / 1236.85
    days = (
        2451550.09766
        + 29.530588861 * lunation
        + 0.00015437 * t**2
        - 0.000000150 * t**3
        + 0.00000000073 * t**4
    )
    eccentricity = 1 - 0.002516 * t - 0.0000074 * t**2
    sun = math.radians(2.5534 + 29.10535670 * lunation - 0.0000014 * t**2 - 0.00000011 * t**3)
    moon = math.radians(201.5643 + 385.81693528 * lunation + 0.0107582 * t**2 + 0.00001238 * t**3)
    latitude = math.radians(160.7108 + 390.67050284 * lunation - 0.0016118 * t**2 - 0.00000227 * t**3)
    node = math.radians(124.7746 - 1.56375588 * lunation + 0.0020672 * t**2)
    days += sum(c * eccentricity**e * math.sin(s * sun + m * moon + f * latitude) for c, e, s, m, f in _SINES)
    days += -0.00017 * math.sin(node)
    year = 2000 + t * 100
    dynamical = 62.92 + 0.32217 * (year - 2000) + 0.005589 * (year - 2000) ** 2 if year > 1960 else 25
    return _EPOCH + timedelta(days=days - 2451545, seconds=-dynamical)
