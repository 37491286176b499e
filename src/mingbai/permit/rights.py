"""The rights of persons over what is kept of them: to know, to take it with them, to correct it, to be forgotten.

`Rights` is what the command line and the service's pages call, with plain values: a shop, a subject (a customer's id,
`order:NUMBER` for an order that no customer is known of, `visit:NAME` for a visitor's conversation), and who asks in whose
name. Everything that it does stands in the register. What erasing means, in this order:

1. Their keys are destroyed: rows, sealed contents of receipts, proofs of consent and old backups cannot be read from then on.
2. The ciphertext and what finds it leave the database and its write-ahead log; search takes their reviews out.
3. Facts of the trade stay under a pseudonym, receipts and proofs stay whole (retention.toml says by which law).
4. The erasure is an entry of the receipts' log; the certificate is that entry with its proof, and verifies as a receipt does.

Not covered: files that the shop imported from and keeps itself; a backup of the file of keys made before, which opens backups
of data made before, so it must live shortly; what was sent to other places before (receipts name them); a client's own copy
of a conversation.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from mingbai.permit.consent import Consents, dpv
from mingbai.permit.register import Entry, Register
from mingbai.permit.retention import CLASSES, Clock
from mingbai.permit.talks.store import Talks
from mingbai.permit.vault.vault import Erased, Vault
from mingbai.receipt.body import commitment
from mingbai.receipt.book import Receipts
from mingbai.values.errors import NotFound, Text
from mingbai.values.json import JsonObject, JsonValue

# What is kept of all shops together: the counter's conversations, and sealed contents of receipts.
ALL_TALKS, ALL_RECEIPTS = "* talks", "* receipts"
ERASURE_LAW = "CN-PIPL-47; EU-GDPR-17"
Then: TypeAlias = Literal["erased", "kept", "unreadable", "none"]


class Rows(Protocol):
    """The shop's rows. Subjects as in `Rights`."""

    def shop(self, asked: str | None) -> str: ...

    def shops(self) -> list[str]: ...

    def person(self, shop: str, subject: str) -> str | None: ...

    def gone(self, shop: str, subject: str) -> bool: ...

    def persons(self, shop: str, subject: str) -> frozenset[str]: ...

    def counts(self, shop: str, subject: str) -> Mapping[str, int]: ...

    def rows(self, shop: str, subject: str) -> Iterator[tuple[str, JsonObject]]: ...

    def forget(self, shop: str, subject: str) -> bool: ...

    def rectify(self, shop: str, subject: str, fields: Mapping[str, str]) -> None: ...

    def due(self, shop: str, clock: str, before: datetime) -> int: ...

    def expire(self, shop: str, clock: str, before: datetime) -> int: ...

    def find_anew(self, renew: Callable[[], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Held:
    """A line of a file or a certificate: how much of which kind lies in which store, and what becomes of it."""

    store: str
    kind: str
    count: int
    clock: str  # the class of retention.toml
    then: Then


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was (or, when it is only shown, would be) done. `certificate` is a receipt bundle; `salt` shows whose it is."""

    shop: str
    subject: str = field(repr=False)
    done: bool
    at: datetime
    held: tuple[Held, ...]
    keys: int = 0
    id: str = ""
    certificate: bytes = b""
    salt: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """What is kept of a person, and what they agreed to: the answer to a request for access."""

    shop: str
    subject: str = field(repr=False)
    held: tuple[Held, ...]
    consents: JsonObject = field(repr=False)
    entries: tuple[Entry, ...]
    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """How much of a class began before `before`, and is due."""

    shop: str
    clock: Clock
    count: int
    before: datetime


class Rights:
    """`search_again(shop)` lets search take in what changed; `talks` are the counter's conversations; `end_sessions(shop,
    customer)` ends what a customer's links opened; `clock(shop)` is what time it is there; `unlearn()` puts out
    what was trained on who agrees no more. `clocks` are those of `retention.clocks`."""

    def __init__(
        self, rows: Rows, vault: Vault, receipts: Receipts, consents: Consents, register: Register,
        clocks: Mapping[str, Clock], search_again: Callable[[str], object] = lambda shop: None,
        talks: Talks | None = None, end_sessions: Callable[[str, str], int] = lambda shop, customer: 0,
        clock: Callable[[str], datetime] = lambda shop: datetime.now(UTC), unlearn: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        self.rows, self.vault, self.receipts = rows, vault, receipts
        self.consents, self.register, self.clocks = consents, register, clocks
        self._search_again, self.talks, self._end_sessions = search_again, talks, end_sessions
        self._clock, self._unlearn = clock, unlearn

    def access(
        self, shop: str | None, subject: str, *, by: str, right: str = "CN-PIPL-45; EU-GDPR-15"
    ) -> File:
        """What is kept of them. Raises `NotFound` for nobody. Entered in the register, as all below."""
        shop, person, _ = self._known(shop, subject)
        file = self._file(shop, subject, person)
        self.register.add("access", person, by=by, right=right, outcome="given")
        return file

    def export(
        self, shop: str | None, subject: str, folder: Path, *, by: str, right: str = "CN-PIPL-45; EU-GDPR-20"
    ) -> Path:
        """Everything of theirs into a new folder, in clear, one JSON Lines file a kind: to take elsewhere. Raises `BadInput`
        where the folder holds something."""
        from mingbai.permit.portable import write

        shop, person, keys = self._known(shop, subject)
        rows = self._everything(shop, subject, person, keys)
        write(folder, shop, rows, dpv(self.consents.history(person), shop))
        self.register.add("export", person, by=by, right=right, outcome="given")
        return folder

    def everything(
        self, shop: str | None, subject: str, *, by: str, right: str = "CN-PIPL-45; EU-GDPR-20"
    ) -> JsonObject:
        """As `export`, as one JSON object: rows by kind, and consents in W3C DPV's terms."""
        shop, person, keys = self._known(shop, subject)
        rows: dict[str, list[JsonValue]] = {}
        for kind, row in self._everything(shop, subject, person, keys):
            rows.setdefault(kind, []).append(row)
        self.register.add("export", person, by=by, right=right, outcome="given")
        return {**rows, "consents": dpv(self.consents.history(person), shop)}

    def rectify(
        self,
        shop: str | None,
        subject: str,
        fields: Mapping[str, str],
        *,
        by: str,
        right: str = "CN-PIPL-46; EU-GDPR-16",
    ) -> None:
        """Correct personal fields by name. Raises `BadInput` for a field that is not one."""
        shop, person, _ = self._known(shop, subject)
        self.rows.rectify(shop, subject, fields)
        self.register.add(
            "rectify", person, by=by, right=right, outcome="done", note="、".join(sorted(fields))
        )

    def would_erase(self, shop: str | None, subject: str) -> Erasure:
        """What `erase` would do; nothing is changed, nothing is entered."""
        shop, person, keys = self._known(shop, subject)
        return Erasure(shop, subject, False, datetime.now(UTC), self._held(shop, subject, person, keys))

    def erase(self, shop: str | None, subject: str, *, by: str, right: str = ERASURE_LAW) -> Erasure:
        """Erase them now. May be called again after a kill: it goes on. Raises `NotFound` for nobody."""
        shop, person, keys = self._known(shop, subject, goes_on=True)
        at = datetime.now(UTC)
        held = self._held(shop, subject, person, keys)
        self._begin(shop, subject, person)
        persons = {person, *self.rows.persons(shop, subject)}
        tags = self._tags(persons, keys)
        destroyed = self.vault.destroy(*persons) + self.vault.destroy_ids(keys)
        self.receipts.forget(keys)
        for tag in tags if self.talks else ():
            assert self.talks is not None
            self.talks.forget_tag(tag)
        self._end_sessions(shop, subject)
        if self.rows.forget(shop, subject):
            self._search_again(shop)
        # An import or an answer in between may have made a key anew; with it, an old file would bring them back.
        destroyed += self.vault.destroy(*persons)
        self.consents.end(person, at, "erasure")
        self._unlearn()
        name, salt = f"erasure-{secrets.token_hex(12)}", secrets.token_bytes(32)
        body: JsonObject = {
            "v": 1, "id": name, "kind": "erasure", "time": at.strftime("%Y-%m-%dT%H:%MZ"), "shop": shop, "law": right,
            "commit": {"alg": "HMAC-SHA256", "subject": commitment(salt, "subject", person)}, "keys": destroyed,
            "stores": [line_of(line) for line in held],
            "kept": {h.clock: self.clocks[h.clock].source for h in held if h.then == "kept" and h.clock in self.clocks},
        }  # fmt: skip
        certificate = self.receipts.note(name, body)
        self.register.add("erase", person, by=by, right=right, outcome="done")  # last: see `_is_half_erased`
        self.vault.destroy(_under(shop, subject))
        return Erasure(shop, subject, True, at, held, destroyed, name, certificate, salt.hex())

    def disclose(
        self, shop: str | None, subject: str | None, *, by: str, right: str, outcome: str, note: str = ""
    ) -> int:
        """Enter that somebody (staff, an authority) asked for or saw a person's data; the entry's number."""
        person = self._known(shop, subject)[1] if subject else None
        return self.register.add("disclosure", person, by=by, right=right, outcome=outcome, note=note)

    def search_now(self, shop: str) -> None:
        """Let search take in what changed, so that an erasure need not wait for more than its own change."""
        self._search_again(shop)

    def due(self, now: datetime | None = None) -> Sequence[Due]:
        """What has been kept for its time, by shop and class: at `now`, else by each shop's own clock."""
        return [
            Due(shop, clock, self.rows.due(shop, clock.name, before), before)
            for shop in self.rows.shops()
            for clock in self.clocks.values()
            if (before := clock.before(now or self._clock(shop))) is not None and clock.erasable
        ] + self._due_said(now)

    def expire(self, now: datetime | None = None, *, by: str) -> Sequence[Due]:
        """Take out what is due; what was taken. Only the database and its log: a backup made before still has it. And renew the
        key of the HMACs that rows are found by: in older backups these lead to nobody from now on."""
        self.rows.find_anew(self.vault.renew_look_up)
        done = []
        for due in self.due(now):
            if due.count:
                taken = replace(due, count=self._expired(due))
                done.append(taken)
                right = f"retention: {due.clock.name} {due.clock.days} days"
                outcome = f"{taken.count} rows of {due.shop}"
                self.register.add("retention", None, by=by, right=right, outcome=outcome)
        return done

    def _expired(self, due: Due) -> int:
        if due.shop == ALL_TALKS:
            return self.talks.expire(due.before) if self.talks else 0
        if due.shop == ALL_RECEIPTS:
            return self.receipts.expire(self.receipts.due(due.before))
        return self.rows.expire(due.shop, due.clock.name, due.before)

    def _due_said(self, now: datetime | None) -> list[Due]:
        """Of what is kept for all shops together: talks by this machine's clock, receipts by that of the shop that is last."""
        clock = self.clocks["conversation"]
        of_shops = [now or self._clock(shop) for shop in self.rows.shops()]
        if clock.days is None or not of_shops:
            return []
        talked, answered = clock.before(now or datetime.now(UTC)), clock.before(min(of_shops))
        assert talked is not None
        assert answered is not None
        talks = [Due(ALL_TALKS, clock, self.talks.due(talked), talked)] if self.talks else []
        return [*talks, Due(ALL_RECEIPTS, clock, len(self.receipts.due(answered)), answered)]

    def _tags(self, persons: set[str], keys: set[bytes]) -> set[bytes]:
        return {*map(self.vault.tag, persons), *self.vault.tags(keys)}

    def _known(self, shop: str | None, subject: str, *, goes_on: bool = False) -> tuple[str, str, set[bytes]]:
        """The shop, the person, and the ids of keys that hold something of theirs. `goes_on`: also who is half erased."""
        found = self.rows.shop(shop)
        person, other = self.rows.person(found, subject), f"{found}/customer/{subject}"
        if goes_on and self.rows.gone(found, subject):
            person = None
        if subject.startswith("visit:"):
            other = f"{found}/visit/{subject.removeprefix('visit:')}"
        if person is None and self.vault.holds(other):  # who only talked, and bought nothing
            person = other
        if person is None and goes_on and self._is_half_erased(other):
            person = other
        if person is None and goes_on:
            person = self._begun(found, subject)
        if person is None:
            raise _nobody(self.vault.erased([other, _under(found, subject)]))
        persons = {person, *self.rows.persons(found, subject)}
        return found, person, {*self.vault.ids(*persons), *self.receipts.visits(persons)}

    def _begin(self, shop: str, subject: str, person: str) -> None:
        """An order leads to nobody once its customer is erased: whose it was is kept, under a key of its own that lives until the
        erasure is done, so that one that was killed certifies the right person when it goes on."""
        if person.endswith(f"/{subject.replace(':', '/', 1)}") or person == f"{shop}/customer/{subject}":
            return
        if self._begun(shop, subject) is None:
            self.register.add(
                "erase",
                _under(shop, subject),
                by="erasure",
                right="to go on after a kill",
                outcome="begun",
                note=person,
            )

    def _begun(self, shop: str, subject: str) -> str | None:
        notes = [e.note for e in self.register.of(_under(shop, subject)) if e.outcome == "begun" and e.note]
        return notes[-1] if notes else None

    def _is_half_erased(self, person: str) -> bool:
        """A kill left keys destroyed and no entry of it; entries say whole seconds."""
        done = [e.at for e in self.register.of(person) if (e.kind, e.outcome) == ("erase", "done")]
        since = max(done) + timedelta(seconds=1) if done else datetime.fromtimestamp(0, UTC)
        return self.vault.destroyed_since(person, since)

    def _everything(
        self, shop: str, subject: str, person: str, keys: set[bytes]
    ) -> list[tuple[str, JsonObject]]:
        return [*self.rows.rows(shop, subject), *self._said(keys), *self._talked(person, keys)]

    def _file(self, shop: str, subject: str, person: str) -> File:
        _, _, keys = self._known(shop, subject)
        held = self._held(shop, subject, person, keys)
        return File(
            shop, subject, held, dpv(self.consents.history(person), shop), tuple(self.register.of(person)),
            tuple(self.receipts.openings(keys)),
        )  # fmt: skip

    def _held(self, shop: str, subject: str, person: str, keys: set[bytes]) -> tuple[Held, ...]:
        rows = self.rows.counts(shop, subject)
        openings = len(self.receipts.openings(keys))
        consents = len(self.consents.history(person))
        lines = [
            *(
                Held("shop", kind, n, CLASSES[kind], "kept" if _is_fact(kind) else "erased")
                for kind, n in rows.items()
            ),
            Held("shop", "personal", sum(rows.values()), "contact", "erased"),
            Held("openings", "opening", openings, "conversation", "erased"),
            Held("talks", "said", self._talk_messages(person, keys), "conversation", "erased"),
            Held("sessions", "session", 0, "contact", "erased"),
            Held("search", "review", rows.get("review", 0), "review", "erased"),
            Held("memory", "conversation", 0, "conversation", "erased"),
            Held("consents", "consent", consents, "consent", "kept"),
            Held("register", "register", len(self.register.of(person)), "register", "kept"),
            Held("log", "receipt", openings, "receipt", "kept"),
            Held("keys", "key", len(self.vault.live(keys)), "contact", "erased"),
            Held("backups", "personal", 0, "contact", "unreadable"),
        ]
        return tuple(lines)

    def _talk_messages(self, person: str, keys: set[bytes]) -> int:
        return sum(1 for _ in self._talked(person, keys))

    def _talked(self, person: str, keys: set[bytes]) -> Iterator[tuple[str, JsonObject]]:
        if self.talks is None:
            return
        for tag in self._tags({person}, keys):
            for talk in self.talks.of_tag(tag):
                for said in self.talks.messages(talk.id):
                    if said.text is not None:
                        yield (
                            "talk",
                            {
                                "talk": talk.id,
                                "seq": said.seq,
                                "who": said.who,
                                "at": said.at.isoformat(),
                                "text": said.text,
                            },
                        )

    def _said(self, keys: set[bytes]) -> Iterator[tuple[str, JsonObject]]:
        for number in self.receipts.openings(keys):
            try:
                yield "turn", {"receipt": number, **self.receipts.opening(number)}
            except Erased:
                continue


def _under(shop: str, subject: str) -> str:
    """Under whose key it lies whom an erasure by an order is about."""
    return f"{shop}/erasing/{subject}"


def _is_fact(kind: str) -> bool:
    return CLASSES[kind] in ("transaction", "invoice") or kind in ("review", "conversation", "said", "action")


def line_of(held: Held) -> JsonObject:
    return {
        "store": held.store,
        "kind": held.kind,
        "count": held.count,
        "class": held.clock,
        "then": held.then,
    }


def _nobody(erased: set[str]) -> NotFound:
    if erased:
        return NotFound(
            Text("这个人的数据已经删除。", "This person's data were erased."),
            Text(
                "证明在收据日志里；登记见 mingbai register。",
                "The receipts' log has the proof; see mingbai register.",
            ),
        )
    return NotFound(
        Text("这里没有这个人的数据。", "There are no data of such a person here."),
        Text(
            "用顾客编号，或 order:订单号、visit:会话名。", "Give a customer's id, order:NUMBER or visit:NAME."
        ),
    )
