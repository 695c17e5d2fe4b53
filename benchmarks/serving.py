"""Measures the server beside bare answers of the same size."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Line:
    """A request, and the bare one beside it."""

    what: str
    peer: str
    ours: Load
    theirs: str
    """Where the bare server answers it."""
    aim: float | None = None


def compare(linkspan: Linkspan, folder: Path, pace: Pace, *, processor: int | None) -> list[Comparison]:
    """Return how near the server comes to answering without doing anything."""
    session = _get(linkspan, f"{_API}/sessions/{linkspan.session}")
    account = _get(linkspan, f"{_API}/accounts/{linkspan.account}")
    created = _post(linkspan)
    lines = [
        _Line("GET session", "bare GET", session, "/session", _GET_AIM),
        _Line("GET account", "bare GET", account, "/account", _GET_AIM),
        _Line("POST session", "bare POST", created, "/build/created", _POST_AIM),
        _Line("POST session", "bare POST, unparsed", created, "/read/created"),
    ]
    documents = {"session": session, "account": account, "created": created}
    with _bare(documents, folder, processor) as bare:
        targets: list[Target] = []
        for line in lines:
            same = Load(f"{bare.url}{line.theirs}", line.ours.headers, line.ours.form)
            targets += (Target(linkspan.server, line.ours), Target(bare, same))
        series = measure(targets, pace)
    found: list[Comparison] = []
    for line, ours, theirs in zip(lines, series[::2], series[1::2], strict=True):
        found += _rows(line, ours, theirs)
    return found


def _rows(line: _Line, ours: Series, theirs: Series) -> list[Comparison]:
    rate = Comparison(
        what=line.what,
        peer=line.peer,
        unit="/s",
        kind="rate",
        ours=ours.rates,
        theirs=theirs.rates,
        aim=line.aim,
    )
    if not all((*ours.cpu, *theirs.cpu)):
        return [rate]
    cpu = Comparison(
        what=f"{line.what}, CPU", peer=line.peer, unit="us", kind="cost", ours=ours.cpu, theirs=theirs.cpu
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
def _bare(documents: dict[str, Load], folder: Path, processor: int | None) -> Iterator[Running]:
    """Run a server that gives the answers these loads get, without doing anything for them."""
    for name, load in documents.items():
        (folder / f"{name}.json").write_bytes(_answer(load))
    with started([sys.executable, "-m", "benchmarks.bare", str(folder)], processor=processor) as bare:
        yield bare


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
