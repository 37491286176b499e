"""One child and its slots: who holds which, what is in it, and completions of token ids in a held slot.

The shared lane has several slots and takes what a slot already holds if that helps. The replay lane has one and puts
it into a defined state before every ask (empty, or the restored beginning), so that the same ask at temperature 0
always goes through the same arithmetic: docs/measurements.md says how far that holds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from mingbai.engine.admission import Admission
from mingbai.engine.prefixes import PrefixStore, common_prefix
from mingbai.engine.stats import Stats
from mingbai.engine.supervisor import Running, Supervisor
from mingbai.models.template import Prompt
from mingbai.values.chat import Alternative, Sampling, TokenLogprob
from mingbai.values.errors import (
    BadInput,
    DeadlineExceeded,
    EngineError,
    EngineInterrupted,
    PlaceFailed,
    Text,
)
from mingbai.values.json import JsonObject

# What Qwen publishes for these weights (generation_config.json), used where the caller gives nothing.
TEMPERATURE, TOP_P, TOP_K = 0.7, 0.8, 20
TOGETHER_SECONDS = 0.05  # a restore of 1,000 tokens takes 5 ms; nobody waits longer than this for another's
FINAL_FIELDS = ["content", "tokens", "stop", "stop_type", "tokens_predicted", "timings/cache_n"]


@dataclass(slots=True)
class Slot:
    number: int
    tokens: tuple[int, ...] = ()
    adapter: str | None = (
        ""  # the one the engine has over this slot; None: it cannot be known (new, or cut off under way)
    )
    life: int = 0
    held: bool = False
    used_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Chunk:
    """A bit of a completion. `end` is set on the last: why it ended, and how many prompt tokens needed no work."""

    text: str = field(repr=False)
    tokens: tuple[int, ...] = field(default=(), repr=False)
    logprobs: tuple[TokenLogprob, ...] = ()
    end: Literal["", "eos", "word", "limit"] = ""
    cached: int = 0


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a completion must match: a JSON schema, or a grammar in llama.cpp's GBNF."""

    schema: JsonObject | None = None
    grammar: str = ""

    def fields(self) -> dict[str, object]:
        if self.schema is not None:
            return {"json_schema": self.schema}
        return {"grammar": self.grammar} if self.grammar else {}


FREE = Constraint()


class Lane:
    """Slots of one supervised child, handed out one ask at a time."""

    def __init__(
        self,
        supervisor: Supervisor,
        prefixes: PrefixStore,
        *,
        slots: int,
        queue_bound: int,
        prefix_min_tokens: int,
        exact: bool,
        stats: Stats,
        adapters: tuple[str, ...] = (),
    ) -> None:
        """`adapters`: digests of those that the child has loaded, in its order."""
        self.supervisor = supervisor
        self.adapters = adapters
        self.admission = Admission(slots, queue_bound)
        self._prefixes = prefixes
        self._slots = [Slot(n) for n in range(slots)]
        self._prefix_min = prefix_min_tokens
        self._exact = exact
        self._stats = stats
        self._restoring = 0
        self._all_restored = asyncio.Event()

    @property
    def folder(self) -> Path:
        return self._prefixes.folder

    @property
    def idle(self) -> bool:
        return not self.admission.in_use and not self.admission.waiting

    @asynccontextmanager
    async def lease(
        self, key: str, prompt: Prompt, deadline: float, wanted: Callable[[], str] = lambda: ""
    ) -> AsyncIterator[Lease]:
        """A slot for one ask, warmed for its prompt. `deadline` is on the `time.monotonic` clock.

        `wanted` is asked when the wait is over, since an adapter may have been taken out meanwhile: the digest of one of the
        lane's, several with + between, or "" for the base model.
        """
        async with self.admission.enter(key, seconds=_left(deadline)):
            running = await self.supervisor.running(seconds=_left(deadline))
            adapter = wanted()
            slot = self._choose(prompt.tokens, running.life, adapter)
            slot.held = True
            self.supervisor.in_flight += 1
            try:
                lease = Lease(running, slot, deadline, self._stats, self.adapters, adapter)
                lease.fresh = await self._warm(lease, prompt)
                yield lease
            except PlaceFailed as e:
                if e.status != 0:
                    raise
                slot.tokens = ()
                raise interrupted() from e
            finally:
                slot.held = False
                slot.used_at = time.monotonic()
                self.supervisor.in_flight -= 1

    def _choose(self, tokens: tuple[int, ...], life: int, adapter: str) -> Slot:
        """The free slot that shares the longest beginning, else the one unused for longest.

        What was read under another adapter is not known under this one, however alike the tokens are.
        """
        free = [s for s in self._slots if not s.held]
        for slot in free:
            if slot.life != life:
                slot.life, slot.tokens, slot.adapter = life, (), None if self.adapters else ""

        def known(slot: Slot) -> int:
            return common_prefix(slot.tokens, tokens) if slot.adapter == adapter else 0

        chosen = max(free, key=lambda s: (known(s), -s.used_at))
        if chosen.adapter != adapter:
            chosen.tokens = ()
        return chosen

    async def _warm(self, lease: Lease, prompt: Prompt) -> int:
        """Bring the slot to the prompt's stable beginning if it is worth it; how many tokens that had to read."""
        slot = lease.slot
        if prompt.stable < self._prefix_min:
            if self._exact:
                await lease.erase()
            return 0
        if not self._exact and common_prefix(slot.tokens, prompt.tokens) >= prompt.stable:
            self._stats.prefix_hits += 1
            return 0
        stable = prompt.tokens[: prompt.stable]
        name = self._prefixes.name_of(stable, lease.adapter)
        while (first := self._prefixes.under_way.get(name)) is not None:
            await asyncio.wait([first], timeout=_left(lease.deadline))
        if self._prefixes.has(name):
            if await self._restore_together(lease, name, stable):
                self._stats.prefix_hits += 1
                return 0
            self._prefixes.drop(name)
        self._stats.prefix_misses += 1
        done = self._prefixes.under_way[name] = asyncio.get_running_loop().create_future()
        try:
            if self._exact:
                await lease.erase()
            known = 0 if self._exact else common_prefix(slot.tokens, stable)
            await lease.read(stable)
            size = await lease.save(name)
            if size:
                self._prefixes.keep(name, size)
            return len(stable) - known
        finally:
            del self._prefixes.under_way[name]
            done.set_result(None)

    async def _restore_together(self, lease: Lease, name: str, stable: tuple[int, ...]) -> bool:
        """Restore, and go on once others who are restoring now have, too.

        The engine restores between two batches. Of four users who come at once the first would start a batch, and the
        others' restores would wait for it, one batch after the other; so all restore first, within milliseconds.
        """
        self._restoring += 1
        self._all_restored.clear()
        try:
            await lease.turn(stable)
            done = await lease.restore(name, stable)
        finally:
            self._restoring -= 1
            if not self._restoring:
                self._all_restored.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(TOGETHER_SECONDS):
                await self._all_restored.wait()
        return done


