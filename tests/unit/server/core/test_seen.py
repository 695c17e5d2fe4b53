"""What was seen is known again, and hardly anything else is."""

import tracemalloc

import pytest

from linkspan.server.core.seen import Seen


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
