"""Measures what versions, expansion, idempotency and a grown table cost, beside the plain request."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.comparison import Comparison
from benchmarks.linkspan_here import KEY, Linkspan, linkspan
from benchmarks.rounds import Pace, Series, Target, measure
from benchmarks.samples import PAGE_LENGTH, transaction
from benchmarks.wrk import Load
from linkspan.server.api.versions.published import PUBLISHED
from linkspan.server.core.version import NEWEST

_API: Final = "/v1/financial_connections"
_HEADERS: Final = {"Authorization": f"Bearer {KEY}"}
_OLDEST: Final = PUBLISHED[0]
# The newest version is what is kept; a twentieth is what rounds differ by on a machine at rest.
_SAME: Final = 0.95
# An older version may take one and a half times as long.
_OLDER: Final = 1 / 1.5
_PAGES_A_SECOND: Final = 1_500.0
# One more step from the root of an index to its leaves, in a file too large to be held by SQLite itself.
_FLAT: Final = 0.9
_PAGES_ASKED_FOR: Final = 500


def compare(running: Linkspan, pace: Pace) -> list[Comparison]:
    """Return how near a request with something to it comes to the plain one of the same run."""
    loads = _loads(running)
    found = measure([Target(running.server, load) for load in loads.values()], pace)
    series = dict(zip(loads, found, strict=True))
    return [_row(series, name, plain, aim) for name, (plain, aim) in _PAIRS.items()]


# What is measured: beside which plain request, and how near to it the aim is.
_PAIRS: Final[Mapping[str, tuple[str, float | None]]] = {
    f"GET account, {NEWEST}": ("GET account", _SAME),
    f"GET account, {_OLDEST}": ("GET account", _OLDER),
    "GET account, owners expanded": ("GET account", None),
    f"POST customer, {_OLDEST}": ("POST customer", _OLDER),
    "POST customer, idempotent": ("POST customer", None),
}


def _loads(running: Linkspan) -> Mapping[str, Load]:
    """Return the plain requests, and those with something to them."""
    get = Load(f"{running.server.url}{_API}/accounts/{running.account}", _HEADERS)
    form = "name=Ada+Lovelace&email=ada%40example.com&metadata[order]=6735"
    post = Load(f"{running.server.url}/v1/customers", _HEADERS, form, has_keys=False)
    oldest = {**_HEADERS, "Stripe-Version": _OLDEST}
    return {
        "GET account": get,
        f"GET account, {NEWEST}": replace(get, headers={**_HEADERS, "Stripe-Version": NEWEST}),
        f"GET account, {_OLDEST}": replace(get, headers=oldest),
        "GET account, owners expanded": replace(get, url=f"{get.url}?expand[]=ownership"),
        "POST customer": post,
        f"POST customer, {_OLDEST}": replace(post, headers=oldest),
        "POST customer, idempotent": replace(post, has_keys=True),
    }


def _row(series: Mapping[str, Series], name: str, plain: str, aim: float | None) -> Comparison:
    return Comparison(
        what=name,
        peer="plain",
        unit="/s",
        kind="rate",
        ours=series[name].rates,
        theirs=series[plain].rates,
        aim=aim,
    )


def compare_pages(folder: Path, pace: Pace, *, rows: int, processor: int | None) -> list[Comparison]:
    """Return how fast pages of transactions are read out of *rows*, and beside a hundredth of them."""
    few = rows // 100
    with _grown(folder / "few", few, processor) as small, _grown(folder / "many", rows, processor) as large:
        of_few, of_many = measure([small, large], pace)
    enough = [_PAGES_A_SECOND] * pace.rounds
    return [
        _page(rows, f"{_PAGES_A_SECOND:.0f} a second", of_many.rates, enough, aim=1.0),
        _page(rows, f"{few:,} rows".replace(",", " "), of_many.rates, of_few.rates, aim=_FLAT),
    ]


def _page(rows: int, peer: str, ours: Sequence[float], theirs: Sequence[float], *, aim: float) -> Comparison:
    what = f"page of {PAGE_LENGTH} of {rows:,} rows".replace(",", " ")
    return Comparison(what=what, peer=peer, unit="/s", kind="rate", ours=ours, theirs=theirs, aim=aim)


@contextmanager
def _grown(folder: Path, rows: int, processor: int | None) -> Iterator[Target]:
    """Run a server with *rows* transactions, asked for pages that begin anywhere among them."""
    folder.mkdir()
    with linkspan(folder, processor=processor, transactions=rows) as running:
        page = f"{_API}/transactions?account={running.account}&limit={PAGE_LENGTH}&starting_after="
        begin = Random(rows)
        cursors = [transaction(begin.randrange(rows)).id for _ in range(_PAGES_ASKED_FOR)]
        paths = folder / "paths"
        paths.write_text("".join(f"{page}{cursor}\n" for cursor in cursors), encoding="ascii")
        yield Target(running.server, Load(running.server.url, _HEADERS, paths=paths))
