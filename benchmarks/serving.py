"""Measures the server beside bare answers of the same size."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from benchmarks.comparison import Comparison
from benchmarks.linkspan_here import KEY, Linkspan
from benchmarks.pinned import Running, started
from benchmarks.rounds import Pace, Series, Target, measure
from benchmarks.wrk import Load

_API: Final = "/v1/financial_connections"
_HEADERS: Final = {"Authorization": f"Bearer {KEY}"}
_GET_AIM: Final = 0.55
_POST_AIM: Final = 0.20


def compare(linkspan: Linkspan, folder: Path, pace: Pace, *, processor: int | None) -> list[Comparison]:
    """Return how near the server comes to answering without doing anything."""
    loads = {
        "GET session": _get(linkspan, f"{_API}/sessions/{linkspan.session}"),
        "GET account": _get(linkspan, f"{_API}/accounts/{linkspan.account}"),
        "POST session": _post(linkspan),
    }
    aims = {"GET session": _GET_AIM, "GET account": _GET_AIM, "POST session": _POST_AIM}
    with _bare(loads, folder, processor) as bare:
        targets: list[Target] = []
        for name, load in loads.items():
            same_size = Load(f"{bare.url}/{_document(name)}", load.headers, load.form)
            targets += (Target(linkspan.server, load), Target(bare, same_size))
        series = measure(targets, pace)
    found: list[Comparison] = []
    for name, ours, theirs in zip(loads, series[::2], series[1::2], strict=True):
        found += _rows(name, ours, theirs, aims[name])
    return found


def _rows(name: str, ours: Series, theirs: Series, aim: float) -> list[Comparison]:
    rate = Comparison(
        what=name, peer="bare uvicorn", unit="/s", kind="rate", ours=ours.rates, theirs=theirs.rates, aim=aim
    )
    if not all((*ours.cpu, *theirs.cpu)):
        return [rate]
    cpu = Comparison(
        what=f"{name}, CPU", peer="bare uvicorn", unit="us", kind="cost", ours=ours.cpu, theirs=theirs.cpu
    )
    return [rate, cpu]


def _get(linkspan: Linkspan, path: str) -> Load:
    return Load(f"{linkspan.server.url}{path}", _HEADERS)


def _post(linkspan: Linkspan) -> Load:
    form = (
        f"account_holder[type]=customer&account_holder[customer]={linkspan.customer}"
        "&permissions[]=balances&permissions[]=transactions&filters[country]=US"
    )
    return Load(f"{linkspan.server.url}{_API}/sessions", _HEADERS, form)


@contextmanager
def _bare(loads: dict[str, Load], folder: Path, processor: int | None) -> Iterator[Running]:
    """Run a server that gives the answers these loads get, without doing anything for them."""
    for name, load in loads.items():
        (folder / f"{_document(name)}.json").write_bytes(_answer(load))
    with started([sys.executable, "-m", "benchmarks.bare", str(folder)], processor=processor) as bare:
        yield bare


def _document(name: str) -> str:
    return name.lower().replace(" ", "_")


def _answer(load: Load) -> bytes:
    """Return what the server answers to *load*."""
    parts = urlsplit(load.url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        headers = dict(load.headers)
        if load.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("GET" if load.form is None else "POST", parts.path, load.form, headers)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
        raise RuntimeError(f"{parts.path}: {answer.status} {body.decode()}")
    return body
