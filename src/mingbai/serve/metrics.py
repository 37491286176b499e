"""Counters and histograms in Prometheus' format. Labels are ids and states, never text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

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

    def watch(self, read: Callable[[], dict[str, float]]) -> None:
        """Also report what `read` returns at each scrape; a name ending in _total is a counter."""
        self.registry.register(_Reading(read))

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Reading(Collector):
    def __init__(self, read: Callable[[], dict[str, float]]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        for name, value in self._read().items():
            family = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            metric = family(name, name.removesuffix("_total").replace("_", " "))
            metric.add_metric([], value)
            yield metric
