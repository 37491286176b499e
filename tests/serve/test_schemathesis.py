"""Thousands of requests made from /openapi.json: none breaks the service, and each reply is what the document says."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from mingbai.serve import documents
from mingbai.serve.embeddings import MODEL as EMBEDDING_MODEL
from mingbai.shop.search.encoder import Hashed
from standing import CHAT, MODEL, Standing, chat, listening

CASES = 5_000
OPEN = {"/healthz", "/readyz", "/.well-known/security.txt", "/v1/witness/add-checkpoint"}
# Every check of schemathesis is on, with these two made stricter. By default a valid request may be answered 401, 429 or
# 5xx, too; and a wrong one 403, 5xx or 422. A name of a model is free text, and only one is there: 404.
CONFIG = f"""
hooks = "fuzz_rules"
[checks]
positive_data_acceptance.expected-statuses = ["2xx"]
negative_data_rejection.expected-statuses = [400, 401, 404, 405]
[output.sanitization]
enabled = false  # to it, max_tokens is a secret
[generation]
max-examples = 300
database = "none"
[[operations]]
include-path = "/v1/models/{{model_id}}"
checks.positive_data_acceptance.expected-statuses = ["2xx", 404]
[[operations]]
include-path = "/.well-known/security.txt"
checks.positive_data_acceptance.expected-statuses = ["2xx", 404]
[[operations]]
include-path = "/v1/witness/add-checkpoint"
checks.positive_data_acceptance.expected-statuses = ["2xx", 404]
[[operations]]
include-path = "/v1/receipts/{{receipt_id}}"
checks.positive_data_acceptance.expected-statuses = ["2xx", 404]
[[operations]]
include-path = "{CHAT}"
generation.max-examples = 1100
"""


async def document_of(standing: Standing) -> dict[str, Any]:
    async with standing.caller() as caller:
        document: dict[str, Any] = (await caller.get("/openapi.json")).json()
    return document


async def test_every_documented_route_but_the_open_ones_wants_a_good_key(standing, caller):
    document = await document_of(standing)
    assert set(document["paths"]) > OPEN
    del caller.headers["Authorization"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert ("security" in operation) is (path not in OPEN), path
            for headers in ({}, {"Authorization": "Bearer mb-wrong"}):
                reply = await caller.request(method, path.replace("{model_id}", MODEL), headers=headers)
                assert reply.status_code in ((200, 404) if path in OPEN else (401,)), path
                if path not in OPEN:
                    documents.Error.model_validate_json(reply.content)


async def test_every_reference_of_the_document_is_there(standing):
    document = await document_of(standing)
    names = {ref.partition('"')[0] for ref in json.dumps(document).split('"#/components/schemas/')[1:]}
    assert names <= set(document["components"]["schemas"])


@pytest.mark.slow  # 5,000 requests take most of a minute
async def test_what_the_document_allows_is_answered_and_the_rest_refused(standing, tmp_path):
    document = await document_of(standing)
    # Only the service knows which models it has; a request for another one would end before all else is looked at.
    shapes = document["components"]["schemas"]
    shapes["ChatRequest"]["properties"]["model"]["enum"] = [MODEL]
    shapes["EmbeddingsRequest"]["properties"]["model"]["enum"] = [EMBEDDING_MODEL]
    # The one length that vectors have is the encoder's, which the document does not know.
    shapes["EmbeddingsRequest"]["properties"]["dimensions"] = {"enum": [Hashed.dims, None]}
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    seed = random.randrange(2**32)  # pytest prints its own, which gives this one again
    async with listening(standing.service) as there:
        # Making requests is the slow part, so there are two makers; only the fuzzing differs from run to run.
        runs = await asyncio.gather(
            fuzzed(tmp_path, there.url, standing, seed, "coverage,fuzzing,stateful"),
            fuzzed(tmp_path, there.url, standing, seed + 1, "fuzzing"),
        )
        async with httpx.AsyncClient(headers=standing.headers()) as client:
            assert (await client.post(there.url + CHAT, json=chat())).status_code == 200
    assert standing.service.open == 0
    for run in runs:
        assert run.status == 0, run.said
    print([run.cases for run in runs])
    assert sum(run.cases for run in runs) >= CASES


@dataclass(frozen=True, slots=True)
class Run:
    status: int
    said: str = field(repr=False)
    cases: int


async def fuzzed(
    folder: Path,
    url: str,
    standing: Standing,
    seed: int,
    phases: str,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Run:
    report = folder / f"{seed}.json"
    headers = {**standing.headers(), **more}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml",
        "run", "openapi.json", "--url", url,
        *(word for name, value in headers.items() for word in ("--header", f"{name}: {value}")),
        "--phases", phases, "--seed", str(seed), "--no-color", "--report", "json", "--report-json-path", str(report),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    status = await process.wait()
    cases = json.loads(report.read_text())["test_cases"]["generated"] if report.exists() else 0
    return Run(status, said.decode(), cases)
