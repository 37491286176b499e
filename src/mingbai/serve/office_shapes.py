"""The office's shapes: what its routes take, and what they give, for parsing and for /openapi.json."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from mingbai.serve.documents import Answer
from mingbai.serve.schema import WHOLE, Shape
from mingbai.serve.shapes import BothSaid, LawSaid, Scope, Short, Words

Count = Annotated[int, Field(ge=0, le=1_000_000), WHOLE]


class ImportStart(Shape):
    dry_run: bool = False
    profile: Short = ""
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    timezone: Short = ""


class Nothing(Shape):
    """An empty object."""


class Explained(Shape):
    """A question to the rules; which fields count depends on `ask`."""

    ask: Literal["see", "change", "send"]
    caller: Literal["visitor", "customer", "staff", "owner", "engineer"] = "customer"
    data: Literal["public", "aggregate", "personal", "sensitive"] = "personal"
    relation: Literal["own", "proven", "other"] = "own"
    purpose: Literal[
        "service", "delivery", "refund", "invoice", "dispute", "rights", "marketing", "training"
    ] = "service"  # fmt: skip
    masked: bool = False
    has_case: bool = False
    confirmed: bool = True
    within_limit: bool = True
    place: Short = "local"
    region: Literal["CN", "EU", "other"] = "CN"
    child: bool = False
    separate_consent: bool = False
    route: Literal[
        "none", "cn-contract", "cn-certification", "cn-assessment", "eu-adequacy", "eu-scc-tia"
    ] = "none"
    consents: Annotated[tuple[Short, ...], Field(max_length=8)] = ()


class ConsentSaid(Shape):
    state: Literal["given", "refused", "withdrawn"]
    purpose: Literal["service", "marketing", "training", "research"]
    notice: Annotated[str, Field(min_length=1, max_length=64)]
    lang: Literal["zh", "en"] = "zh"
    category: Short = "conversation"
    region: Short = "CN"
    basis: Literal["consent", "separate-consent", "guardian-consent"] = "consent"
    how: Words = "staff"


class NoticeSaid(Shape):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    lang: Literal["zh", "en"] = "zh"
    text: Annotated[str, Field(min_length=1, max_length=50_000)]


class Really(Shape):
    """The customer's number once more: what is erased does not come back."""

    really: Annotated[str, Field(min_length=1, max_length=64)]


class KeyAsked(Shape):
    scope: Scope
    label: Annotated[str, Field(max_length=100)] = ""
    shop: Short = ""
    days: Annotated[int, Field(ge=1, le=3650), WHOLE] = 90


Amount = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})? [A-Z]{3}$")]


class LimitSaid(Shape):
    most: Annotated[list[Amount], Field(max_length=20)]
    per_hour: Count
    shop_per_hour: Count


class LimitsSaid(Shape):
    """Null: no bound."""

    customer: LimitSaid | None
    staff: LimitSaid | None
    owner: LimitSaid | None
    night_from: Annotated[int, Field(ge=0, le=24), WHOLE]
    night_to: Annotated[int, Field(ge=0, le=24), WHOLE]


class FileSaid(Answer):
    name: str
    bytes: int


class ImportMade(Answer):
    import_: Annotated[str, Field(alias="import")]


class ImportSaid(ImportMade):
    """`report` is that of `mingbai import --json`."""

    seq: int
    state: Literal["receiving", "running", "done", "failed"]
    files: list[FileSaid]
    done: int
    total: int
    report: dict[str, Any] | None
    error: dict[str, Any] | None


class ImportsSaid(Answer):
    imports: list[ImportSaid]


class HitSaid(Answer):
    kind: str
    key: str
    title: str
    text: str
    score: float
    by: str


class SearchSaid(Answer):
    abstained: bool
    hits: list[HitSaid]


class ShopSaid(Answer):
    shop: str
    name: BothSaid
    rows: dict[str, int]
    orders_by_state: dict[str, int]
    files: dict[str, int]
    first_order_at: str | None
    last_order_at: str | None


class ReportRow(Answer):
    report: str
    suite: str
    at: str
    title: str


class ReportsSaid(Answer):
    reports: list[ReportRow]


class DaySaid(Answer):
    day: str
    answers: int
    refusals: int
    handoffs: int
    by_model: int
    tokens_in: int
    tokens_out: int
    energy_mj: int
    costs: dict[str, float]


class Quantiles(Answer):
    p50: float | None
    p95: float | None


class NowSaid(Answer):
    answers: int
    first_token_seconds: Quantiles
    answer_seconds: Quantiles
    tokens_per_second: Quantiles
    waiting: int
    slots_in_use: int


class FiguresSaid(Answer):
    by_day: list[DaySaid]
    now: NowSaid


class SendRow(Answer):
    data: str
    region: str
    masked: bool
    allowed: bool
    by: list[str]


class PlaceSaid(Answer):
    name: str
    operator: str
    country: str
    laws: list[str]
    kind: str
    url: str
    model: str
    retention: str
    enabled: bool
    sends: list[SendRow]


class PlacesSaid(Answer):
    places: list[PlaceSaid]


class RuleSaid(Answer):
    id: str
    effect: Literal["permit", "forbid"]
    zh: str
    en: str
    laws: list[LawSaid]


class PolicySaid(Answer):
    """`matrix`: who may see and change what, for service; the whole of it is at /v1/office/policy/matrix."""

    sha256: str
    rules: list[RuleSaid]
    matrix: dict[str, list[dict[str, Any]]]


class ConsentRow(Answer):
    seq: int
    purpose: str
    category: str
    state: str
    notice: str
    version: int
    lang: str
    region: str
    basis: str
    at: str
    how: str


class ConsentsSaid(Answer):
    agrees: list[str]
    rows: list[ConsentRow]


class NoticeRow(Answer):
    id: str
    version: int
    lang: str
    sha256: str


class NoticesSaid(Answer):
    notices: list[NoticeRow]


class PersonSaid(Answer):
    """What is kept of a person, or what was erased: its stores depend on the home."""

    customer: str
    stores: dict[str, Any]


class KeyRow(Answer):
    id: str
    scope: Scope
    shop: str
    label: str
    created: int
    expires: int
    revoked: int | None


class KeyMade(KeyRow):
    """`key` is shown this once."""

    key: str


class KeysSaid(Answer):
    keys: list[KeyRow]


SHAPES = (
    ImportStart, Nothing, Explained, ConsentSaid, NoticeSaid, Really, KeyAsked, LimitsSaid, ImportMade, ImportSaid, ImportsSaid, SearchSaid, ShopSaid, ReportsSaid, FiguresSaid, PlacesSaid, PolicySaid, ConsentRow, ConsentsSaid, NoticeRow, NoticesSaid, PersonSaid, KeyRow, KeyMade, KeysSaid, FileSaid,
)  # fmt: skip
