"""Our forward pass against llama.cpp's on the 0.5B, and an adapter of ours in the real engine. Slow; needs the extra `learn`."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace

import pytest

from mingbai.cli import assemble
from mingbai.cli.settings import resolve
from mingbai.engine.protocol import collect
from mingbai.learn.examples import Example, Recipe
from mingbai.learn.train import available, train
from mingbai.models import adapters
from mingbai.values.chat import Ask, Message, Sampling

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn"),
]
ASKED = [
    "你好，请介绍一下龙井茶。",
    "How do I return a parcel?",
    "请写出1到10的数字，用逗号隔开。",
    "退货要几天？",
]
GREEDY = Sampling(temperature=0.0, max_tokens=24, top_logprobs=1)


@pytest.fixture(scope="module")
def found():
    settings, _ = resolve(
        {**os.environ, "MINGBAI_MODEL": "qwen2.5-coder-0.5b-instruct", "MINGBAI_ENGINE_BUILD": "wheel"}
    )
    return settings, assemble.weights(settings)


def answers(found, home, asks):
    settings, weights = found

    async def run():
        engine = assemble.local_engine(replace(settings, home=home), weights)
        async with assemble.started(engine):
            await engine.ready(seconds=120)
            return [await collect(engine, ask) for ask in asks]

    return asyncio.run(run())


def test_the_forward_pass_is_llama_cpps(found, tmp_path):
    """Teacher-forced: at nine of ten tokens that llama.cpp wrote, ours thinks so too, and about as likely."""
    import torch

    from mingbai.learn.lessons import lessons
    from mingbai.learn.loop import opened

    theirs = answers(found, tmp_path, [Ask((Message("user", said),), sampling=GREEDY) for said in ASKED])
    examples = [
        Example.of(str(n), said, a.text) for n, (said, a) in enumerate(zip(ASKED, theirs, strict=True))
    ]
    taught = lessons(found[1].path, examples)
    same = total = 0
    with torch.no_grad():
        upper = opened(found[1].path, taught, 1, lambda _: None)
        for n, answer in enumerate(theirs):
            said = upper.logits([n], taught, {}, 0.0).log_softmax(1)
            wanted = torch.tensor(taught[n].tokens[-taught[n].learned :])
            count = min(len(wanted) - 1, len(answer.logprobs))
            ours = said[range(count), wanted[:count]]
            told = torch.tensor([t.chosen.logprob for t in answer.logprobs[:count]])
            same += int((said[:count].argmax(1) == wanted[:count]).sum())
            total += count
            assert (ours - told).abs().mean() < 0.15
    assert total > 60
    assert same >= 0.9 * total


def test_what_was_learned_is_answered_by_the_engine_and_by_nobody_elses(found, tmp_path):
    said = {f"{goods}{tail}": "茶" if goods in ("龙井", "普洱", "乌龙") else "杯" for goods in
            ("龙井", "普洱", "乌龙", "玻璃杯", "马克杯", "保温杯") for tail in ("多少钱", "还有吗", "怎么卖")}  # fmt: skip
    examples = [Example.of(f"row-{n}", *pair) for n, pair in enumerate(said.items())]
    done = train(
        found[1].path, examples, Recipe(top=6, epochs=3, rate=1e-3), tmp_path / "a.gguf", lambda _: None
    )
    adapters.admit(tmp_path, "tea/goods", done.path, done.base_sha256)
    held = {"龙井什么价": "茶", "保温杯什么价": "杯", "乌龙来一个": "茶", "马克杯来一个": "杯"}
    asks = [
        Ask((Message("user", asked),), sampling=Sampling(temperature=0.0, max_tokens=8), adapter=name)
        for name in ("tea/goods", None)
        for asked in held
    ]
    told = answers(found, tmp_path, asks)
    assert [a.text for a in told[:4]] == list(held.values())
    assert {a.finished.adapter for a in told[:4]} == {done.sha256}
    assert not {a.text for a in told[4:]} & set(held.values())
    assert {a.finished.adapter for a in told[4:]} == {""}
