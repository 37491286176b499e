"""Money: integer minor units (fen, cents) with an ISO 4217 currency. Never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 minor units of the currencies whose exponent is not 2.
EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "XAF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`minor` units of `currency`; 3.50 yuan is `Money(350, "CNY")`."""

    minor: int
    currency: str

    @staticmethod
    def of(major: Decimal | int | str, currency: str) -> Money:
        """From an amount in major units. Raises `ValueError` when it has more decimals than the currency knows."""
        scaled = Decimal(major).scaleb(exponent(currency))
        whole = scaled.to_integral_value(rounding=ROUND_HALF_UP)
        if whole != scaled:
            raise ValueError(f"{major} has too many decimals for {currency}")
        return Money(int(whole), currency)

    @property
    def major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        return f"{self.major:.{exponent(self.currency)}f} {self.currency}"

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def _same(self, other: Money) -> None:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added without a rate")


def exponent(currency: str) -> int:
    """How many decimals a currency's major unit has."""
    return EXPONENTS.get(currency, 2)
