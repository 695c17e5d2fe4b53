"""Measures reading a page of objects, without a network."""

import json
import tracemalloc
from collections.abc import Callable
from typing import Final

import stripe

import linkspan
from benchmarks.comparison import Comparison
from benchmarks.samples import page_of_transactions
from benchmarks.timing import in_turns

_AIM: Final = 60.0
_WHAT: Final = "decode 100 transactions"


def compare() -> list[Comparison]:
    """Return the time and the memory that a page takes."""
    page = page_of_transactions()

    def ours() -> object:
        return linkspan.decode(page)

    def theirs() -> object:
        # What the official client does with the body of an answer.
        return stripe.ListObject.construct_from(json.loads(page), None)

    ours_us, theirs_us = in_turns((ours, 500), (theirs, 15))
    return [
        Comparison(
            what=_WHAT, peer="stripe", unit="us", kind="cost", ours=ours_us, theirs=theirs_us, aim=_AIM
        ),
        Comparison(
            what="keep 100 transactions",
            peer="stripe",
            unit="kB",
            kind="cost",
            ours=[_kilobytes(ours)],
            theirs=[_kilobytes(theirs)],
        ),
    ]


def _kilobytes(make: Callable[[], object]) -> float:
    """Return the memory of what *make* returns."""
    make()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        kept = make()
        after, _ = tracemalloc.get_traced_memory()
        del kept
    finally:
        tracemalloc.stop()
    return (after - before) / 1e3
