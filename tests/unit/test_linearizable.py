"""The checker of histories knows good ones from bad ones."""

from collections.abc import Callable
from itertools import permutations
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linearizable import Operation, unexplained


def write(value: int, began: int, ended: int | None) -> Operation[int]:
    return Operation(began, ended, lambda _: value, f"write {value}")


def read(value: int, began: int, ended: int | None) -> Operation[int]:
    return Operation(began, ended, lambda state: state if state == value else None, f"read {value}")


def add(answer: int, began: int, ended: int | None) -> Operation[int]:
    """Add one; who knows what became of it was answered with the sum."""
    return Operation(
        began,
        ended,
        lambda state: state + 1 if ended is None or state + 1 == answer else None,
        f"add: {answer}",
    )


GOOD: Final[dict[str, list[Operation[int]]]] = {
    "nothing happened": [],
    "one after another": [write(1, 1, 2), read(1, 3, 4), write(2, 5, 6), read(2, 7, 8)],
    "a read beside a write sees what was": [write(1, 1, 4), read(0, 2, 3)],
    "a read beside a write sees what comes": [write(1, 1, 4), read(1, 2, 3), read(1, 5, 6)],
    "two writes beside each other, the later begun first": [
        write(1, 1, 4),
        write(2, 2, 3),
        read(1, 5, 6),
    ],
    "readers that agree on the order of two writes": [
        write(1, 1, 10),
        write(2, 1, 10),
        read(2, 2, 3),
        read(2, 4, 5),
        read(1, 6, 7),
        read(1, 8, 9),
    ],
    "a write of which nobody knows, and that is never seen": [
        write(1, 1, None),
        read(0, 2, 3),
        read(0, 4, 5),
    ],
    "a write of which nobody knows, and that comes late": [
        write(1, 1, None),
        write(2, 2, 3),
        read(2, 4, 5),
        read(1, 6, 7),
    ],
    "ends and beginnings of one instant overlap": [write(1, 1, 2), read(0, 2, 3)],
    "two who add at once": [add(2, 1, 3), add(1, 2, 4), read(2, 5, 6)],
}
BAD: Final[dict[str, tuple[str, list[Operation[int]]]]] = {
    "an old value": ("read 0", [write(1, 1, 2), read(0, 3, 4)]),
    "a value nobody wrote": ("read 7", [write(1, 1, 2), read(7, 3, 4)]),
    "a value before it was written": ("read 1", [read(1, 1, 2), write(1, 3, 4)]),
    "a write of which nobody knows, before it began": ("read 1", [read(1, 1, 2), write(1, 3, None)]),
    "a new value, then an old one": ("read 0", [write(1, 1, 9), read(1, 2, 3), read(0, 4, 5)]),
    "readers that disagree on the order of two writes": (
        "read 2",
        [write(1, 1, 10), write(2, 1, 10), read(2, 2, 3), read(1, 4, 5), read(2, 6, 7)],
    ),
    "a write of which nobody knows, seen and gone again": (
        "read 0",
        [write(1, 1, None), read(1, 2, 3), read(0, 4, 5)],
    ),
    "a write of which nobody knows, twice": (
        "read 1",
        [write(1, 1, None), read(1, 2, 3), write(2, 4, 5), read(1, 6, 7)],
    ),
    "a lost update": ("add: 1", [add(1, 1, 4), add(1, 2, 5)]),
}


@pytest.mark.parametrize("history", GOOD.values(), ids=GOOD)
def test_a_good_history_is_explained(history: list[Operation[int]]) -> None:
    assert unexplained(0, history) is None


@pytest.mark.parametrize(("first", "history"), BAD.values(), ids=BAD)
def test_a_bad_history_is_not_and_its_first_lie_is_named(first: str, history: list[Operation[int]]) -> None:
    found = unexplained(0, history)

    assert found is not None
    assert found.name == first


@st.composite
def histories(draw: st.DrawFn) -> list[Operation[int]]:
    """A few reads, writes and sums at any time."""
    kinds: list[Callable[[int, int, int | None], Operation[int]]] = [read, write, add]
    made = []
    for _ in range(draw(st.integers(1, 5))):
        began = draw(st.integers(0, 8))
        ended = draw(st.one_of(st.none(), st.integers(began, 9)))
        made.append(draw(st.sampled_from(kinds))(draw(st.integers(0, 2)), began, ended))
    return made


def is_explained(history: list[Operation[int]]) -> bool:
    """The definition itself: try every order of every choice of those that nobody knows of."""
    needed = {number for number, one in enumerate(history) if one.ended is not None}
    return any(
        works(0, [history[number] for number in order])
        for size in range(len(needed), len(history) + 1)
        for order in permutations(range(len(history)), size)
        if needed <= set(order)
    )


def works(state: int | None, order: list[Operation[int]]) -> bool:
    """Nobody comes before one who ended before they began, and each answer fits."""
    latest = -1
    for one in order:
        if state is None or (one.ended is not None and one.ended < latest):
            return False
        latest = max(latest, one.began)
        state = one.effect(state)
    return state is not None


@given(histories())
def test_what_is_found_is_what_trying_every_order_finds(history: list[Operation[int]]) -> None:
    assert (unexplained(0, history) is None) == is_explained(history)
