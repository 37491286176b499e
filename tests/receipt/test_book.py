"""A turn's receipt: what it says, what it hides, what verifies offline, and what is left after an erasure."""

from __future__ import annotations

import base64
import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingbai.receipt import body, note, witness
from mingbai.receipt.body import House, ModelFacts, PlaceFacts
from mingbai.receipt.book import Receipts
from mingbai.receipt.bundle import Refuted, verify
from mingbai.receipt.note import BrokenNote
from mingbai.receipt.witness import Witness
from mingbai.values.chat import Usage
from mingbai.values.errors import NotFound
from mingbai.values.turn import (
    Admission,
    Evidence,
    Fact,
    Focus,
    Guess,
    Intent,
    Reply,
    Slots,
    Source,
    Turn,
    Understood,
    Verdict,
)

HOUSE = House(
    "明白茶具", "ab" * 32, ModelFacts("qwen2.5-coder-1.5b-instruct", "cd" * 32, "Q4_K_M"),
    places={"local": PlaceFacts("明白茶具", "CN", ("CN-PIPL",))},
)  # fmt: skip
ORDER, TAIL = "MB20251103-0042", "8000"


class Box:
    """A vault with one key a person, so thin that a test can take a key away."""

    def __init__(self):
        self.kept: dict[str, bytes] = {}

    def seal(self, person, plain, about):
        self.kept[person] = plain
        return person.encode() + b"|" + about

    def tag(self, person):
        return b"tag of " + person.encode()

    def open(self, sealed, about):
        person, _, said = sealed.partition(b"|")
        assert said == about
        return self.kept[person.decode()]


def turn(no="t-1", text=f"我的订单 {ORDER} 到哪了？", customer="C10001"):
    return Turn(
        no, "tea", text, datetime(2025, 11, 12, 2, 0, 31, tzinfo=UTC), Focus(customer=customer, channel="web"),
        conversation_no="c-9", place="local", admission=Admission("customer", customer=customer),
        understood=Understood("zh-Hans", (Guess(Intent.WHERE_IS_ORDER, 0.97, "rule"),), Slots()),
        evidence=(
            Evidence(Intent.WHERE_IS_ORDER, (Fact("order.state", "shipped", "运输中", "on its way", ORDER, sources=(Source("order", ORDER),)),)),
        ),
        reply=Reply("运输中。", "zh-Hans", "model", (Verdict("figures", True), Verdict("promises", False, "明天到"))),
        seconds=(("understand", 0.01), ("answer", 1.2), ("first", 0.4)),
    )  # fmt: skip


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def receipts(log, tmp_path, box):
    made = Receipts(log, tmp_path / "openings.db", box, HOUSE)
    yield made
    made.close()


def test_a_receipt_says_what_happened_and_nothing_of_the_person(receipts, tmp_path):
    assert receipts.seal(turn()) == "t-1"
    said = receipts.get("t-1")
    assert said["time"] == "2025-11-12T02:00Z", "to the minute"
    assert said["understood"] == [{"intent": "where_is_order", "permille": 950, "by": "rule"}]
    assert said["place"] == {
        "id": "local", "operator": "明白茶具", "country": "CN", "laws": ["CN-PIPL"], "attest": None,
    }  # fmt: skip
    assert said["model"]["sha256"] == "cd" * 32
    assert said["checks"] == {"passed": 1, "failed": ["promises"]}
    assert set(said["label"]["AIGC"]) == {
        "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2",
    }  # fmt: skip
    receipts.log.sync()
    stored = b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.name.startswith("log.db"))
    for secret in (ORDER, "C10001", "到哪了", "运输中", "c-9"):
        assert secret.encode() not in stored, secret


def test_the_opening_opens_the_commitments(receipts):
    receipts.seal(turn())
    said, opened = receipts.get("t-1"), receipts.opening("t-1")
    salt = bytes.fromhex(opened["salt"])
    assert said["commit"]["question"] == body.commitment(salt, "question", f"我的订单 {ORDER} 到哪了？")
    assert said["commit"]["answer"] == body.commitment(salt, "answer", "运输中。")
    assert said["evidence"][0]["rows"] == [{"kind": "order", "commit": body.commitment(salt, "order", ORDER)}]
    assert opened["rows"] == [[["order", ORDER]]]
    receipts.seal(turn("t-2"))
    again = receipts.get("t-2")
    assert again["commit"]["question"] != said["commit"]["question"], "the same question cannot be recognised"
    assert again["commit"]["subject"] != said["commit"]["subject"], "nor the same person"


def test_the_opening_opens_what_a_tool_would_have_done(receipts):
    from mingbai.values.turn import Done, Proposal

    proposal = Proposal("change_address", (("order", ORDER), ("to", "杭州市西湖区")), "改地址", "change")
    done = Done("A-17", "change_address", "改好了", "changed")
    receipts.seal(replace(turn(), evidence=(Evidence(Intent.WHERE_IS_ORDER, proposal=proposal, done=done),)))
    tool, opened = receipts.get("t-1")["evidence"][0]["tool"], receipts.opening("t-1")
    salt, said = bytes.fromhex(opened["salt"]), opened["tools"][0]
    assert json.loads(said["arguments"]) == [["order", ORDER], ["to", "杭州市西湖区"]]
    assert tool["arguments"] == body.commitment(salt, "arguments", said["arguments"])
    assert tool["action"] == body.commitment(salt, "action", said["action"])


