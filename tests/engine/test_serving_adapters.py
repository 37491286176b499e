"""Adapters over the real engine: each ask gets its own and no other's, they come and go without a failed answer. Slow."""

from __future__ import annotations

import asyncio
import os
import random
import time
from dataclasses import replace

import numpy as np
import pytest
import pytest_asyncio

from mingbai.cli import assemble
from mingbai.cli.settings import resolve
from mingbai.engine.protocol import collect
from mingbai.models import adapters
from mingbai.values.chat import Ask, Message, Sampling
from models.tiny_gguf import F32, STRING, pair, tensor, whole

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

WIDTH, RANK = 896, 4
LONG = Message("system", "你是一家茶叶店的客服，说话要短，只说知道的事。" * 6)
SAID = ["你好", "龙井多少钱一两？", "where is my parcel", "包邮吗"]
TENANTS = [None, "tea/words", "cups/words"]


def lora(seed: int, alpha: float = 8.0, name: str = "") -> bytes:
    """A random adapter that changes what the 0.5B says: small matrices beside the attention's output, in eight layers."""
    draw = np.random.default_rng(seed)
    tensors, data = [], b""
    for layer in range(16, 24):
        for part, shape in (("lora_a", (WIDTH, RANK)), ("lora_b", (RANK, WIDTH))):
            tensors.append(tensor(f"blk.{layer}.attn_output.weight.{part}", shape, 0, len(data)))
            data += draw.normal(0, 0.06, shape[0] * shape[1]).astype("<f4").tobytes()
    pairs = [
        pair("general.architecture", STRING, "qwen2"),
        pair("general.type", STRING, "adapter"),
        pair("adapter.type", STRING, "lora"),
        pair("adapter.lora.alpha", F32, alpha),
        *([pair("general.name", STRING, name)] if name else []),
    ]
    return whole(pairs, tensors, data)


@pytest.fixture(scope="module")
def _made(tmp_path_factory):
    """What may block is done here, outside the loop."""
    settings, _ = resolve(
        {**os.environ, "MINGBAI_MODEL": "qwen2.5-coder-0.5b-instruct", "MINGBAI_ENGINE_BUILD": "wheel"}
    )
    found = assemble.weights(settings)
    home = tmp_path_factory.mktemp("home")
    files = {}
    for seed, name in enumerate(TENANTS[1:], 1):
        files[name] = home / f"{seed}.gguf"
        files[name].write_bytes(lora(seed))
    return assemble.local_engine(replace(settings, home=home), found), home, files, found.entry.sha256


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(_made):
    engine, home, files, base = _made

    async def serve(*names):
        """Let these and no others serve; returns once the engine has them."""
        digests = set()
        for name in await asyncio.to_thread(adapters.serving, home):
            await asyncio.to_thread(adapters.take_out, home, name)
        for name in names:
            digests.add((await asyncio.to_thread(adapters.admit, home, name, files[name], base)).sha256)
        async with asyncio.timeout(120):
            while set(engine.shared.adapters) != digests:
                await asyncio.sleep(0.05)
        return digests

    async with assemble.started(engine):
        await engine.ready(seconds=120)
        yield engine, serve, home, base


def asking(said, name, lane="replay", system=True):
    return Ask(
        (*((LONG,) if system else ()), Message("user", said)),
        sampling=Sampling(temperature=0.0, max_tokens=6, top_logprobs=1),
        lane=lane,
        adapter=name,
    )


async def answered(engine, *asked, **how):
    answer = await collect(engine, asking(*asked, **how))
    return answer.text, answer.logprobs


async def test_mixed_requests_are_answered_as_each_tenant_alone_is(house):
    engine, serve, _, _ = house
    asks = [(said, name, system) for said in SAID for name in TENANTS for system in (True, False)]
    alone = {}
    for tenant in TENANTS:
        await serve(*([tenant] if tenant else []))
        for said, name, system in asks:
            if name == tenant:
                alone[said, name, system] = await answered(engine, said, name, system=system)
    for said in SAID:
        assert len({alone[said, name, True][0] for name in TENANTS}) > 1, "the adapters change nothing"

    await serve(*TENANTS[1:])
    mixed = asks * 2
    random.Random(7).shuffle(mixed)
    for said, name, system in mixed:
        assert await answered(engine, said, name, system=system) == alone[said, name, system]


