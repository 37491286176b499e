"""`mingbai bench engine`: the service beside a bare llama.cpp server, same weights, same settings, same run.

Both servers stand at once and are asked in turn, so that a drift of the machine's speed falls on both. Prompts are
fresh in every round: neither side meets text it has seen, except where a shared system text is the very subject.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mingbai.prove import bandwidth
from mingbai.prove.rivals import Chat, Rival, bare, ours
from mingbai.prove.spread import quantile
from mingbai.values.settings import EngineSettings

TOPICS = [
    "茶壶",
    "盖碗",
    "公道杯",
    "茶盘",
    "茶针",
    "茶荷",
    "建水",
    "茶巾",
    "品茗杯",
    "闻香杯",
    "茶叶罐",
    "煮茶炉",
]
STYLES = ["一首诗", "一个故事", "一段广告", "一封信", "一篇说明", "一个对话", "一份清单", "一段评语"]
ROOM_TOKENS = 64


@dataclass(frozen=True, slots=True)
class Load:
    """N chats at once, several rounds: tokens per second of all together, and times to the first token."""

    streams: int
    tokens_per_second: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shared:
    """Seconds to the first token with one system text of about 1,000 tokens: cold, then for users after it."""

    cold: list[float] = field(default_factory=list)
    one: list[float] = field(default_factory=list)
    four: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Side:
    """What was measured of one server."""

    loads: dict[int, Load] = field(default_factory=dict)
    alone: list[float] = field(default_factory=list)
    decode: list[float] = field(default_factory=list)
    shared: Shared = field(default_factory=Shared)


@dataclass(slots=True)
class Bench:
    build: str
    sides: dict[str, Side]
    bandwidth_bytes: list[float] = field(default_factory=list)
    read_bytes_per_token: int = 0

    def ratio(self, read: Callable[[Side], float]) -> float:
        return read(self.sides["mingbai"]) / read(self.sides["bare"])

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def question(draw: random.Random) -> str:
    return f"请用中文写{draw.choice(STYLES)}，写{draw.choice(TOPICS)}和第{draw.randrange(10**6)}位客人，写得长一些。"


def system_text(draw: random.Random, tokens: int = 1000) -> str:
    """A shop's house rules of about that many tokens (one Chinese word is about 0.6 of one here)."""
    lines, size = [f"你是第{draw.randrange(10**6)}号茶具店的客服。"], 12
    while size < tokens:
        topic, other = draw.sample(TOPICS, 2)
        lines.append(
            f"{topic}签收后{draw.randrange(7, 30)}天内可以退，{other}满{draw.randrange(50, 900)}元包邮，"
            f"有破损请在{draw.randrange(1, 9)}天内拍照联系，由店里承担运费。"
        )
        size += 41
    return "\n".join(lines)


async def many(
    rival: Rival, prompts: Sequence[str], system: str, max_tokens: int
) -> tuple[float, list[Chat]]:
    started = time.perf_counter()
    chats = await asyncio.gather(*(rival.chat(system, p, max_tokens=max_tokens) for p in prompts))
    return time.perf_counter() - started, list(chats)


async def measure(
    weights: Path, model: str, read_bytes_per_token: int, settings: EngineSettings, *,
    home: Path, build: str, native: str, rounds: int, alone: int,
) -> Bench:  # fmt: skip
    """The whole bench of one build; about eight minutes at three rounds of the 1.5B on two cores."""
    draw = random.Random(20261121)
    bench = Bench(build, {"bare": Side(), "mingbai": Side()}, read_bytes_per_token=read_bytes_per_token)
    threads = settings.threads or os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as save:
        async with (
            bare(weights, settings, native if build == "native" else "", Path(save)) as their,
            ours(home, model, build) as our,
        ):
            rivals = (their, our)
            for rival in rivals:
                await rival.chat("", "你好", max_tokens=4)
            for turn in range(rounds):
                order = rivals if turn % 2 == 0 else rivals[::-1]
                for streams in (1, 4, 8):
                    prompts = [question(draw) for _ in range(streams)]
                    for rival in order:
                        bench.bandwidth_bytes.append(bandwidth.measure(threads, rounds=7).median)
                        seconds, chats = await many(rival, prompts, "", ROOM_TOKENS)
                        load = bench.sides[rival.name].loads.setdefault(streams, Load(streams))
                        load.tokens_per_second.append(sum(c.tokens for c in chats) / seconds)
                        load.firsts.extend(c.first for c in chats)
                        if streams == 1:
                            c = chats[0]
                            bench.sides[rival.name].decode.append((c.tokens - 1) / (c.total - c.first))
                        _say(f"round {turn + 1}: {rival.name} {streams} streams")
            for turn in range(alone):
                prompt = question(draw)
                for rival in rivals if turn % 2 == 0 else rivals[::-1]:
                    chat = await rival.chat("", prompt, max_tokens=2)
                    bench.sides[rival.name].alone.append(chat.first)
            for turn in range(rounds):
                system = system_text(draw)
                for rival in rivals if turn % 2 == 0 else rivals[::-1]:
                    await _shared(rival, bench.sides[rival.name].shared, system, draw)
                    _say(f"round {turn + 1}: {rival.name} shared system text")
    return bench


