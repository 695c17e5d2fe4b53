"""Remembers which names were seen in a fixed amount of memory, at the price of a doubt now and then."""

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