async def test_a_slot_that_was_anothers_is_not_believed(house):
    """The shared lane keeps beginnings and slots: whoever comes after somebody else is still answered by his own adapter."""
    engine, serve, _, _ = house
    await serve(*TENANTS[1:])
    order = [(said, name) for said in SAID for name in TENANTS] * 2
    random.Random(3).shuffle(order)
    for said, name in order:
        _, exact = await answered(engine, said, name)
        _, shared = await answered(engine, said, name, lane="shared")
        assert shared[0].chosen.logprob == pytest.approx(exact[0].chosen.logprob, abs=0.05)


async def test_the_answer_says_which_adapter_it_came_from(house):
    engine, serve, _, _ = house
    await serve("tea/words")
    (digest,) = engine.shared.adapters
    for name, expected in [("tea/words", digest), ("cups/words", ""), (None, "")]:
        assert (await collect(engine, asking("你好", name, "shared"))).finished.adapter == expected


async def test_adapters_come_and_go_under_load_and_no_answer_fails(house):
    engine, serve, _, _ = house
    stop, done = asyncio.Event(), []

    async def customer(number):
        while not stop.is_set():
            answer = await collect(engine, asking(SAID[number], TENANTS[number % 3], "shared"))
            done.append(answer.finished.reason)

    customers = [asyncio.create_task(customer(n)) for n in range(4)]
    await serve(*TENANTS[1:])
    await serve("cups/words")
    await serve()
    stop.set()
    await asyncio.gather(*customers)
    assert done
    assert set(done) <= {"stop", "length"}


async def test_one_that_is_taken_out_serves_no_more_within_a_second(house):
    engine, serve, home, _ = house
    await serve("tea/words")
    before = engine.shared
    await asyncio.to_thread(adapters.take_out, home, "tea/words")
    await asyncio.sleep(1.0)
    answer = await collect(engine, asking("你好", "tea/words", "shared"))
    assert answer.finished.adapter == ""
    async with asyncio.timeout(60):
        while engine.shared is before:  # a moment later it is not even loaded any more
            await asyncio.sleep(0.05)


async def test_one_that_does_not_load_changes_nothing(house, tmp_path):
    engine, serve, home, base = house
    await serve("tea/words")
    (digest,) = engine.shared.adapters
    file = tmp_path / "broken.gguf"
    await asyncio.to_thread(file.write_bytes, lora(3)[:-4096])
    failures = engine.stats.swap_failures
    await asyncio.to_thread(adapters.admit, home, "cups/words", file, base)
    start = time.monotonic()
    while engine.stats.swap_failures == failures:
        assert time.monotonic() - start < 60
        await asyncio.sleep(0.05)
    for name, expected in [("tea/words", digest), ("cups/words", "")]:
        assert (await collect(engine, asking("你好", name, "shared"))).finished.adapter == expected


async def test_what_stands_beside_an_adapter_is_added_and_taken_out_without_an_exchange(house, tmp_path):
    """Two halves of an adapter over each other are the whole one; one that leaves is gone with the next look, the rest answers on."""
    engine, serve, home, base = house
    await serve("tea/words")
    (whole,) = engine.shared.adapters
    alone = await answered(engine, "你好", "tea/words")

    def halves():
        for name in list(adapters.serving(home)):
            adapters.take_out(home, name)
        half, rest = tmp_path / "half.gguf", tmp_path / "rest.gguf"
        half.write_bytes(lora(1, alpha=4.0))
        rest.write_bytes(lora(1, alpha=4.0, name="rest"))
        main = adapters.admit(home, "tea/words", half, base)
        return main, adapters.admit(home, "tea/words.1.0", rest, base, main.sha256)

    main, beside = await asyncio.to_thread(halves)
    async with asyncio.timeout(120):
        while set(engine.shared.adapters) != {main.sha256, beside.sha256}:
            await asyncio.sleep(0.05)
    told = await collect(engine, asking("你好", "tea/words"))
    assert told.finished.adapter == f"{main.sha256}+{beside.sha256}"
    assert told.text == alone[0]
    assert told.logprobs[0].chosen.logprob == pytest.approx(alone[1][0].chosen.logprob, abs=0.02)

    swaps, both, now = engine.stats.swaps, told.finished.adapter, ""
    await asyncio.to_thread(adapters.take_out, home, "tea/words.1.0")
    async with asyncio.timeout(120):
        while engine.stats.swaps == swaps or now != main.sha256:
            now = (await collect(engine, asking("你好", "tea/words", "shared"))).finished.adapter
            assert now in (
                both,
                main.sha256,
            )  # never the base model's own words, also while the child is exchanged
    assert now != whole
