"""Loads servers in turns, so that each round sees them on the same machine."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.pinned import Running
from benchmarks.wrk import Load, run


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how long each address is loaded, and where the load comes from."""

    rounds: int
    seconds: int
    processor: int | None


@dataclass(frozen=True, slots=True)
class Target:
    """One server, and what it is asked again and again."""

    server: Running
    load: Load


@dataclass(frozen=True, slots=True)
class Series:
    """What each round measured of one target."""

    rates: Sequence[float]
    """Requests a second."""
    cpu: Sequence[float]
    """Microseconds of the server's processor time a request."""


def measure(targets: Sequence[Target], pace: Pace) -> list[Series]:
    """Return the series of each target; a short unmeasured round warms them up."""
    for target in targets:
        run(target.load, seconds=1, processor=pace.processor)
    rounds = [[_once(target, pace) for target in targets] for _ in range(pace.rounds)]
    return [Series(*zip(*each, strict=True)) for each in zip(*rounds, strict=True)]


def _once(target: Target, pace: Pace) -> tuple[float, float]:
    before = target.server.cpu_seconds()
    done = run(target.load, seconds=pace.seconds, processor=pace.processor)
    used = target.server.cpu_seconds() - before
    return done.rate, used / done.requests * 1e6
