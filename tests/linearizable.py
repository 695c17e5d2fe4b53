"""Tells whether what clients did to one object at once is what they could have done one after another.

A history is linearizable when each operation can be given one instant between its beginning and
its end, so that everybody was answered as if it all happened then (Herlihy and Wing, 1990). The
search is Wing and Gong's; an operation is given its instant only when somebody's end asks for it,
and what was tried once is not tried again (Lowe, "Testing for linearizability", 2017).
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

State = TypeVar("State", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Operation(Generic[State]):
    """What one client asked of the object, and when.

    It happened at some instant from *began* to *ended*; where nobody knows what became of it,
    *ended* is None, and it happens at any time after it began, or never.
    """

    began: int
    ended: int | None
    effect: Callable[[State], State | None]
    """What the object becomes by it; None where it could not have been answered as it was."""
    name: str


_Place: TypeAlias = tuple[State, frozenset[int]]
"""Where one order leads: what the object is, and which of those under way have happened."""


def unexplained(before: State, operations: Iterable[Operation[State]]) -> Operation[State] | None:
    """Return the first operation, by its end, whose answer no order explains; None when one explains all."""
    every = list(operations)
    under_way: dict[int, Operation[State]] = {}
    places: set[_Place[State]] = {(before, frozenset())}
    for _, is_end, number in sorted(_moments(every)):
        operation = every[number]
        if not is_end:
            under_way[number] = operation
            continue
        places = {(state, happened - {number}) for state, happened in _after(number, places, under_way)}
        if not places:
            return operation
        del under_way[number]
    return None


def _moments(operations: Iterable[Operation[State]]) -> Iterable[tuple[int, bool, int]]:
    """Beginnings and ends; of the same instant a beginning is first, so that the two overlap."""
    for number, operation in enumerate(operations):
        yield operation.began, False, number
        if operation.ended is not None:
            yield operation.ended, True, number


def _after(
    number: int, places: Iterable[_Place[State]], under_way: Mapping[int, Operation[State]]
) -> Iterable[_Place[State]]:
    """Let those under way happen, in any order, until the one with *number* has."""
    waiting = list(places)
    tried = set(waiting)
    while waiting:
        state, happened = waiting.pop()
        if number in happened:
            yield state, happened
            continue
        for other, operation in under_way.items():
            after = None if other in happened else operation.effect(state)
            if after is not None and (place := (after, happened | {other})) not in tried:
                tried.add(place)
                waiting.append(place)