class Lease:
    """A held slot. Everything done here happens in that slot and that child's life."""

    def __init__(
        self,
        running: Running,
        slot: Slot,
        deadline: float,
        stats: Stats,
        adapters: tuple[str, ...] = (),
        adapter: str = "",
    ) -> None:
        self._wire = running.wire
        self.slot = slot
        self.adapter = adapter
        self._adapters = adapters
        self.deadline = deadline
        self.fresh = 0  # tokens of the stable beginning that this ask itself had to read
        self._stats = stats

    def _put_over(self) -> dict[str, object]:
        """Every adapter of the child with its scale, in every request (its own is in the file): without the list llama.cpp takes over whatever the slot
        read under another adapter (`launch_slot_with_task` clears its cache only where a list is given)."""
        if not self._adapters:
            return {}
        on = self.adapter.split("+")
        scales = [{"id": n, "scale": 1.0 if one in on else 0.0} for n, one in enumerate(self._adapters)]
        return {"lora": scales}

    def _leave_behind(self) -> None:
        """Until the engine has begun on a request under another adapter, nobody knows which it has over the slot."""
        if self.slot.adapter != self.adapter:
            self.slot.adapter = None

    async def read(self, tokens: tuple[int, ...]) -> None:
        """Put tokens into the slot without writing any."""
        body = {"prompt": tokens, "n_predict": 0, "id_slot": self.slot.number, "cache_prompt": True}
        self._leave_behind()
        await self._wire.post(
            "/completion",
            {**body, **self._put_over(), "response_fields": ["stop"]},
            seconds=_left(self.deadline),
        )
        self.slot.tokens, self.slot.adapter = tokens, self.adapter

    async def turn(self, tokens: tuple[int, ...]) -> None:
        """Before a restore: the slot must know its adapter, else the next request throws away what was restored.

        Reads one token, and only where the slot was another adapter's.
        """
        if self._adapters and self.slot.adapter != self.adapter:
            await self.read(tokens[:1])

    async def save(self, name: str) -> int:
        """Save the slot; the file's bytes, or 0 if the place could not (a full disk only costs speed)."""
        try:
            reply = await self._action("save", name)
        except PlaceFailed as e:
            if e.status == 0:
                raise
            self._stats.prefix_save_failures += 1
            return 0
        return cast(int, reply.get("n_written", 0))

    async def restore(self, name: str, tokens: tuple[int, ...]) -> bool:
        try:
            reply = await self._action("restore", name)
        except PlaceFailed as e:
            if e.status == 0:
                raise
            return False
        self.slot.tokens = tokens
        return reply.get("n_restored") == len(tokens)

    async def erase(self) -> None:
        await self._action("erase")
        self.slot.tokens = ()

    async def _action(self, action: str, name: str = "") -> JsonObject:
        path = f"/slots/{self.slot.number}?action={action}"
        return await self._wire.post(path, {"filename": name} if name else {}, seconds=_left(self.deadline))

    async def complete(
        self,
        tokens: Sequence[int],
        *,
        sampling: Sampling,
        limit: int,
        constraint: Constraint = FREE,
    ) -> AsyncGenerator[Chunk, None]:
        """Continue `tokens` by at most `limit`; the last chunk has `end`. Closing it cancels in the engine."""
        body = {
            "prompt": tokens,
            "n_predict": limit,
            "id_slot": self.slot.number,
            "cache_prompt": True,
            "stream": True,
            "response_fields": FINAL_FIELDS,
            **self._put_over(),
            **_sampling_fields(sampling),
            **constraint.fields(),
        }
        written: list[int] = []
        self.slot.tokens = tuple(tokens)
        self._leave_behind()
        async with aclosing(self._wire.stream("/completion", body, seconds=_left(self.deadline))) as events:
            try:
                async for event in events:
                    self.slot.adapter = self.adapter
                    chunk = _chunk(event)
                    written += chunk.tokens
                    if chunk.end:
                        self.slot.tokens += tuple(written)
                        yield chunk
                        return
                    if chunk.text or chunk.tokens:
                        yield chunk
                    if time.monotonic() > self.deadline:
                        raise late()
            except PlaceFailed as e:
                if e.status == 400 and constraint is not FREE:
                    raise _unusable_constraint(constraint) from e
                raise
        raise interrupted()


