"""A dataset's descriptions say what its bytes and manifest say, and have what both formats ask for.

Whole validation was by mlcroissant 1.1.1 and cyclonedx-python-lib 11.12 (docs/learning.md); they are too large to be dependencies.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyarrow import parquet

from mingbai.learn import dataset, exports, select
from mingbai.learn.rows import Candidate
from mingbai.permit.consent import Consents
from mingbai.permit.mask import Detector
from mingbai.permit.vault.vault import Vault

AT = datetime(2025, 11, 1, tzinfo=UTC)
HERS = "俺那只青瓷小壶可咋还不来哩"


@pytest.fixture
def made(tmp_path: Path) -> dataset.Dataset:
    vault = Vault(tmp_path / "persons.db", bytes(32))
    consents = Consents(tmp_path / "consent.db", vault.tag, vault)
    notice = consents.publish("training", "zh", "可以吗？", AT)
    consents.record(
        "tea/customer/C1", "given", purpose="training", category="conversation", notice=notice, region="CN", at=AT, how="x"
    )  # fmt: skip
    rows = [
        Candidate("intent", HERS, "物流", "conversation", "tea/customer/C1"),
        Candidate("intent", "壶发了没", "物流", "own", licence="Apache-2.0"),
    ]
    return dataset.write(
        tmp_path / "sets", select.select(rows, consents, vault, Detector()), "tea", vault, AT
    )


def test_both_say_what_the_bytes_are(made: dataset.Dataset, tmp_path: Path) -> None:
    croissant, bom = exports.write(tmp_path / "out", made)
    said, parts = json.loads(croissant.read_text("utf-8")), json.loads(bom.read_text("utf-8"))
    digest = hashlib.sha256((made.folder / dataset.ROWS).read_bytes()).hexdigest()
    assert said["distribution"][0]["sha256"] == digest
    assert parts["components"][0]["hashes"] == [{"alg": "SHA-256", "content": digest}]
    assert HERS not in croissant.read_text("utf-8") + bom.read_text("utf-8")


def test_croissant_has_its_parts_and_fields_are_columns(made: dataset.Dataset) -> None:
    said = exports.croissant(made)
    for name in ("@context", "@type", "conformsTo", "name", "description", "license", "url", "datePublished"):
        assert said[name], name
    (records,) = said["recordSet"]  # type: ignore[misc, union-attr]
    columns = parquet.read_schema(made.folder / dataset.ROWS).names
    fields = [it["source"]["extract"]["column"] for it in records["field"]]  # type: ignore[index, call-overload, union-attr]
    assert set(fields) <= set(columns)
    assert said["identifier"] == f"sha256:{made.digest}"


def test_the_bill_of_materials_names_every_consent_and_licence(made: dataset.Dataset) -> None:
    said = exports.cyclonedx(made)
    assert (said["bomFormat"], said["specVersion"]) == ("CycloneDX", "1.7")
    (part,) = said["components"]  # type: ignore[misc, union-attr]
    assert part["licenses"] == [{"license": {"id": "Apache-2.0"}}]  # type: ignore[index, call-overload]
    told = [(it["name"], it["value"]) for it in part["properties"]]  # type: ignore[index, call-overload, union-attr]
    assert ("mingbai:consent", "1 training v1 CN") in told
    assert ("mingbai:rows:consent", "1") in told
    assert ("mingbai:rows:licence", "1") in told
    assert exports.cyclonedx(made) == said