def test_half_a_character_has_a_receipt(receipts, signer):
    receipts.seal(turn(text="快递\ud83d呢"))
    assert receipts.opening("t-1")["question"] == "快递\ud83d呢"
    assert verify(receipts.bundle("t-1"), [signer.verifier]).index == 0


def test_what_did_not_get_into_the_log_leaves_no_opening(receipts):
    pages = receipts.log._db.execute("PRAGMA page_count").fetchone()[0]
    receipts.log._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):  # noqa: PT012
        for i in range(50):
            receipts.seal(turn(f"t-{i}"))
    size = receipts.log.size()
    receipts.log._db.execute("PRAGMA max_page_count=100000")
    assert receipts.seal(turn(f"t-{size}")) == f"t-{size}"
    assert receipts._db.execute("SELECT count(*) FROM opening").fetchone() == (size + 1,)


def test_tokens_are_told_to_the_ten(receipts):
    reply = replace(turn().reply, usage=Usage(prompt_tokens=231, completion_tokens=17))
    receipts.seal(replace(turn(), reply=reply))
    cost = receipts.get("t-1")["cost"]
    assert (cost["tokens_in"], cost["tokens_out"]) == (240, 20)
    assert cost["energy_mj"] == 30_000, "1.21 s of 25 W"
    assert cost["basis"].startswith("estimated")


def test_near_figures_are_told_alike(receipts):
    def with_figures(no, p, seconds):
        understood = Understood("zh-Hans", (Guess(Intent.WHERE_IS_ORDER, p, "rule"),), Slots())
        receipts.seal(replace(turn(no), understood=understood, seconds=(("answer", seconds),)))
        said = receipts.get(no)
        return said["understood"][0]["permille"], said["cost"]["energy_mj"]

    assert with_figures("t-1", 0.912, 0.012_34) == with_figures("t-2", 0.921, 0.012_31) == (900, 310)
    assert with_figures("t-3", 1.0, 0.0) == (1000, 0)


def test_an_adapter_that_had_an_opinion_is_named(receipts):
    guessed = Understood("zh-Hans", (Guess(Intent.REFUND_STATUS, 0.7, "model"),), Slots(), adapter="ef" * 32)
    receipts.seal(replace(turn("t-adapter"), understood=guessed))
    assert receipts.get("t-adapter")["adapter"] == "ef" * 32


def test_an_adapter_that_worded_a_draft_is_named_and_not_the_model_that_it_did_not_stand_over(receipts):
    asked = turn("t-draft")
    receipts.seal(replace(asked, reply=replace(asked.reply, adapter="ab" * 32)))
    said = receipts.get("t-draft")
    assert (said["adapter"], said["model"]) == ("ab" * 32, None)


def test_templates_alone_name_no_model(receipts):
    receipts.seal(replace(turn(), place=""))
    said = receipts.get("t-1")
    assert (said["model"], said["sampling"], said["place"]["id"]) == (None, None, "template")


def test_a_refusal_has_a_receipt_too(receipts):
    from mingbai.values.turn import Refusal

    refused = Evidence("where_is_order", refusals=(Refusal("not_yours", "不能查", "may not"),))
    receipts.seal(replace(turn(), evidence=(refused,)))
    assert receipts.get("t-1")["kind"] == "refusal"


def test_a_bundle_verifies_with_the_keys_alone(receipts, signer):
    for i in range(5):
        receipts.seal(turn(f"t-{i}"))
    found = verify(receipts.bundle("t-3"), [signer.verifier])
    assert (found.receipt["id"], found.index, found.size, found.witnesses) == ("t-3", 3, 5, ())
    with pytest.raises(NotFound):
        receipts.bundle("t-9")
    with pytest.raises(NotFound):
        receipts.opening("t-9")


def test_after_an_erasure_every_proof_still_verifies(receipts, box, signer):
    receipts.seal(turn())
    box.kept.clear()
    with pytest.raises(KeyError):
        receipts.opening("t-1")
    assert verify(receipts.bundle("t-1"), [signer.verifier]).receipt["id"] == "t-1"
    assert receipts.log.faults() == []


def test_a_visitor_has_a_key_of_this_conversation(receipts, box):
    receipts.seal(turn(customer=""))
    assert list(box.kept) == ["tea/visit/c-9"]


