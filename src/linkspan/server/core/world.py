"""The time and randomness that rules are given instead of reaching for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_DRAWN_MAX: Final = 4_096


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


class DrawnAhead:
    """Random bytes out of a few kilobytes drawn at once.

    A request draws several times a dozen bytes, and each call into the system cost as much
    as finding its route. What is drawn and not given out yet is in this process's memory, as
    the secrets made of it are; no byte is given out twice, which a fork would do: a process
    that forks draws anew in its child (`forget`).
    """

    __slots__ = ("_at", "_draw", "_drawn")

    def __init__(self, draw: Callable[[int], bytes]) -> None:
        self._draw = draw
        self.forget()

    def forget(self) -> None:
        """Give out nothing of what was drawn so far."""
        self._drawn = b""
        self._at = 0

    def __call__(self, count: int) -> bytes:
        """Return *count* bytes that nobody else is given."""
        if count > _DRAWN_MAX:
            return self._draw(count)
        end = self._at + count
        if end > len(self._drawn):
            self._drawn, end = self._draw(_DRAWN_MAX), count
        self._at = end
        return self._drawn[end - count : end]
