"""What search knows of one product, policy or review: its fields for the keyword leg and its passages for the dense one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    PRODUCT = "product"
    POLICY = "policy"
    REVIEW = "review"


KINDS = tuple(Kind)

# How much a word counts by where it stands. A title names the thing; a description also names what it is not, but what it
# says again and again is its subject: up to a quarter more (terms.of_document).
FIELDS = {"title": 1.0, "option": 0.92, "category": 0.88, "tag": 0.95, "attribute": 0.85, "heading": 0.85,
          "brand": 0.9, "rule": 0.55, "body": 0.55, "review": 0.6}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is one of FIELDS."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant as filters see it: is it to be had, and for how many minor units of which currency."""

    sku: str
    in_stock: bool
    prices: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """`key` is the product_no, document_no or review_no. `passages` are what the encoder reads."""

    kind: Kind
    key: str
    fields: tuple[Field, ...]
    passages: tuple[str, ...]
    deep: tuple[str, ...] = ()  # what the slow, better encoder reads: less
    category: str = ""
    offers: tuple[Offer, ...] = ()
