"""Requests made from /openapi.json for the page's routes, by its owner and a visitor at once: nothing breaks, every reply is as said."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import replace

import pytest
from test_schemathesis import document_of, fuzzed

from standing import listening

CASES = 1_500
# A number or name in a path is free text, and only the service knows which are there: 404. What a rule of the shop refuses
# though its shape is right is a 400, for the operations that have such rules; each rule has its own test.
CONFIG = """
hooks = "fuzz_rules"
[checks]
positive_data_acceptance.expected-statuses = ["2xx"]
negative_data_rejection.expected-statuses = [400, 401, 404, 405]
[output.sanitization]
enabled = false
[generation]
max-examples = 40
database = "none"
[[operations]]
include-path-regex = "/v1/session$|/pictures$|/plans$|/start$|/people/|/draft$|/talks/.*/messages$"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 404, 429]
[[operations]]
include-path-regex = "[{]"
checks.positive_data_acceptance.expected-statuses = ["2xx", 404]
[[operations]]
include-path = "/v1/office/policy/explain"
checks.positive_data_acceptance.expected-statuses = ["2xx", 404]
"""


@pytest.mark.slow  # thousands of requests
async def test_what_the_document_allows_the_page_is_answered_and_the_rest_refused(paged, tmp_path):
    document = await document_of(paged)
    document["paths"] = {
        path: operations
        for path, operations in document["paths"].items()
        if path.startswith(("/v1/session", "/v1/counter", "/v1/desk", "/v1/office"))
    }
    # A hundred thousand decisions: some seconds.
    del document["paths"]["/v1/office/policy/matrix"]
    for operations in document["paths"].values():  # nobody waits for what does not come
        for operation in operations.values():
            # Who asks is said by headers of the whole run; test_inventory.py goes without them.
            operation.pop("security", None)
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "wait_seconds":
                    parameter["schema"] = {"const": 0}
                if parameter["name"] == "which":  # the visitor's session is needed to the end
                    parameter["schema"] = {"const": "desk"}
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    paged.service.settings = replace(
        paged.service.settings, turns_per_minute=10**6, turns_per_minute_of_key=10**6
    )
    visitor = await asyncio.to_thread(paged.service.page.sessions.visitor)
    more = {"Cookie": f"mingbai-counter={visitor.secret}", "Sec-Fetch-Site": "same-origin"}
    async with listening(paged.service) as there:
        seed = random.randrange(2**32)
        run = await fuzzed(tmp_path, there.url, paged, seed, "coverage,fuzzing", more)
        async with paged.caller() as caller:
            assert (await caller.get("/v1/desk/talks")).status_code == 200
    assert paged.service.open == 0
    assert run.status == 0, run.said
    print(run.cases)
    assert run.cases >= CASES
