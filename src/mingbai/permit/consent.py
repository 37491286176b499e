"""The consent ledger: who agreed to what, by which words, and whether they took it back. Rows are only ever added.

Fields follow ISO/IEC TS 27560:2023; `dpv` writes a record in W3C DPV's terms. A person stands in it as an HMAC that only
this home can make, never by name. No row is no consent.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from mingbai.permit.vault.vault import Erased, Vault
from mingbai.receipt.pages import IN_CLEAR, connect
from mingbai.values.errors import BadInput, NotFound, Text
from mingbai.values.json import JsonObject

Purpose: TypeAlias = Literal["service", "marketing", "training", "research"]
State: TypeAlias = Literal["given", "refused", "withdrawn"]
Basis: TypeAlias = Literal["consent", "separate-consent", "guardian-consent"]
PURPOSES, STATES, BASES = get_args(Purpose), get_args(State), get_args(Basis)
DPV_PURPOSE = {
    "service": "dpv:ServiceProvision", "marketing": "dpv:Marketing", "training": "dpv:TrainingAI", "research": "dpv:ResearchAndDevelopment",
}  # fmt: skip
DPV_STATE = {
    "given": "dpv:ConsentGiven",
    "refused": "dpv:ConsentRefused",
    "withdrawn": "dpv:ConsentWithdrawn",
}
TABLES = """
CREATE TABLE IF NOT EXISTS notice (
    id TEXT, version INTEGER, lang TEXT, sha256 TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (id, version, lang));
CREATE TABLE IF NOT EXISTS consent (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, subject BLOB NOT NULL, purpose TEXT NOT NULL, category TEXT NOT NULL,
    notice TEXT NOT NULL, version INTEGER NOT NULL, lang TEXT NOT NULL, region TEXT NOT NULL, basis TEXT NOT NULL,
    state TEXT NOT NULL, at TEXT NOT NULL, how TEXT NOT NULL, proof TEXT NOT NULL, supersedes INTEGER,
    FOREIGN KEY (notice, version, lang) REFERENCES notice (id, version, lang));
CREATE INDEX IF NOT EXISTS newest ON consent (subject, purpose, seq);
CREATE TRIGGER IF NOT EXISTS consent_stays BEFORE UPDATE ON consent BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS consent_is_kept BEFORE DELETE ON consent BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS notice_stays BEFORE UPDATE ON notice BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS notice_is_kept BEFORE DELETE ON notice BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""
SEALED = "sealed:"
COLUMNS = "seq, purpose, category, notice, version, lang, region, basis, state, at, how, proof, supersedes"


@dataclass(frozen=True, slots=True)
class Notice:
    """The words that a person was shown. A change of one word is a new version."""

    id: str
    version: int
    lang: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Consent:
    """`how`: the channel and the act (`counter: ticked`); `proof`: SHA-256 of what shows it, never the thing itself. It lies
    under the person's key and is "" once they are erased."""

    seq: int
    purpose: Purpose
    category: str  # what kind of data: conversation, order, contact; several with commas between
    notice: str
    version: int
    lang: str
    region: str
    basis: Basis
    state: State
    at: datetime
    how: str
    proof: str
    supersedes: int | None


