"""What one process did, in numbers."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

# From a look-up in SQLite to a bank that takes its time.
_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _Times:
    """How often something took how long."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(_BOUNDS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(_BOUNDS, seconds)] += 1
        self.total += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """Return how many were no longer than each bound, the last of which is infinity."""
        return list(zip((*map(str, _BOUNDS), "+Inf"), accumulate(self.counts), strict=True))


class Metrics(Collector):
    """Counts in plain numbers; Prometheus' own series are made of them when it asks.

    Counting in those, with their locks and labels, cost a GET twice as much.
    Names of routes and statuses are few, and nothing in them is secret.
    """

    def __init__(self) -> None:
        self._answers: defaultdict[tuple[str, str], _Times] = defaultdict(_Times)
        self._waiting: dict[str, tuple[int, int]] = {}

    def request(self, route: str | None, status: int, seconds: float) -> None:
        """Count an answer; *route* is None where none was found."""
        self._answers[route or "none", str(status)].add(seconds)

    def waits(self, kind: str, count: int, oldest_seconds: int) -> None:
        """Note how much of *kind* waits now, in the whole database, and for how long the oldest does."""
        self._waiting[kind] = (count, oldest_seconds)

    def collect(self) -> Iterator[Metric]:
        """Yield every series (prometheus_client's protocol of a collector)."""
        answers = HistogramMetricFamily(
            "linkspan_request_seconds",
            "Time from a request to the end of its answer.",
            labels=("route", "status"),
        )
        for labels, times in sorted(self._answers.items()):
            answers.add_metric(labels, times.buckets(), times.total)
        yield answers
        waiting = GaugeMetricFamily("linkspan_waiting", "What is left for later.", labels=("kind",))
        oldest = GaugeMetricFamily(
            "linkspan_waiting_oldest_seconds", "For how long the oldest of it waits.", labels=("kind",)
        )
        for kind, (count, seconds) in self._waiting.items():
            waiting.add_metric((kind,), count)
            oldest.add_metric((kind,), seconds)
        yield waiting
        yield oldest

    @property
    def registry(self) -> CollectorRegistry:
        """The counts as a registry of their own: one server's, not the whole interpreter's."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return registry
