"""Measures how fast endpoints are told of events, and what whoever reads meanwhile feels of it."""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import aclosing
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import Final
from urllib.parse import urlencode, urlsplit

from benchmarks.comparison import Comparison
from benchmarks.linkspan_here import KEY, Linkspan, linkspan
from benchmarks.owing import TYPE, owe
from benchmarks.pinned import Running, on, started
from benchmarks.rounds import Pace
from linkspan.cli.opening import bare_context
from linkspan.server.config import MasterKeys
from linkspan.server.core.scope import Scope
from linkspan.server.store.sqlite import open_store

_A_ROUND: Final = 3_000
# More than one server carries in a second.
_A_SECOND: Final = 4_000
_ENDPOINTS: Final = "/v1/webhook_endpoints"
_HEADERS: Final = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/x-www-form-urlencoded"}
_STARTS_AFTER_SECONDS: Final = 3.0


def compare(folder: Path, pace: Pace, *, processor: int | None) -> list[Comparison]:
    """Return deliveries a second beside bare signed posts, and the slowest GETs while they are made."""
    (folder / "taken.json").write_bytes(b"{}")
    stub = [sys.executable, "-m", "benchmarks.bare", str(folder)]
    with started(stub, processor=pace.processor) as endpoint:
        url = f"{endpoint.url}/read/taken"
        return [_carried(folder, url, pace, processor), _felt(folder, url, pace, processor)]


def _carried(folder: Path, url: str, pace: Pace, processor: int | None) -> Comparison:
    program = [sys.executable, "-m", "benchmarks.carrying", str(folder), url, str(pace.rounds), str(_A_ROUND)]
    done = subprocess.run(on(processor, program), capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout)
    return Comparison(
        what="events told to an endpoint",
        peer="bare signed posts",
        unit="/s",
        kind="rate",
        ours=measured["ours"],
        theirs=measured["bare"],
    )


def _felt(folder: Path, url: str, pace: Pace, processor: int | None) -> Comparison:
    """Return the slowest hundredth of GETs while endpoints are told, beside a server at rest."""
    (folder / "felt").mkdir()
    during, at_rest = [], []
    with linkspan(folder / "felt", processor=processor) as running:
        for _ in range(pace.rounds):
            at_rest.append(_p99(running, pace.seconds))
            endpoint = _ask(running.server, "POST", _ENDPOINTS, {"url": url, "enabled_events[0]": TYPE})["id"]
            asyncio.run(_owe_tenant(folder / "felt" / "linkspan.db", _A_SECOND * (pace.seconds + 2)))
            _p99(running, _STARTS_AFTER_SECONDS)  # until the server has looked
            during.append(_p99(running, pace.seconds))
            _ask(running.server, "DELETE", f"{_ENDPOINTS}/{endpoint}")
    return Comparison(
        what="p99 of a GET while events are told",
        peer="at rest",
        unit="ms",
        kind="cost",
        ours=during,
        theirs=at_rest,
    )


async def _owe_tenant(database: Path, count: int) -> None:
    """Let things happen to the tenant that has an endpoint, from outside of its server."""
    async with aclosing(open_store(str(database))) as store:
        context = bare_context(store, MasterKeys(os.urandom(32)))
        ((tenant,),) = await store.read(lambda tx: tx.all("SELECT tenant FROM webhook_endpoints", {}))
        await owe(context, Scope(tenant, livemode=False), count)


def _p99(running: Linkspan, seconds: float) -> float:
    """Return the slowest hundredth of GETs that follow one another, in milliseconds."""
    path = f"/v1/financial_connections/accounts/{running.account}"
    connection = HTTPConnection(urlsplit(running.server.url).netloc)
    took, ends = [], perf_counter() + seconds
    while perf_counter() < ends:
        began = perf_counter()
        connection.request("GET", path, headers=_HEADERS)
        assert connection.getresponse().read()
        took.append((perf_counter() - began) * 1_000)
    connection.close()
    return sorted(took)[int(len(took) * 0.99)]


def _ask(server: Running, method: str, path: str, form: dict[str, str] | None = None) -> dict[str, str]:
    connection = HTTPConnection(urlsplit(server.url).netloc)
    connection.request(method, path, urlencode(form or {}), _HEADERS)
    answer: dict[str, str] = json.loads(connection.getresponse().read())
    connection.close()
    return answer
