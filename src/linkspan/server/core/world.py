"""The time and randomness that rules are given instead of reaching for."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class World:
    """What a process would otherwise take from the machine it runs on.

    ``now`` returns Unix seconds with a fraction; ``random_bytes`` returns that
    many unguessable bytes. Tests pass their own, so time can be moved and every
    random run replayed.
    """

    now: Callable[[], float]
    random_bytes: Callable[[int], bytes]

    def seconds(self) -> int:
        """Return the instant as the API writes it: whole Unix seconds."""
        return int(self.now())
