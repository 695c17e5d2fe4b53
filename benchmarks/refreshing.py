"""Measures the first refresh of a long history, and what others notice of it."""

import multiprocessing
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from benchmarks.comparison import Comparison
from benchmarks.linkspan_here import KEY, Linkspan, linkspan
from benchmarks.locks import watched
from benchmarks.pinned import Running, started
from benchmarks.samples import transaction
from linkspan import Client
from linkspan.objects import encode
from linkspan.server.store.sqlite import open_store

_API: Final = "/v1/financial_connections"
_ROWS_A_WRITE: Final = 100
_LOCK_MILLISECONDS: Final = 50.0
_READ_MILLISECONDS: Final = 50.0
_REFRESH_SECONDS_MAX: Final = 600.0
_LOOK_SECONDS: Final = 0.2
_IDLE_SECONDS: Final = 2.0
# As often as a second process may want to write.
_WRITE_SECONDS: Final = 0.01
_INSERT: Final = """
INSERT INTO transactions
       (tenant, livemode, id, account, status, transacted_at, refresh, source_id, former_source_id, doc)
VALUES ('acct_bare', 0, ?, ?, ?, ?, ?, ?, NULL, ?)
"""


@dataclass(slots=True)
class _Waits:
    """How long each of many calls took, in milliseconds."""

    each: list[float] = field(default_factory=list)

    def share(self, part: float) -> float:
        """Return what so many of them did not exceed."""
        return sorted(self.each)[min(int(len(self.each) * part), len(self.each) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """What one refresh came to, in seconds and milliseconds, beside what it is compared with."""

    refresh: float
    refresh_cpu: float
    bare: float
    bare_cpu: float
    idle: float
    busy: float
    locked: float
    held: float


def compare(folder: Path, *, rows: int, rounds: int, processor: int | None) -> list[Comparison]:
    """Return what a first refresh of *rows* transactions costs, and what it costs others."""
    found = [_once(folder / f"refresh-{n}", rows, processor) for n in range(rounds)]
    name = f"first refresh of {rows:,} rows".replace(",", " ")
    alone = "encode, insert"
    busy = [one.busy for one in found]
    return [
        _cost(name, alone, "s", [one.refresh for one in found], [one.bare for one in found]),
        _cost(
            f"{name}, CPU", alone, "s", [one.refresh_cpu for one in found], [one.bare_cpu for one in found]
        ),
        _cost("GET account meanwhile, p99", "idle", "ms", busy, [one.idle for one in found]),
        _bounded("GET account meanwhile, p99", _READ_MILLISECONDS, busy),
        _bounded("longest wait of another writer", _LOCK_MILLISECONDS, [one.locked for one in found]),
        _bounded("write lock held at the longest", _LOCK_MILLISECONDS, [one.held for one in found]),
    ]


def _cost(what: str, peer: str, unit: str, ours: Sequence[float], theirs: Sequence[float]) -> Comparison:
    return Comparison(what=what, peer=peer, unit=unit, kind="cost", ours=ours, theirs=theirs)


def _bounded(what: str, milliseconds: float, ours: Sequence[float]) -> Comparison:
    """Compare with a bound that is to be kept."""
    bounds = [milliseconds] * len(ours)
    return replace(_cost(what, f"{milliseconds:.0f} ms", "ms", ours, bounds), aim=1.0)


def _once(folder: Path, rows: int, processor: int | None) -> _Round:
    folder.mkdir()
    bare, bare_cpu = _insert_bare(folder / "bare.db", rows)
    with (
        started([sys.executable, "-m", "benchmarks.busy_bank", str(rows)], processor=None) as bank,
        linkspan(folder, processor=processor, bank=bank.url) as running,
    ):
        account = f"{_API}/accounts/{running.account}"
        with _reading(running.server, account) as idle:
            time.sleep(_IDLE_SECONDS)
        database = folder / "linkspan.db"
        with (
            _reading(running.server, account) as busy,
            _writing(database) as locked,
            watched(database) as held,
        ):
            before = running.server.cpu_seconds()
            refresh = _refresh(running)
            refresh_cpu = running.server.cpu_seconds() - before
    return _Round(
        refresh=refresh,
        # What the reader asked for meanwhile is in it, a thirtieth of a millisecond each.
        refresh_cpu=refresh_cpu,
        bare=bare,
        bare_cpu=bare_cpu,
        idle=idle.share(0.99),
        busy=busy.share(0.99),
        locked=max(locked.each),
        held=held.longest,
    )


def _refresh(running: Linkspan) -> float:
    """Refresh the account's transactions, and return how many seconds it took."""
    with Client(KEY, base_url=running.server.url) as client:
        begun = time.perf_counter()
        client.accounts.refresh(running.account, features=["transactions"])
        while time.perf_counter() - begun < _REFRESH_SECONDS_MAX:
            refresh = client.accounts.retrieve(running.account).transaction_refresh
            if refresh and refresh.status != "pending":
                if refresh.status != "succeeded":
                    raise RuntimeError(f"the refresh {refresh.status}")
                return time.perf_counter() - begun
            time.sleep(_LOOK_SECONDS)
    raise RuntimeError("the refresh did not end")


def _insert_bare(path: Path, rows: int) -> tuple[float, float]:
    """Return the seconds of encoding and inserting as many rows, as often synced, and of the processor."""
    store = open_store(str(path))
    begun, begun_cpu = time.perf_counter(), time.process_time()
    for first in range(0, rows, _ROWS_A_WRITE):
        store.writer.execute("BEGIN IMMEDIATE")
        for number in range(first, min(first + _ROWS_A_WRITE, rows)):
            row = transaction(number)
            told = (row.id, row.account, row.status, row.transacted_at, row.transaction_refresh, row.id)
            store.writer.execute(_INSERT, (*told, encode(row)))
        store.writer.execute("COMMIT")
    took, took_cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    store.close()
    return took, took_cpu


@contextmanager
def _reading(server: Running, path: str) -> Iterator[_Waits]:
    """Ask for one document again and again, over one connection, for as long as the block lasts."""
    waits, is_over = _Waits(), threading.Event()

    def read() -> None:
        with closing(HTTPConnection(urlsplit(server.url).netloc, timeout=30)) as connection:
            while not is_over.is_set():
                begun = time.perf_counter()
                connection.request("GET", path, headers={"Authorization": f"Bearer {KEY}"})
                connection.getresponse().read()
                waits.each.append((time.perf_counter() - begun) * 1_000)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield waits
    finally:
        is_over.set()
        thread.join()


@contextmanager
def _writing(database: Path) -> Iterator[_Waits]:
    """Take the write lock of the server's file again and again, as another process would."""
    waits = _Waits()
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_write, args=(database, there))
    process.start()
    try:
        yield waits
    finally:
        here.send(None)
        waits.each = here.recv()
        process.join()


def _write(database: Path, pipe: Connection) -> None:
    """Take the lock, let go of it, rest; tell how long each took once asked to."""
    waits: list[float] = []
    with closing(sqlite3.connect(database, isolation_level=None, timeout=0)) as connection:
        while not pipe.poll():
            begun = time.perf_counter()
            while not _take(connection):
                pass
            connection.execute("ROLLBACK")
            waits.append((time.perf_counter() - begun) * 1_000)
            time.sleep(_WRITE_SECONDS)
    pipe.send(waits)


def _take(connection: sqlite3.Connection) -> bool:
    """Tell whether the lock was free; SQLite's own pauses are longer than what is measured."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True
