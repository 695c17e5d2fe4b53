"""Measures what a call costs a program that uses a client, against a stub."""

import sys
from pathlib import Path
from typing import Final

import stripe

import linkspan
from benchmarks.comparison import Comparison
from benchmarks.pinned import started
from benchmarks.samples import PAGE_LENGTH, account, page_of_accounts
from benchmarks.timing import in_turns
from linkspan.objects import encode

_KEY: Final = "sk_test_benchmark"
_RETRIEVE_AIM: Final = 5.0
_PAGE_AIM: Final = 20.0


def compare(folder: Path, *, processor: int | None) -> list[Comparison]:
    """Return the processor time of a retrieve call and of a page of 100 with both clients."""
    one = account()
    (folder / f"{one.id}.json").write_bytes(encode(one))
    (folder / "accounts.json").write_bytes(page_of_accounts())
    with started([sys.executable, "-m", "benchmarks.bare", str(folder)], processor=processor) as stub:
        return _beside_stripe(stub.url, one.id)


def _beside_stripe(url: str, account_id: str) -> list[Comparison]:
    theirs = stripe.StripeClient(_KEY, base_addresses={"api": url}).v1.financial_connections.accounts
    with linkspan.Client(_KEY, base_url=url) as client:
        ours = client.accounts
        retrieve = in_turns(
            (lambda: ours.retrieve(account_id), 300), (lambda: theirs.retrieve(account_id), 60)
        )
        page = in_turns(
            (lambda: ours.list(limit=PAGE_LENGTH), 60),
            (lambda: theirs.list({"limit": PAGE_LENGTH}), 6),
        )
    return [
        _cost("retrieve an account, CPU", retrieve, _RETRIEVE_AIM),
        _cost("a page of 100 accounts, CPU", page, _PAGE_AIM),
    ]


def _cost(what: str, measured: tuple[list[float], list[float]], aim: float) -> Comparison:
    ours, theirs = measured
    return Comparison(what=what, peer="stripe", unit="us", kind="cost", ours=ours, theirs=theirs, aim=aim)
