"""The MCP server: as a client over pipes, and each way a message can be wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from counter import NOW, Counter, counter_of, line, order, product, variant

from mingbai.shop.ground import finder
from mingbai.shop.records.home import Reader
from mingbai.shop.search.encoder import NoEncoder
from mingbai.shop.search.search import Search
from mingbai.shop.skills.mcp import Server
from mingbai.shop.skills.scene import Asker, Scene
from mingbai.shop.skills.table import SKILLS
from mingbai.shop.skills.tools import tools
from mingbai.values.records import OrderState
from mingbai.values.turn import Intent


def server(shop: Counter, home: Path, customer: str = "") -> Server:
    find = finder(Search(home, shop.records, NoEncoder()), shop.shop)

    def scene_of(reader: Reader) -> Scene:
        return Scene(reader, find, shop.shop, NOW, Asker("customer", customer))

    made = Server(shop.records, scene_of, "1")
    said(made, "initialize", {"protocolVersion": "2025-06-18"})
    return made


def said(made: Server, method: str, params: dict[str, Any]) -> dict[str, Any]:
    reply = made.answer(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
    assert reply is not None
    answer: dict[str, Any] = json.loads(reply)
    return answer


def call(made: Server, name: str, **arguments: Any) -> dict[str, Any]:
    result: dict[str, Any] = said(made, "tools/call", {"name": name, "arguments": arguments})["result"]
    return result


def test_a_client_over_pipes(tmp_path: Path) -> None:
    with counter_of(tmp_path, [product(), variant(), order("1", state=OrderState.PAID), line("1")]):
        pass
    messages = [
        {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
        {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "where_is_order", "arguments": {"order_no": "1", "phone_tail": "2807"}}},
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "mingbai.cli", "mcp", "--today", "2025-11-12"], input="".join(json.dumps(m) + "\n" for m in messages),
        capture_output=True, text=True, check=True, timeout=120, env={**os.environ, "MINGBAI_HOME": str(tmp_path)},
    )  # fmt: skip
    replies = [json.loads(text) for text in done.stdout.splitlines()]
    assert [r["id"] for r in replies] == ["a", 2, 3]
    assert replies[0]["result"]["protocolVersion"] == "2025-06-18"
    assert {"where_is_order", "confirm"} <= {t["name"] for t in replies[1]["result"]["tools"]}
    assert replies[2]["result"]["structuredContent"]["facts"][0]["zh"] == "订单 1 已付款，还没有发货。"


def test_a_write_is_proposed_and_confirmed_by_number(tmp_path: Path) -> None:
    with counter_of(tmp_path, [order("1", state=OrderState.PAID, received_at=None), line("1")]) as shop:
        made = server(shop, tmp_path, "C1")
        asked = call(made, "cancel_order", order_no="1")["structuredContent"]
        assert shop.order("1").state is OrderState.PAID
        assert call(made, "confirm", proposal="P9")["isError"]
        done = call(made, "confirm", proposal=asked["proposal_number"])["structuredContent"]
        assert done["done"]["action"] == "A20251112-0001"
        assert (
            call(made, "confirm", proposal=asked["proposal_number"])["structuredContent"]["done"]
            == done["done"]
        )
        assert shop.order("1").state is OrderState.CANCELLED


def test_who_asks_is_not_an_argument(tmp_path: Path) -> None:
    with counter_of(tmp_path, [order("1"), line("1")]) as shop:
        made = server(shop, tmp_path, "C2")
        assert "facts" not in call(made, "where_is_order", order_no="1")["structuredContent"]
        wrong = call(made, "where_is_order", order_no="1", customer="C1")
        assert wrong["isError"]
        assert "customer" in wrong["content"][0]["text"]


def test_guessed_tails_are_counted_over_the_session(tmp_path: Path) -> None:
    with counter_of(tmp_path, [order("1"), line("1")]) as shop:
        made = server(shop, tmp_path)
        for tail in ("0001", "0002", "0003", "0004", "0005"):
            call(made, "where_is_order", order_no="1", phone_tail=tail)
        assert (
            "facts" not in call(made, "where_is_order", order_no="1", phone_tail="2807")["structuredContent"]
        )


@pytest.mark.parametrize(("line_said", "code"), [
    ("{", -32700), ("", -32700), ("[]", -32600), ('"x"', -32600), ('[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600),
    ('{"id":1,"method":"ping"}', -32600), ('{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600),
    ('{"jsonrpc":"2.0","id":1}', -32600), ('{"jsonrpc":"2.0","id":1,"method":7}', -32600), ('{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600),
    ('{"jsonrpc":"2.0","id":true,"method":"ping"}', -32600), ('{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
    ('{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}', -32602), ('{"jsonrpc":"2.0","id":1,"method":"resources/list"}', -32601),
    ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}', -32602),
    ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm","arguments":{}}}', -32602),
    ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"stock","arguments":[]}}', -32602),
    ('{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":NaN}}', -32700), ("[" * 100_000, -32700),
])  # fmt: skip
def test_what_is_wrong_has_its_code(tmp_path: Path, line_said: str, code: int) -> None:
    with counter_of(tmp_path, []) as shop:
        reply = server(shop, tmp_path).answer(line_said)
    assert reply is not None
    assert json.loads(reply)["error"]["code"] == code


@pytest.mark.parametrize(
    "line_said",
    [
        '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}',
        '{"jsonrpc":"2.0","id":1,"result":{}}',
    ],
)
def test_what_needs_no_answer_gets_none(tmp_path: Path, line_said: str) -> None:
    with counter_of(tmp_path, []) as shop:
        assert server(shop, tmp_path).answer(line_said) is None


def test_nothing_before_initialize(tmp_path: Path) -> None:
    with counter_of(tmp_path, []) as shop:
        fresh = Server(shop.records, lambda reader: pytest.fail("asked"), "1")
        assert said(fresh, "tools/list", {})["error"]["code"] == -32002


@pytest.mark.parametrize("arguments", [{"color": 3}, {"colour": "red"}, {"color": "x" * 501}])
def test_arguments_of_another_type_are_an_error_of_the_tool(
    tmp_path: Path, arguments: dict[str, Any]
) -> None:
    with counter_of(tmp_path, []) as shop:
        assert call(server(shop, tmp_path), "stock", **arguments)["isError"]


def test_every_skill_is_documented_once_and_every_intent_has_one() -> None:
    assert len({s.name for s in SKILLS}) == len(SKILLS)
    assert {i.value for i in Intent} <= {s.name for s in SKILLS}
    for skill in SKILLS:
        assert skill.zh
        assert skill.en
    for tool in tools():
        properties = tool.parameters["properties"]
        assert isinstance(properties, dict)
        assert all(p["description"].count(" / ") == 1 for p in properties.values())
    assert {s.name for s in SKILLS if s.writes} == {
        "change_address",
        "cancel_order",
        "modify_order",
        "start_return",
        "exchange",
        "invoice",
    }
