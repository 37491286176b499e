"""POST /v1/embeddings: OpenAI's shape, its limits, and what wrong requests are told."""

from __future__ import annotations

import base64
import struct

import openai
import pytest

from mingbai.serve import documents
from mingbai.serve.embeddings import CHARACTERS, MODEL, TEXTS
from mingbai.serve.keys import Scope
from mingbai.shop.search.encoder import Hashed, Universal
from standing import listening

EMBEDDINGS = "/v1/embeddings"


def body(text: object = "紫砂壶", **more: object) -> dict[str, object]:
    return {"model": MODEL, "input": text, **more}


async def test_each_text_gets_its_vector_in_order(caller):
    reply = await caller.post(EMBEDDINGS, json=body(["紫砂壶", "teapot"]))
    assert reply.status_code == 200
    documents.EmbeddingList.model_validate_json(reply.content)
    said = reply.json()
    assert [row["index"] for row in said["data"]] == [0, 1]
    assert [len(row["embedding"]) for row in said["data"]] == [Hashed.dims] * 2
    assert said["usage"]["prompt_tokens"] == said["usage"]["total_tokens"] > 0
    alone = (await caller.post(EMBEDDINGS, json=body("teapot"))).json()
    assert alone["data"][0]["embedding"] == said["data"][1]["embedding"]


async def test_base64_holds_the_same_numbers(caller):
    floats = (await caller.post(EMBEDDINGS, json=body())).json()["data"][0]["embedding"]
    packed = (await caller.post(EMBEDDINGS, json=body(encoding_format="base64"))).json()["data"][0][
        "embedding"
    ]
    numbers = struct.unpack(f"<{Hashed.dims}f", base64.b64decode(packed))
    assert list(numbers) == pytest.approx(floats)


async def test_widths_case_and_script_are_one(caller):
    said = await caller.post(EMBEDDINGS, json=body(["紫砂壺ＡＢ", "紫砂壶ab"]))
    first, second = (row["embedding"] for row in said.json()["data"])
    assert first == second


@pytest.mark.parametrize(
    ("sent", "status", "code", "param"),
    [
        (body(""), 400, "invalid_value", "input.constrained-str"),
        (body([]), 400, "invalid_value", None),
        (body([1, 2, 3]), 400, "invalid_value", None),  # token ids are another model's
        (body(["x"] * (TEXTS + 1)), 400, "invalid_value", None),
        (body("字" * (CHARACTERS + 1)), 413, "too_large", "input"),
        (body(dimensions=16), 400, "unsupported_parameter", "dimensions"),
        (body(encoding_format="int8"), 400, "invalid_value", "encoding_format"),
        (body(frobnicate=1), 400, "unknown_parameter", "frobnicate"),
        ({"input": "x"}, 400, "missing_parameter", "model"),
        ({**body(), "model": "text-embedding-3-small"}, 404, "model_not_found", "model"),
    ],
)
async def test_a_wrong_request_is_told_what_and_why(caller, sent, status, code, param):
    reply = await caller.post(EMBEDDINGS, json=sent)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (status, code)
    assert error["zh"]
    assert error["next_en"]
    if param is not None and param.isidentifier():
        assert error["param"] == param


async def test_the_right_number_of_dimensions_may_be_said(caller):
    assert (await caller.post(EMBEDDINGS, json=body(dimensions=Hashed.dims))).status_code == 200


async def test_a_customers_key_is_not_enough(standing):
    async with standing.caller(Scope.CUSTOMER) as customer:
        assert (await customer.post(EMBEDDINGS, json=body())).status_code == 403


async def test_the_model_is_listed_and_described(caller):
    listed = [m["id"] for m in (await caller.get("/v1/models")).json()["data"]]
    assert listed[-1] == MODEL
    assert (await caller.get(f"/v1/models/{MODEL}")).json()["owned_by"] == "local"


async def test_openais_client_reads_them_by_default_and_as_floats(standing):
    async with listening(standing.service) as there:
        key = standing.secrets[Scope.OWNER]
        async with openai.AsyncOpenAI(base_url=f"{there.url}/v1", api_key=key, max_retries=0) as client:
            packed = await client.embeddings.create(model=MODEL, input=["紫砂壶", "teapot"])
            plain = await client.embeddings.create(model=MODEL, input="紫砂壶", encoding_format="float")
            assert packed.data[0].embedding == pytest.approx(plain.data[0].embedding)
            assert len(packed.data) == 2
            with pytest.raises(openai.BadRequestError) as refused:
                await client.embeddings.create(model=MODEL, input="x", dimensions=8)
            assert refused.value.code == "unsupported_parameter"


@pytest.mark.slow  # the real encoder's weights
def test_the_real_encoder_puts_a_translation_nearer_than_another_thing():
    teapot, pot, tyre = Universal().encode(["紫砂壶茶壶", "a clay teapot", "car tyres"])
    assert teapot @ pot > teapot @ tyre + 0.2
