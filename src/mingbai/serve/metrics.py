"""Counters and histograms in Prometheus' format. Labels are ids and states, never text."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from math import isinf

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

SECONDS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 13, 21, 34, 60, 120, 300)
TOKENS_PER_SECOND = (1, 2, 4, 6, 8, 10, 13, 16, 20, 25, 30, 40, 60, 100, 200)


class Metrics:
    """The numbers of one service; its own registry, so that two services in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        r = self.registry
        self.requests = Counter(
            "mingbai_requests_total", "Chat requests by outcome", ["model", "code"], registry=r
        )
        self.first_token = Histogram(
            "mingbai_ttft_seconds", "Seconds to the first token", registry=r, buckets=SECONDS
        )
        self.duration = Histogram(
            "mingbai_answer_seconds", "Seconds of a whole answer", registry=r, buckets=SECONDS
        )
        self.speed = Histogram(
            "mingbai_tokens_per_second", "Tokens per second of one answer after its first token",
            registry=r, buckets=TOKENS_PER_SECOND,
        )  # fmt: skip
        self.prompt = Counter("mingbai_prompt_tokens_total", "Prompt tokens", registry=r)
        self.cached = Counter("mingbai_cached_tokens_total", "Prompt tokens that needed no work", registry=r)
        self.completion = Counter("mingbai_completion_tokens_total", "Tokens written", registry=r)

    def of(self, model: str) -> Meter:
        """One answer's, from now."""
        return Meter(self, model)

    def watch(self, read: Callable[[], dict[str, float]]) -> None:
        """Also report what `read` returns at each scrape; a name ending in _total is a counter."""
        self.registry.register(_Reading(read))

    def text(self) -> bytes:
        return generate_latest(self.registry)


class Meter:
    """Times one answer that is no `chat.Reply`: to its first words, and to its end."""

    def __init__(self, metrics: Metrics, model: str) -> None:
        self._metrics, self._model = metrics, model
        self._began, self._spoke = time.monotonic(), False

    def first(self) -> None:
        if not self._spoke:
            self._spoke = True
            self._metrics.first_token.observe(time.monotonic() - self._began)

    def over(self, code: str) -> None:
        self._metrics.requests.labels(self._model, code).inc()
        self._metrics.duration.observe(time.monotonic() - self._began)


class _Reading(Collector):
    def __init__(self, read: Callable[[], dict[str, float]]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        for name, value in self._read().items():
            family = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            metric = family(name, name.removesuffix("_total").replace("_", " "))
            metric.add_metric([], value)
            yield metric


def quantiles(metrics: Metrics) -> dict[str, object]:
    """For people: how many answers since the service began, and how long they took, to the width of a bucket."""
    found = {family.name: family.samples for family in metrics.registry.collect()}
    gauges = {name: samples[0].value for name, samples in found.items() if samples and not samples[0].labels}
    answers = sum(s.value for s in found["mingbai_requests"] if s.name.endswith("_total"))
    return {
        "answers": int(answers),
        "first_token_seconds": _quantiles(found["mingbai_ttft_seconds"]),
        "answer_seconds": _quantiles(found["mingbai_answer_seconds"]),
        "tokens_per_second": _quantiles(found["mingbai_tokens_per_second"]),
        "waiting": int(gauges.get("mingbai_queue_waiting", 0)),
        "slots_in_use": int(gauges.get("mingbai_slots_in_use", 0)),
    }


def _quantiles(samples: list[Sample]) -> dict[str, float | None]:
    buckets = [(float(s.labels["le"]), s.value) for s in samples if s.name.endswith("_bucket")]
    return {"p50": _quantile(buckets, 0.5), "p95": _quantile(buckets, 0.95)}


def _quantile(buckets: list[tuple[float, float]], share: float) -> float | None:
    """Between a bucket's two bounds as if they were evenly filled; None without a value, its lower bound in the last."""
    total = buckets[-1][1] if buckets else 0.0
    if not total:
        return None
    low, under = 0.0, 0.0
    for bound, count in buckets:
        if count >= share * total:
            if isinf(bound):
                return low
            return round(low + (bound - low) * (share * total - under) / max(count - under, 1e-9), 3)
        low, under = bound, count
    return low