def test_a_witness_that_is_asked_for_must_have_signed(receipts, signer, witness_signer, tmp_path):
    there = Witness(tmp_path / "seen.db", witness_signer, [signer.verifier], lambda: 77)
    receipts.seal(turn())
    keys = [signer.verifier, witness_signer.verifier]
    with pytest.raises(Refuted) as refuted:
        verify(receipts.bundle("t-1"), keys)
    assert refuted.value.step == "witness"

    def post(request):
        reply = there.add_checkpoint(request)
        return reply.status, reply.body.encode()

    witness.ask(receipts.log, post, witness_signer.verifier)
    assert verify(receipts.bundle("t-1"), keys).witnesses == (("witness.example", 77),)
    with pytest.raises(Refuted) as refuted:
        verify(receipts.bundle("t-1"), [signer.verifier])
    assert refuted.value.step == "keys", "a signature that cannot be checked is not passed over"

    def swapped(found):
        text, first, second = (
            found["checkpoint"].partition("\n\n")[0],
            *found["checkpoint"].split("\n")[-3:-1],
        )
        found["checkpoint"] = f"{text}\n\n{second}\n{first}\n"

    with pytest.raises(Refuted) as refuted:
        verify(altered(receipts, swapped), keys)
    assert refuted.value.step == "keys", "the same lines in another order are another bundle"


def altered(receipts, change):
    found = json.loads(receipts.bundle("t-1"))
    change(found)
    return rfc8785.dumps(found)


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (lambda b: b["receipt"]["place"].update(country="DE"), "signature"),
        (lambda b: b["receipt"].pop("checks"), "signature"),
        (lambda b: b["receipt"].update(sig=base64.b64encode(bytes(64)).decode()), "signature"),
        (lambda b: b["receipt"].update(key="00000000"), "signature"),
        (lambda b: b.update(index=2), "log"),
        (lambda b: b.update(path=b["path"][:-1]), "log"),
        (lambda b: b.update(path=[*b["path"], b["path"][0]]), "log"),
        (lambda b: b.update(v=2), "form"),
        (lambda b: b.update(v=True), "form"),
        (lambda b: b.update(more=1), "form"),
        (lambda b: b.update(index=True), "form"),
        (lambda b: b.update(checkpoint=b["checkpoint"].replace("\n3\n", "\n4\n")), "signature"),
    ],
)
def test_what_was_altered_is_refuted(receipts, signer, change, step):
    for i in range(3):
        receipts.seal(turn(f"t-{i}"))
    with pytest.raises(Refuted) as refuted:
        verify(altered(receipts, change), [signer.verifier])
    assert refuted.value.step == step


def test_a_line_of_an_old_key_that_does_not_hold_is_not_passed_over(receipts, signer):
    receipts.seal(turn())
    old = note.Signer(signer.name, note.LOG_KEY, Ed25519PrivateKey.generate())
    keys = [old.verifier, signer.verifier]
    assert verify(receipts.bundle("t-1"), keys).index == 0
    junk = note.Signature(old.name, old.verifier.key_id, bytes(64))

    def spoilt(found):
        found["checkpoint"] = note.merged(found["checkpoint"] + str(junk), found["checkpoint"])

    with pytest.raises(Refuted) as refuted:
        verify(altered(receipts, spoilt), keys)
    assert refuted.value.step == "signature"


@pytest.mark.parametrize(
    "junk", [b"", b"{}", b"[1", b"\xff", b"1.5", b"NaN", b"[" * 100_000, b'{"v":1,"v":1}', b" " * 300_000]
)
def test_what_is_no_bundle(junk, signer):
    with pytest.raises(Refuted) as refuted:
        verify(junk, [signer.verifier])
    assert refuted.value.step == "form"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.data())
def test_no_altered_byte_verifies(receipts, signer, data):
    if receipts.log.size() == 0:
        for i in range(4):
            receipts.seal(turn(f"t-{i}"))
    whole = bytearray(receipts.bundle("t-1"))
    at = data.draw(st.integers(0, len(whole) - 1))
    match data.draw(st.sampled_from(["flip", "drop", "insert"])):
        case "flip":
            whole[at] ^= data.draw(st.integers(1, 255))
        case "drop":
            del whole[at]
        case _:
            whole.insert(at, data.draw(st.integers(0, 255)))
    with pytest.raises((Refuted, BrokenNote)):
        verify(bytes(whole), [signer.verifier])
    assert note.read(receipts.log.checkpoint())


def test_what_a_visitor_was_shown_of_an_order_is_forgotten_with_it(log, tmp_path):
    from mingbai.permit.vault.vault import Erased, Vault

    vault = Vault(tmp_path / "persons.db", bytes(32))
    receipts = Receipts(log, tmp_path / "openings.db", vault, HOUSE)
    receipts.seal(
        turn("t-1", customer="")
    )  # proven by number and tail: whose order it is, the desk need not know
    receipts.seal(replace(turn("t-2", customer=""), conversation_no="c-10", evidence=()))
    receipts.seal(turn("t-3", customer="C10001"))
    keys = receipts.visits([f"tea/order/{ORDER}"]) | set(vault.ids("tea/customer/C10001"))
    assert sorted(receipts.openings(keys)) == ["t-1", "t-3"]
    assert vault.destroy_ids(keys) == 2
    assert receipts.forget(keys) == 2
    assert receipts.openings(keys) == []
    for forgotten in ("t-1", "t-3"):
        with pytest.raises(Erased):
            receipts.opening(forgotten)
        assert verify(receipts.bundle(forgotten), receipts.keys()).receipt["id"] == forgotten
    assert receipts.opening("t-2")
    receipts.close()
    vault.close()
