"""The figures of the benchmarks are worked out and written as they should be."""

import pytest

from benchmarks.comparison import Comparison, Kind, table


def compared(
    kind: Kind, ours: tuple[float, ...], theirs: tuple[float, ...], aim: float | None = None
) -> Comparison:
    return Comparison(what="GET", peer="bare", unit="/s", kind=kind, ours=ours, theirs=theirs, aim=aim)


def test_a_higher_rate_is_better() -> None:
    assert compared("rate", (200,), (100,)).ratio == 2


def test_a_lower_cost_is_better() -> None:
    assert compared("cost", (50,), (100,)).ratio == 2


def test_the_ratio_is_that_of_the_median_round() -> None:
    measured = compared("rate", (10, 90, 30), (10, 100, 10))

    assert measured.ratios == [1, 0.9, 3]
    assert measured.ratio == 1


@pytest.mark.parametrize(
    ("aim", "verdict"),
    [(2.0, ">= 2.00 met"), (2.5, ">= 2.50 missed"), (None, "")],
)
def test_an_aim_is_met_or_missed(aim: float | None, verdict: str) -> None:
    assert compared("rate", (200,), (100,), aim).verdict == verdict


def test_a_table_shows_medians_ratio_and_spread() -> None:
    *_, line = table(
        "Title", [compared("rate", (1234.5, 20_000, 40_000), (1000, 10_000, 80_000), 0.2)]
    ).splitlines()

    assert " ".join(line.split()) == "GET | bare 20 000 /s 10 000 /s 1.23 0.50-2.00 >= 0.20 met"