class Consents:
    """`tag` makes a person's HMAC (the vault's), `keys` seal their proofs; safe between processes."""

    def __init__(self, path: Path, tag: Callable[[str], bytes], keys: Vault | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path, self._tag, self._keys = path, tag, keys
        self._pages = keys.pages if keys is not None else IN_CLEAR
        self._pages.ready(path)
        with self._opened() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(TABLES)
        path.chmod(0o600)

    def publish(self, notice_id: str, lang: str, text: str, at: datetime) -> Notice:
        """The notice's next version, or the one that has these words already."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        with self._opened() as db:
            db.execute("BEGIN IMMEDIATE")
            row = db.execute(
                "SELECT version, sha256 FROM notice WHERE id = ? AND lang = ? ORDER BY version DESC LIMIT 1",
                (notice_id, lang),
            ).fetchone()
            if row is not None and row[1] == digest:
                return Notice(notice_id, row[0], lang, digest)
            version = 1 if row is None else row[0] + 1
            db.execute(
                "INSERT INTO notice VALUES (?, ?, ?, ?, ?, ?)",
                (notice_id, version, lang, digest, text, _written(at)),
            )
            db.execute("COMMIT")
        return Notice(notice_id, version, lang, digest)

    def record(
        self, person: str, state: State, *, purpose: Purpose, category: str, notice: Notice, region: str, at: datetime,
        how: str, basis: Basis = "consent", proof: str = "",
    ) -> Consent:  # fmt: skip
        """Raises `BadInput` for a withdrawal of what was never given."""
        if purpose not in PURPOSES or state not in STATES or basis not in BASES:
            raise BadInput(
                Text("用途、状态或依据不在清单里。", "The purpose, state or basis is not on the list."),
                Text(f"用途：{'、'.join(PURPOSES)}。", f"Purposes: {', '.join(PURPOSES)}."),
            )
        subject = self._tag(person)
        if proof and self._keys is not None:
            proof = SEALED + self._keys.seal(person, proof.encode(), b"consent").hex()
        with self._opened() as db:
            db.execute("BEGIN IMMEDIATE")
            before = db.execute(
                "SELECT seq, state FROM consent WHERE subject = ? AND purpose = ? ORDER BY seq DESC LIMIT 1",
                (subject, purpose),
            ).fetchone()
            if state == "withdrawn" and (before is None or before[1] != "given"):
                raise BadInput(
                    Text(
                        "这项用途没有生效的同意可以撤回。",
                        "There is no live consent to withdraw for this purpose.",
                    ),
                    Text("用 mingbai consent show 查看。", "See mingbai consent show."),
                )
            values = (
                purpose,
                category,
                notice.id,
                notice.version,
                notice.lang,
                region,
                basis,
                state,
                _written(at),
                how,
                proof,
            )
            cursor = db.execute(
                "INSERT INTO consent (subject, purpose, category, notice, version, lang, region, basis, state, at, how, "
                "proof, supersedes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (subject, *values, before[0] if before else None),
            )
            seq = cursor.lastrowid
            db.execute("COMMIT")
        return next(row for row in self.history(person) if row.seq == seq)

    def live(self, person: str) -> frozenset[str]:
        """The purposes that this person agrees to now: what the policy asks."""
        newest = {row.purpose: row.state for row in self.history(person)}
        return frozenset(purpose for purpose, state in newest.items() if state == "given")

    def given(self, person: str, purpose: Purpose) -> Consent | None:
        """The consent that this person's data may be used by for that purpose now."""
        newest = [row for row in self.history(person) if row.purpose == purpose][-1:]
        return newest[0] if newest and newest[0].state == "given" else None

    def newest_seq(self) -> int:
        """Of the whole ledger: who remembers what was agreed to looks again when it has grown."""
        with self._opened() as db:
            return int(db.execute("SELECT coalesce(max(seq), 0) FROM consent").fetchone()[0])

    def ended(self, purpose: Purpose, after: int) -> list[tuple[bytes, int]]:
        """Every no to a purpose after that number: whose tag, and its own number. A later yes does not undo it."""
        with self._opened() as db:
            rows = db.execute(
                "SELECT subject, seq FROM consent WHERE purpose = ? AND seq > ? AND state != 'given' ORDER BY seq",
                (purpose, after),
            ).fetchall()
        return [(bytes(subject), int(seq)) for subject, seq in rows]

    def history(self, person: str) -> list[Consent]:
        """Oldest first."""
        with self._opened() as db:
            rows = db.execute(
                f"SELECT {COLUMNS} FROM consent WHERE subject = ? ORDER BY seq", (self._tag(person),)
            ).fetchall()
        return [_consent(*row[:-2], self._proof(row[-2]), row[-1]) for row in rows]

    def end(self, person: str, at: datetime, how: str) -> list[str]:
        """Withdraw every consent that this person still gives; the purposes. Each under the notice it was given by."""
        ended: list[str] = []
        for row in [r for r in self.history(person) if r.state == "given"]:
            if row.purpose in self.live(person):
                notice = Notice(row.notice, row.version, row.lang, "")
                self.record(
                    person, "withdrawn", purpose=row.purpose, category=row.category, notice=notice, region=row.region,
                    at=at, how=how, basis=row.basis,
                )  # fmt: skip
                ended.append(row.purpose)
        return ended

    def _proof(self, proof: str) -> str:
        if not proof.startswith(SEALED):
            return proof
        if self._keys is None:
            return ""
        try:
            return self._keys.open(bytes.fromhex(proof.removeprefix(SEALED)), b"consent").decode()
        except Erased:
            return ""

    def notice(self, notice_id: str, version: int, lang: str) -> str:
        with self._opened() as db:
            row = db.execute(
                "SELECT text FROM notice WHERE id = ? AND version = ? AND lang = ?",
                (notice_id, version, lang),
            ).fetchone()
        if row is None:
            raise NotFound(
                Text("没有这个版本的告知书。", "There is no such version of the notice."),
                Text("用 mingbai consent publish 发布。", "Publish one with mingbai consent publish."),
            )
        return str(row[0])

    def newest(self, notice_id: str, lang: str) -> Notice:
        with self._opened() as db:
            row = db.execute(
                "SELECT version, sha256 FROM notice WHERE id = ? AND lang = ? ORDER BY version DESC LIMIT 1",
                (notice_id, lang),
            ).fetchone()
        if row is None:
            self.notice(notice_id, 0, lang)
        return Notice(notice_id, row[0], lang, row[1])

    def notices(self) -> list[Notice]:
        """The newest version of each, in each language."""
        with self._opened() as db:
            rows = db.execute(
                "SELECT id, max(version), lang, sha256 FROM notice GROUP BY id, lang ORDER BY id, lang"
            ).fetchall()
        return [Notice(*row) for row in rows]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(connect(self._pages, self._path)) as db:
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA foreign_keys=ON")
            yield db


def dpv(rows: list[Consent], controller: str) -> JsonObject:
    """The records as JSON-LD in W3C DPV's terms, with the fields of ISO/IEC TS 27560."""
    return {
        "@context": {"dpv": "https://w3id.org/dpv#", "dct": "http://purl.org/dc/terms/"},
        "@graph": [
            {
                "@id": f"urn:mingbai:consent:{row.seq}",
                "@type": "dpv:ConsentRecord",
                "dct:conformsTo": "ISO/IEC TS 27560:2023",
                "dpv:hasDataController": controller,
                "dpv:hasPurpose": DPV_PURPOSE[row.purpose],
                "dpv:hasPersonalData": row.category,
                "dpv:hasLegalBasis": "dpv:ExplicitlyExpressedConsent",
                "dpv:hasConsentStatus": DPV_STATE[row.state],
                "dpv:hasNotice": f"{row.notice} v{row.version} ({row.lang})",
                "dpv:hasJurisdiction": row.region,
                "dpv:isIndicatedAtTime": row.at.isoformat(),
                "dpv:hasIndicationMethod": row.how,
                "dct:replaces": f"urn:mingbai:consent:{row.supersedes}" if row.supersedes else None,
            }
            for row in rows
        ],
    }


def _consent(*row: Any) -> Consent:
    seq, purpose, category, notice, version, lang, region, basis, state, at, how, proof, supersedes = row
    return Consent(
        seq, purpose, category, notice, version, lang, region, basis, state, datetime.fromisoformat(at), how, proof, supersedes
    )  # fmt: skip


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