async def _shared(rival: Rival, seen: Shared, system: str, draw: random.Random) -> None:
    ask = [
        "能退吗？",
        "多少钱包邮？",
        "有破损怎么办？",
        "怎么联系？",
        "运费谁出？",
        "几天到？",
        "有赠品吗？",
        "能换吗？",
    ]
    draw.shuffle(ask)
    seen.cold.append((await rival.chat(system, ask[0], max_tokens=8)).first)
    seen.one.append((await rival.chat(system, ask[1], max_tokens=8)).first)
    _, chats = await many(rival, ask[2:6], system, 8)
    seen.four.extend(c.first for c in chats)
    seen.one.append((await rival.chat(system, ask[6], max_tokens=8)).first)


def _say(line: str) -> None:
    print(f"  {line}  (load {os.getloadavg()[0]:.1f})", file=sys.stderr)


def report(bench: Bench) -> list[str]:
    """The figures with their goals, a line each."""
    median = statistics.median
    bare_side, our_side = bench.sides["bare"], bench.sides["mingbai"]
    lines = [
        f"build {bench.build}",
        "  streams      bare tok/s   mingbai tok/s   ratio   TTFT p50 bare / mingbai (s)",
    ]
    for streams, load in bare_side.loads.items():
        mine = our_side.loads[streams]
        # The ratio is of each round's pair; goal 0.98.
        ratios = [m / b for m, b in zip(mine.tokens_per_second, load.tokens_per_second, strict=True)]
        lines.append(
            f"  {streams:7d} {median(load.tokens_per_second):15.2f} {median(mine.tokens_per_second):15.2f}"
            f" {median(ratios):7.3f} {median(load.firsts):12.2f} / {median(mine.firsts):.2f}"
        )
    added = sorted(1000 * (m - b) for m, b in zip(our_side.alone, bare_side.alone, strict=True))
    p50 = 1000 * (quantile(our_side.alone, 0.5) - quantile(bare_side.alone, 0.5))
    p95 = 1000 * (quantile(our_side.alone, 0.95) - quantile(bare_side.alone, 0.95))
    lines.append(
        f"  added TTFT, {len(added)} pairs: p50 {p50:+.1f} ms (goal 5), p95 {p95:+.1f} ms (goal 15);"
        f" median of the pairs' differences {median(added):+.1f} ms"
    )
    four = median(our_side.loads[4].tokens_per_second) / median(our_side.loads[1].tokens_per_second)
    lines.append(f"  four streams over one: {four:.2f} x (goal 1.5)")
    for name, side in bench.sides.items():
        s = side.shared
        cold = median(s.cold)
        lines.append(
            f"  1,000-token system text, {name}: cold {cold:.2f} s; next user {median(s.one):.3f} s = 1/{cold / median(s.one):.1f};"
            f" four at once p50 {median(s.four):.3f} s = 1/{cold / median(s.four):.1f},"
            f" slowest {max(s.four):.3f} s = 1/{cold / max(s.four):.1f} (goal 1/15)"
        )
    bound = median(bench.bandwidth_bytes) / bench.read_bytes_per_token
    lines.append(
        f"  memory {median(bench.bandwidth_bytes) / 1e9:.1f} GB/s (best {max(bench.bandwidth_bytes) / 1e9:.1f})"
        f" -> bound {bound:.1f} tok/s; decode {median(our_side.decode):.1f} = {100 * median(our_side.decode) / bound:.0f} %"
        f" of it, best {max(our_side.decode):.1f} (goal 85 %); bare {median(bare_side.decode):.1f}"
    )
    return lines
