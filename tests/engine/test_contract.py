"""Every engine keeps the one contract: the scripted one, a place (our own service, seen from outside), the real one."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing

import pytest
import pytest_asyncio
from contract import ADDRESS, GREEDY, HOURS, QUERY, SEARCH, asking, told
from test_places import place_at

from mingbai.engine.places import PlaceEngine
from mingbai.engine.protocol import collect
from mingbai.engine.rehearsal import RehearsalEngine
from mingbai.serve.keys import Scope
from mingbai.values.chat import (
    Ask,
    CallArguments,
    CallStarted,
    Finished,
    Message,
    Piece,
    Sampling,
    ToolChoice,
)
from mingbai.values.errors import BadInput, DeadlineExceeded
from standing import listening, stand

pytestmark = pytest.mark.asyncio(loop_scope="module")
SCRIPT = {"慢慢说": "很" * 4000}


@pytest.fixture(scope="module")
def rehearsal_engine():
    return RehearsalEngine(SCRIPT)


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    return stand(tmp_path_factory.mktemp("there"), RehearsalEngine(SCRIPT))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place_engine(standing):
    async with listening(standing.service) as there:
        engine = PlaceEngine(place_at(there.url + "/v1"), standing.secrets[Scope.OWNER])
        yield engine
        await engine.close()


@pytest.fixture(
    params=["rehearsal_engine", "place_engine", pytest.param("local_engine", marks=pytest.mark.slow)]
)
def engine(request):
    return request.getfixturevalue(request.param)


async def test_one_finished_and_last(engine):
    events = await told(engine, asking("订单 MB20251103-0042 到哪了？"))
    assert [isinstance(e, Finished) for e in events] == [False] * (len(events) - 1) + [True]
    assert all(isinstance(e, Piece) for e in events[:-1])
    last = events[-1]
    assert last.place == engine.place
    assert last.usage.prompt_tokens > 0
    assert 0 < last.usage.completion_tokens <= 24


async def test_whole_and_streamed_are_the_same(engine):
    ask = asking(
        "你好", sampling=Sampling(temperature=0.0, max_tokens=4)
    )  # short: ties are rare at the start
    events = await told(engine, ask)
    answer = await collect(engine, ask)
    assert answer.text == "".join(e.text for e in events if isinstance(e, Piece))
    assert answer.finished.attempts == 1


async def test_max_tokens_ends_with_length(engine):
    answer = await collect(engine, asking("从一数到一百", sampling=Sampling(temperature=0.0, max_tokens=3)))
    assert answer.finished.reason == "length"
    assert answer.finished.usage.completion_tokens == 3


async def test_stop_is_not_shown(engine):
    free = (await collect(engine, asking("请说：苹果，香蕉，橘子。"))).text
    stop = free[len(free) // 2]
    sampling = Sampling(temperature=0.0, max_tokens=24, stop=(stop,))
    answer = await collect(engine, asking("请说：苹果，香蕉，橘子。", sampling=sampling))
    assert answer.finished.reason == "stop"
    assert answer.text == free[: free.index(stop)]


async def test_a_schema_gives_json_that_fits(engine):
    sampling = Sampling(temperature=0.0, max_tokens=128)
    answer = await collect(engine, asking("我在杭州的办公室，十二楼。", schema=ADDRESS, sampling=sampling))
    value = json.loads(answer.text)
    assert set(value) == {"city", "kind", "floor"}
    assert value["kind"] in ("home", "office")
    assert 1 <= value["floor"] <= 60
    assert answer.finished.reason == "stop"


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        (ToolChoice("required", parallel=False), {"query_order", "search"}),
        (ToolChoice("named", "search", parallel=False), {"search"}),
    ],
)
async def test_a_demanded_call_is_made(engine, choice, names):
    ask = asking(
        "查一下订单 MB20251103-0042", tools=(QUERY, SEARCH), tool_choice=choice,
        sampling=Sampling(temperature=0.0, max_tokens=128),
    )  # fmt: skip
    events = await told(engine, ask)
    assert isinstance(events[0], CallStarted)
    assert all(isinstance(e, CallArguments) and e.index == 0 for e in events[1:-1])
    answer = await collect(engine, ask)
    assert answer.finished.reason == "tool_calls"
    (call,) = answer.tool_calls
    assert call.id
    assert call.name in names
    tool = QUERY if call.name == QUERY.name else SEARCH
    assert set(tool.parameters["required"]) <= set(json.loads(call.arguments))


async def test_a_call_without_arguments(engine):
    choice = ToolChoice("named", HOURS.name, parallel=False)
    answer = await collect(engine, asking("几点开门？", tools=(HOURS,), tool_choice=choice))
    assert [json.loads(c.arguments) for c in answer.tool_calls] == [{}]


async def test_no_call_when_none_is_wanted(engine):
    answer = await collect(engine, asking("查订单", tools=(QUERY,), tool_choice=ToolChoice("none")))
    assert answer.tool_calls == ()
    assert answer.text


async def test_a_whole_conversation_is_read(engine):
    earlier = (
        Message("system", "你是客服，回答要短。"),
        Message("user", "查订单 42"),
        Message("assistant", "", tool_calls=((await called(engine)),)),
        Message("tool", '{"state": "已发货"}', tool_call_id="call_1"),
    )
    ask = Ask(
        (*earlier, Message("user", "谢谢")), tools=(QUERY,), tool_choice=ToolChoice("none"), sampling=GREEDY
    )
    answer = await collect(engine, ask)
    assert answer.text


async def called(engine):
    choice = ToolChoice("named", QUERY.name, parallel=False)
    sampling = Sampling(temperature=0.0, max_tokens=128)
    asked = asking("查订单 42", tools=(QUERY,), tool_choice=choice, sampling=sampling)
    return (await collect(engine, asked)).tool_calls[0]


async def test_logprobs_where_asked_for(engine):
    sampling = Sampling(temperature=0.0, max_tokens=4, top_logprobs=1)
    answer = await collect(engine, asking("你好", sampling=sampling))
    assert len(answer.logprobs) == answer.finished.usage.completion_tokens
    assert b"".join(t.chosen.raw for t in answer.logprobs).decode(errors="ignore").startswith(answer.text[:2])
    assert all(t.chosen.logprob <= 0 and len(t.top) == 1 for t in answer.logprobs)
    assert (await collect(engine, asking("你好"))).logprobs == ()


async def test_the_deadline(engine):
    with pytest.raises(DeadlineExceeded):
        await told(engine, asking("慢慢说" * 40, deadline_seconds=0.001, sampling=Sampling()))


async def test_more_than_the_context_holds(engine):
    with pytest.raises(BadInput) as refused:
        await told(engine, asking("长" * 40_000))
    assert refused.value.code == "context_length_exceeded"


async def test_closed_early_and_asked_again(engine):
    for _ in range(3):
        async with aclosing(
            engine.generate(asking("从一数到一千", sampling=Sampling(temperature=0.0)))
        ) as events:
            await anext(events)
    assert (await collect(engine, asking("你好"))).text


async def test_several_at_once(engine):
    asks = [asking(f"第 {n} 位顾客：你好", key=f"key{n % 2}") for n in range(6)]
    answers = await asyncio.gather(*(collect(engine, ask) for ask in asks))
    assert all(a.text for a in answers)


@pytest.mark.parametrize("text", ["", " ", "\n", "𠮷野家😀", "ｆｕｌｌ　ｗｉｄｔｈ", "\x00", "繁體中文"])
async def test_any_text_is_answered(engine, text):
    assert (await told(engine, asking(text)))[-1].usage.prompt_tokens >= 0
