"""An append-only record of every turn: what was understood, which rows were read, what was checked, who phrased it.

No text of a customer and no text of an answer is in it: only salted digests, so that erasing the salt (or the text
elsewhere) leaves nothing to read. Each entry holds the digest of the one before it. Not covered yet: signatures,
checkpoints, proofs, and keeping the salt under the person's own key.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from mingbai.values.json import JsonObject
from mingbai.values.turn import Evidence, Turn

CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,31}")  # a client writes it: a name of ours, never words of a person
TABLE = """
CREATE TABLE IF NOT EXISTS turn (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, turn_no TEXT NOT NULL UNIQUE, shop TEXT NOT NULL, at TEXT NOT NULL,
    body TEXT NOT NULL, before TEXT NOT NULL, digest TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS no_change BEFORE UPDATE ON turn BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS no_removal BEFORE DELETE ON turn BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""


class TurnRecord:
    """The record of one home, in a file of its own. Safe between processes: entries are chained under a write lock."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = path
        with closing(self._open()) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(TABLE)

    def seal(self, turn: Turn) -> str:
        """Append the turn; on the disk when this returns. The id is the turn's own."""
        body = json.dumps(entry(turn, salt=secrets.token_hex(16)), ensure_ascii=False, sort_keys=True)
        with closing(self._open()) as db:
            db.execute("BEGIN IMMEDIATE")
            last = db.execute("SELECT digest FROM turn ORDER BY seq DESC LIMIT 1").fetchone()
            before = last[0] if last else ""
            digest = hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()
            db.execute(
                "INSERT INTO turn (turn_no, shop, at, body, before, digest) VALUES (?, ?, ?, ?, ?, ?)",
                (turn.turn_no, turn.shop, turn.now.isoformat(), body, before, digest),
            )
            db.execute("COMMIT")
        return turn.turn_no

    def get(self, turn_no: str) -> JsonObject | None:
        with closing(self._open()) as db:
            row = db.execute("SELECT body FROM turn WHERE turn_no = ?", (turn_no,)).fetchone()
        if row is None:
            return None
        body: JsonObject = json.loads(row[0])
        return body

    def faults(self) -> list[int]:
        """The `seq` of every entry that does not follow from the one before it; empty: the chain is whole."""
        wrong, before = [], ""
        with closing(self._open()) as db:
            for seq, body, said, digest in db.execute(
                "SELECT seq, body, before, digest FROM turn ORDER BY seq"
            ):
                if said != before or digest != hashlib.sha256(f"{before}\n{body}".encode()).hexdigest():
                    wrong.append(seq)
                before = digest
        return wrong

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        db.execute("PRAGMA synchronous=FULL")
        return db


def entry(turn: Turn, *, salt: str) -> JsonObject:
    """What is kept of a turn."""
    understood, reply = turn.understood, turn.reply
    return {
        "turn": turn.turn_no,
        "shop": turn.shop,
        "at": turn.now.isoformat(),
        "conversation": turn.conversation_no,
        "channel": turn.focus.channel if CHANNEL.fullmatch(turn.focus.channel) else "",
        "lang": understood.lang if understood else "",
        "intents": [
            {"name": g.intent, "p": round(g.p, 3), "by": g.by} for g in (understood.intents if understood else ())
        ],
        "evidence": [_evidence(e) for e in turn.evidence],
        "place": turn.place,
        "phrased_by": reply.phrased_by if reply else "",
        "tries": reply.tries if reply else 0,
        "failed_checks": [v.check for v in reply.verdicts if not v.passed] if reply else [],
        "salt": salt,
        "question": _commitment(salt, turn.text),
        "answer": _commitment(salt, reply.text if reply else ""),
        "seconds": {name: round(value, 4) for name, value in turn.seconds},
    }  # fmt: skip


def _evidence(e: Evidence) -> JsonObject:
    return {
        "intent": e.intent,
        "facts": [
            {
                "name": f.name,
                "rows": [f"{s.kind}:{s.key}" for s in f.sources],
                "rule": f.rule.id if f.rule else "",
            }
            for f in e.facts
        ],
        "passages": [f"{p.kind}:{p.key}" for p in e.passages],
        "refused": [r.rule for r in e.refusals],
        "needs": [n.slot for n in e.needs],
        "proposed": e.proposal.skill if e.proposal else "",
        "done": e.done.action_no if e.done else "",
        "handoff": e.handoff,
    }


def _commitment(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
