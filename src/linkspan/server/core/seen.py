"""Remembers in little memory which names were seen: with a doubt now and then, or told only in the end."""

from array import array
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

# A mebibyte: with a hundred thousand names in it, one of twenty thousand others is doubted.
_BITS: Final = 8 * 1024 * 1024


class Seen:
    """A Bloom filter of three probes: what was noted is always told of, and very little else."""

    __slots__ = ("_bits",)

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def note(self, name: str) -> bool:
        """Remember *name*; return whether it may have been noted before, surely so if it was."""
        bits, was_known = self._bits, True
        # Two halves of one digest give all probes (Kirsch and Mitzenmacher, 2006).
        digest = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
        first, step = digest >> 32, digest & 0xFFFF_FFFF
        for place in (first, first + step, first + step + step):
            index, bit = (place & (_BITS - 1)) >> 3, 1 << (place & 7)
            if not bits[index] & bit:
                was_known = False
                bits[index] |= bit
        return was_known


class Marks:
    """Eight bytes of each name that was noted, which tell in the end of a few whether they were.

    Two names of a million have the same mark once in forty million times.
    """

    __slots__ = ("_marks",)

    def __init__(self) -> None:
        self._marks = array("q")

    def note(self, name: str) -> None:
        """Remember *name*."""
        self._marks.append(hash(name))

    def count(self, names: Iterable[str]) -> Counter[str]:
        """Return how often each of *names* was noted, of those that were."""
        wanted = {hash(name): name for name in names}
        return Counter(wanted[mark] for mark in self._marks if mark in wanted)

    @property
    def is_any(self) -> bool:
        """Whether anything was noted."""
        return bool(self._marks)
