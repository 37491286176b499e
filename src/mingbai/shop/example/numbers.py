"""Numbers of the right shape and with right check digits that belong to nobody: telephones, parcels, tax codes, orders."""

from __future__ import annotations

from datetime import date

from mingbai.shop.example.dice import Dice
from mingbai.zh import checks
from mingbai.zh.tax_codes import organisation_check_character, uscc_check_character


def mobile(place: int) -> str:
    """154 is assigned to no carrier."""
    return f"154{(place * 7_919_003 + 13_882_100) % 10**8:08d}"


def hong_kong(place: int) -> str:
    return f"+852 5550 {1000 + place * 37:04d}"


def taiwan(place: int) -> str:
    return f"0900-{100 + place:03d}-{500 + place:03d}"


# Blocks for films and plays: Bundesnetzagentur, Mitteilung 148/2021.
GERMAN_BLOCKS = {"30": "23125", "69": "90009", "40": "66969", "221": "4710", "89": "99998"}


def german(area: str, place: int) -> str:
    return f"+49 {area} {GERMAN_BLOCKS[area]} {100 + place:03d}"


def american(area: str, place: int) -> str:
    """555-0100 to 555-0199 are kept for fiction by the North American numbering plan."""
    return f"+1 {area} 555 01{place % 100:02d}"


def masked(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}"


def virtual(phone: str) -> str:
    """As platforms hide a number: another one with an extension; the extension is the real tail."""
    return f"154{int(phone[3:]) * 31 % 10**8:08d}-{phone[-4:]}"


def tracking(carrier: str, dice: Dice) -> str:
    match carrier:
        case "sf" | "sf_abroad":
            serial = "1" + dice.digits(11)
            return f"SF{serial}{checks.sf(serial)}"
        case "jd":
            return f"JD0{dice.digits(12)}"
        case "zto":
            return f"78{dice.digits(12)}"
        case "yto":
            return f"YT8{dice.digits(12)}"
        case "yun":
            return f"YT25{dice.digits(14)}"
        case "dhl_de":
            serial = f"00340{dice.digits(14)}"
            return serial + checks.mod10(serial, 3, 1)
        case "dhl_us":
            serial = f"4{dice.digits(8)}"
            return serial + checks.mod7(serial)
        case _:
            raise ValueError(carrier)


def tax_code(division: str, organisation: str) -> str:
    first17 = f"91{division}{organisation}{organisation_check_character(organisation)}"
    return first17 + uscc_check_character(first17)


def own_order(day: date, serial: int) -> str:
    return f"MB{day:%Y%m%d}-{serial:04d}"


def taobao_order(dice: Dice) -> str:
    return f"28{dice.digits(17)}"


def shopify_order(place: int) -> str:
    return f"#{1001 + place}"


def digital_invoice(day: date, dice: Dice) -> str:
    """数电发票: two digits of the year, two of the province (33: Zhejiang), then sixteen."""
    return f"{day:%y}33{dice.digits(16)}"
