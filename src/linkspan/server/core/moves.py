"""The one way a life cycle is written down: a table from state and fact to the next state."""

from collections.abc import Mapping
from typing import TypeVar

StateT = TypeVar("StateT")
FactT = TypeVar("FactT")
NextT = TypeVar("NextT")


class IllegalMove(Exception):
    """A fact cannot happen in a state."""


def follow(moves: Mapping[tuple[StateT, FactT], NextT], state: StateT, fact: FactT) -> NextT:
    """Return the state that follows *fact*, by the table *moves*."""
    try:
        return moves[state, fact]
    except KeyError:
        raise IllegalMove(f"{fact} cannot happen in {state}") from None
