"""What was seen is known again, and hardly anything else is."""

import tracemalloc
from collections import Counter

import pytest

from linkspan.server.core.seen import Marks, Seen


@pytest.mark.parametrize("names", [1_000, 100_000])
def test_every_name_that_was_noted_is_known_and_hardly_another(names: int) -> None:
    seen = Seen()
    new = [seen.note(f"post-{n}") for n in range(names)]

    assert sum(new) <= 5
    assert all(seen.note(f"post-{n}") for n in range(names))
    assert sum(seen.note(f"auth-{n}") for n in range(10_000)) <= 10


def test_it_grows_with_nothing() -> None:
    seen = Seen()
    tracemalloc.start()
    for n in range(10_000):
        seen.note(f"post-{n}")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 10_000


def test_marks_tell_in_the_end_how_often_a_name_was_noted() -> None:
    marks = Marks()
    for n in range(1_000):
        marks.note(f"post-{n % 900}")

    assert marks.count(["post-1", "post-899", "post-900"]) == Counter({"post-1": 2, "post-899": 1})


def test_nothing_was_noted_until_something_is() -> None:
    marks = Marks()
    assert not marks.is_any

    marks.note("post-1")
    assert marks.is_any


def test_a_mark_takes_hardly_more_than_eight_bytes() -> None:
    marks = Marks()
    tracemalloc.start()
    for n in range(100_000):
        marks.note(f"post-{n}")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 10 * 100_000
