"""What one process did, in numbers."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final, TypeAlias

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

# From a look-up in SQLite to a bank that takes its time.
_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_Labels: TypeAlias = tuple[str, ...]


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
        self._answers: defaultdict[tuple[str | None, int], _Times] = defaultdict(_Times)
        self._attempts: defaultdict[_Labels, _Times] = defaultdict(_Times)
        self._refreshes: Counter[tuple[str, str, str]] = Counter()
        self._commits = _Times()
        self._waiting: dict[str, tuple[int, int]] = {}
        self._institutions: Mapping[str, str] = {}

    def request(self, route: str | None, status: int, seconds: float) -> None:
        """Count an answer; *route* is None where none was found."""
        self._answers[route, status].add(seconds)

    def attempt(self, outcome: str, seconds: float) -> None:
        """Count a request to a webhook endpoint, by what became of its delivery."""
        self._attempts[outcome,].add(seconds)

    def refresh(self, institution: str, feature: str, outcome: str) -> None:
        """Count a refresh that ended."""
        self._refreshes[institution, feature, outcome] += 1

    def commit(self, seconds: float) -> None:
        """Count a commit of the store."""
        self._commits.add(seconds)

    def waits(self, kind: str, count: int, oldest_seconds: int) -> None:
        """Note how much of *kind* waits now, in the whole database, and for how long the oldest does."""
        self._waiting[kind] = (count, oldest_seconds)

    def institutions(self, statuses: Mapping[str, str]) -> None:
        """Note how well each institution answers now, by its id."""
        self._institutions = statuses

    def collect(self) -> Iterator[Metric]:
        """Yield every series (prometheus_client's protocol of a collector)."""
        yield _histogram(
            "linkspan_request_seconds",
            "Time from a request to the end of its answer.",
            ("route", "status"),
            {(route or "none", str(status)): times for (route, status), times in self._answers.items()},
        )
        yield _histogram(
            "linkspan_delivery_seconds",
            "Time of a request to a webhook endpoint.",
            ("outcome",),
            self._attempts,
        )
        yield _histogram(
            "linkspan_commit_seconds", "Time of a commit of the database.", (), {(): self._commits}
        )
        refreshes = CounterMetricFamily(
            "linkspan_refreshes",
            "Refreshes that ended.",
            labels=("institution", "feature", "outcome"),
        )
        for labels, count in sorted(self._refreshes.items()):
            refreshes.add_metric(labels, count)
        yield refreshes
        waiting = GaugeMetricFamily("linkspan_waiting", "What is left for later.", labels=("kind",))
        oldest = GaugeMetricFamily(
            "linkspan_waiting_oldest_seconds", "For how long the oldest of it waits.", labels=("kind",)
        )
        for kind, (count, seconds) in self._waiting.items():
            waiting.add_metric((kind,), count)
            oldest.add_metric((kind,), seconds)
        yield waiting
        yield oldest
        institutions = GaugeMetricFamily(
            "linkspan_institution_status",
            "How well an institution answers in live mode: 1 for the status it has.",
            labels=("institution", "status"),
        )
        for known in sorted(self._institutions.items()):
            institutions.add_metric(known, 1)
        yield institutions

    @property
    def registry(self) -> CollectorRegistry:
        """The counts as a registry of their own: one server's, not the whole interpreter's."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return registry


def _histogram(
    name: str, said: str, labels: Sequence[str], times: Mapping[_Labels, _Times]
) -> HistogramMetricFamily:
    family = HistogramMetricFamily(name, said, labels=labels)
    for values, each in sorted(times.items()):
        family.add_metric(values, each.buckets(), each.total)
    return family