def _sampling_fields(s: Sampling) -> dict[str, object]:
    """Only the samplers that change something: each one more walks 150,000 candidates for every token."""
    temperature = TEMPERATURE if s.temperature is None else s.temperature
    top_k = TOP_K if s.temperature is None and s.top_p is None else 0
    top_p = (TOP_P if s.temperature is None else 1.0) if s.top_p is None else s.top_p
    if temperature == 0:
        top_k, top_p = 1, 1.0
    fields: dict[str, object] = {
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "min_p": 0,
        "repeat_penalty": 1,
        "presence_penalty": s.presence_penalty,
        "frequency_penalty": s.frequency_penalty,
        "samplers": [
            *(["penalties"] if s.presence_penalty or s.frequency_penalty else []),
            *(["top_k"] if top_k else []),
            *(["top_p"] if top_p < 1 else []),
            *(["temperature"] if temperature else []),
        ],
        "stop": s.stop,
    }
    if s.seed is not None:
        fields["seed"] = s.seed % 2**32
    if s.top_logprobs is not None:
        fields["n_probs"] = max(s.top_logprobs, 1)
    if s.logit_bias:
        fields["logit_bias"] = s.logit_bias
    return fields


def _chunk(event: JsonObject) -> Chunk:
    end = cast(Literal["eos", "word", "limit"], event.get("stop_type")) if event.get("stop") else ""
    probabilities = cast(Sequence[Mapping[str, object]], event.get("completion_probabilities") or ())
    return Chunk(
        text=cast(str, event.get("content", "")),
        tokens=tuple(cast(Sequence[int], event.get("tokens") or ())),
        logprobs=tuple(_logprob(p) for p in probabilities),
        end=end,
        cached=cast(int, event.get("timings/cache_n") or 0),
    )


def _logprob(raw: Mapping[str, object]) -> TokenLogprob:
    top = cast(Sequence[Mapping[str, object]], raw.get("top_logprobs") or ())
    return TokenLogprob(_alternative(raw), tuple(_alternative(t) for t in top))


def _alternative(raw: Mapping[str, object]) -> Alternative:
    """Raises `EngineError` where the model computes no number: its file is damaged, or unfit for this llama.cpp."""
    data = bytes(cast(Sequence[int], raw.get("bytes") or ()))
    logprob = raw.get("logprob", -100.0)
    if logprob is None:
        raise EngineError(
            Text("模型算出来的不是数（NaN）。", "The model computes what is no number (NaN)."),
            Text("这个 GGUF 有毛病：换一个模型文件。", "This GGUF is at fault: use another model file."),
        )
    return Alternative(cast(str, raw.get("token", "")), float(cast(float, logprob)), data)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise late()
    return left


def late() -> DeadlineExceeded:
    return DeadlineExceeded(
        Text("超过了允许的时间。", "The time allowed ran out."),
        Text("请缩短问题，或放宽时限再试。", "Shorten the request or allow more time, then try again."),
    )


def interrupted(*, released: bool = False) -> EngineInterrupted:
    return EngineInterrupted(
        Text("模型在回答途中断开了，已重新启动。", "The model stopped while answering and was started anew."),
        Text("请再问一次。", "Please ask again."),
        released=released,
    )


def _unusable_constraint(constraint: Constraint) -> BadInput:
    return BadInput(
        Text(
            "这个 JSON schema 无法用来约束回答。", "This JSON schema cannot be used to constrain an answer."
        ),
        Text(
            "请只用 type、properties、required、enum、items、anyOf 等常用关键字。",
            "Keep to common keywords: type, properties, required, enum, items, anyOf.",
        ),
        param="tools" if constraint.grammar else "response_format",
        code="invalid_schema",
    )
