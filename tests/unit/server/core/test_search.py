"""People find the bank they mean, by the same rules here and in the modal (contract/search/)."""

import json
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from linkspan.server.core.search import Index, Searched, is_wrong_number

CORPUS: Final = Path(__file__).parents[4] / "contract" / "search"
ROWS: Final[list[dict[str, Any]]] = json.loads((CORPUS / "institutions.json").read_text(encoding="utf-8"))
QUERIES: Final[list[dict[str, Any]]] = json.loads((CORPUS / "queries.json").read_text(encoding="utf-8"))
INDEX: Final = Index(Searched(names=row["names"], hosts=row["hosts"], numbers=row["numbers"]) for row in ROWS)
MANY: Final = 20


def found(query: str, index: Index = INDEX, **more: Any) -> list[str]:
    return [ROWS[place]["names"][0] for place in index.find(query, most=MANY, **more).rows]


@pytest.mark.parametrize("case", QUERIES, ids=lambda case: repr(case["query"]))
def test_a_query_finds_first_what_is_meant(case: dict[str, Any]) -> None:
    names = found(case["query"])

    assert names[: len(case["first"])] == case["first"]
    assert bool(names) == bool(case["first"])


def test_rows_that_are_not_wanted_are_passed_over() -> None:
    harbor = next(place for place, row in enumerate(ROWS) if row["names"][0] == "Harbor Bank")

    assert found("harbor", is_wanted=lambda place: place != harbor) == ["First Harbor Savings"]


@pytest.mark.parametrize(
    "query", ["[" * 500, "//[::1", "a" * 10_000, "\x00", "\n\t\v\f", "ß" * 90, "x" * 40 + " y"]
)
def test_any_text_is_an_answerable_query(query: str) -> None:
    assert len(found(query)) <= MANY


def test_a_keystroke_looks_at_few_of_ten_thousand_rows() -> None:
    first = (
        "First",
        "Farmers",
        "Citizens",
        "Peoples",
        "Valley",
        "Heritage",
        "Summit",
        "River",
        "Lake",
        "Union",
    )
    second = (
        "State",
        "National",
        "Community",
        "Savings",
        "Security",
        "Merchants",
        "County",
        "Trust",
        "Home",
        "Oak",
    )
    towns = [
        f"{a}{b}"
        for a, b in product(("Ash", "Elm", "Oak", "Birch", "Cedar"), ("ton", "ville", "ford", "dale"))
    ]
    names = [f"{a} {b} Bank of {town} {n}" for a, b, town, n in product(first, second, towns, "12345")]
    index = Index(Searched(names=(name,)) for name in names)

    looked = {
        query: index.find(query, most=MANY).looked_at for query in ("f", "fir", "first nat", "oak", "savigns")
    }

    assert len(names) == 10_000
    assert {query for query, rows in looked.items() if rows > 3 * MANY} == set()


@pytest.mark.parametrize(
    ("typed", "is_wrong"),
    [
        ("110000000", False),
        ("110 000 000", False),
        ("110000001", True),
        ("11000000", False),
        ("chase", False),
    ],
)
def test_a_routing_number_with_a_mistake_is_told_from_one_nobody_knows(typed: str, is_wrong: bool) -> None:  # noqa: FBT001
    assert is_wrong_number(typed) is is_wrong
