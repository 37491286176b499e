"""Who may use the engine next."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingbai.engine.admission import Admission
from mingbai.values.errors import Busy, DeadlineExceeded


class Counterfoil:
    """Asks for places and writes down who was served, in order."""

    def __init__(self, places: int = 1, bound: int = 100) -> None:
        self.admission = Admission(places, bound)
        self.served: list[str] = []
        self.close = asyncio.Event()

    def visit(self, key: str, *, seconds: float = 5) -> asyncio.Task[None]:
        async def staying() -> None:
            async with self.admission.enter(key, seconds=seconds):
                self.served.append(key)
                await self.close.wait()

        return asyncio.create_task(staying())

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.fixture
async def foil() -> Counterfoil:
    return Counterfoil()


async def test_a_free_place_is_taken_at_once(foil):
    visit = foil.visit("甲")
    await foil.settle()
    assert (foil.served, foil.admission.in_use, foil.admission.waiting) == (["甲"], 1, 0)
    foil.close.set()
    await visit
    assert foil.admission.in_use == 0


async def test_a_busy_key_delays_another_by_one_request_only(foil):
    visits = [foil.visit("甲") for _ in range(6)] + [foil.visit("乙"), foil.visit("丙")]
    await foil.settle()
    foil.close.set()
    await asyncio.gather(*visits)
    assert foil.served[:4] == ["甲", "甲", "乙", "丙"]
    assert Counter(foil.served) == {"甲": 6, "乙": 1, "丙": 1}


@given(st.integers(1, 4), st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=30))
@settings(deadline=None, max_examples=60)
def test_turns_are_taken_between_keys(places, keys):
    async def story() -> list[str]:
        foil = Counterfoil(places)
        visits = [foil.visit(key) for key in keys]
        await foil.settle()
        assert foil.admission.in_use == min(places, len(keys))
        assert foil.admission.waiting == max(0, len(keys) - places)
        foil.close.set()
        await asyncio.gather(*visits)
        assert (foil.admission.in_use, foil.admission.waiting) == (0, 0)
        return foil.served

    served = asyncio.run(story())
    assert Counter(served) == Counter(keys)
    queue = served[places:]
    # Between two turns of one key, every other key that still waits has had exactly one.
    for at, key in enumerate(queue):
        if key in queue[at + 1 :]:
            after = queue.index(key, at + 1)
            assert set(queue[at + 1 : after]) == set(queue[after + 1 :]) - {key} | set(queue[at + 1 : after])
            assert len(set(queue[at + 1 : after])) == after - at - 1


async def test_past_the_bound_the_caller_is_told_when_to_come_back():
    foil = Counterfoil(places=2, bound=3)
    visits = [foil.visit("甲") for _ in range(5)]
    await foil.settle()
    with pytest.raises(Busy) as refused:
        async with foil.admission.enter("乙", seconds=5):
            pass
    assert refused.value.retry_after_seconds >= 1
    assert str(refused.value.retry_after_seconds) in refused.value.mend.zh
    assert foil.admission.waiting == 3
    foil.close.set()
    await asyncio.gather(*visits)


async def test_shorter_answers_shorten_the_advice():
    foil = Counterfoil(bound=0)
    advice = []
    for _ in range(40):
        visit = foil.visit("甲")
        await foil.settle()
        with pytest.raises(Busy) as refused:
            await foil.visit("乙")
        advice.append(refused.value.retry_after_seconds)
        foil.close.set()
        await visit
        foil.close.clear()
    assert advice[0] > advice[-1] == 1


async def test_the_deadline_counts_in_the_queue(foil):
    first = foil.visit("甲")
    await foil.settle()
    with pytest.raises(DeadlineExceeded):
        await foil.visit("乙", seconds=0.01)
    assert foil.admission.waiting == 0
    foil.close.set()
    await first
    assert foil.admission.in_use == 0


async def test_an_error_inside_gives_the_place_back(foil):
    with pytest.raises(ZeroDivisionError):
        async with foil.admission.enter("甲", seconds=1):
            raise ZeroDivisionError
    assert foil.admission.in_use == 0


async def test_cancelled_in_the_same_instant_as_the_place_is_handed_over(foil):
    first, second, third = foil.visit("甲"), foil.visit("乙"), foil.visit("丙")
    await foil.settle()
    foil.close.set()
    await asyncio.sleep(0)  # the first visit ends and hands its place to the second …
    second.cancel()  # … who leaves before waking up
    await asyncio.gather(first, third)
    assert second.cancelled()
    assert foil.served == ["甲", "丙"]
    assert foil.admission.in_use == 0


Act = st.one_of(
    st.tuples(st.just("visit"), st.sampled_from("甲乙丙")),
    st.tuples(st.just("cancel"), st.integers(0, 20)),
    st.tuples(st.just("pause"), st.integers(1, 4)),
    st.tuples(st.just("late"), st.sampled_from("甲乙丙")),
)


@given(st.integers(1, 3), st.lists(Act, max_size=30))
@settings(deadline=None, max_examples=100)
def test_no_place_is_ever_lost(places, acts):
    async def story() -> None:
        admission = Admission(places, 100)

        async def short_stay(key: str, seconds: float) -> None:
            async with admission.enter(key, seconds=seconds):
                assert admission.in_use <= places
                await asyncio.sleep(0)
                await asyncio.sleep(0)

        tasks: list[asyncio.Task[None]] = []
        for kind, value in acts:
            match kind:
                case "visit":
                    tasks.append(asyncio.create_task(short_stay(value, 5)))
                case "late":
                    tasks.append(asyncio.create_task(short_stay(value, 0)))
                case "cancel" if tasks:
                    tasks[value % len(tasks)].cancel()
                case "pause":
                    for _ in range(value):
                        await asyncio.sleep(0)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (admission.in_use, admission.waiting) == (0, 0)
        for _ in range(places):
            await admission._take("甲", 0.01)
        assert admission.in_use == places

    asyncio.run(story())
