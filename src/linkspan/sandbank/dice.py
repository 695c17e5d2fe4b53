"""Chance that falls the same way every time."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Dice:
    """Draws that depend on the seed and the names given, on nothing else.

    Unlike a generator, a draw does not depend on how many came before it: the
    groceries of one day stay as they are when another day is read first. SHA-256
    keeps them alike in every version of Python.
    """

    seed: str

    def at(self, *names: object) -> "Dice":
        """Return the dice of a smaller place."""
        return Dice("/".join([self.seed, *map(str, names)]))

    def hexadecimal(self, *names: object) -> str:
        """Return sixteen characters that no other place shares."""
        return self._digest(names).hex()[:16]

    def below(self, end: int, *names: object) -> int:
        """Return a number from 0 up to, without, *end*."""
        return int.from_bytes(self._digest(names)) % end

    def money(self, low: int, high: int, *names: object) -> Decimal:
        """Return an amount with two places between *low* and *high* cents."""
        return Decimal(low + self.below(high - low + 1, *names)).scaleb(-2)

    def pick(self, choices: Sequence[_T], *names: object) -> _T:
        """Return one of *choices*."""
        return choices[self.below(len(choices), *names)]

    def digits(self, count: int, *names: object) -> str:
        """Return *count* decimal digits."""
        return str(self.below(10**count, *names)).zfill(count)

    def _digest(self, names: Sequence[object]) -> bytes:
        return hashlib.sha256("/".join([self.seed, *map(str, names)]).encode()).digest()
