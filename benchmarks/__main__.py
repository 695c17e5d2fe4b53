"""Runs the benchmarks one after another, printing each table when it is measured."""

import argparse
import os
import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks import (
    calls,
    costs,
    decoding,
    deliveries,
    imports,
    jobs,
    opening,
    peers,
    refreshing,
    searching,
    serving,
    wrk,
)
from benchmarks.comparison import table
from benchmarks.linkspan_here import linkspan
from benchmarks.pinned import processors
from benchmarks.rounds import Pace

# On the disk of the checkout: a folder in memory would make synced writes look cheap.
_BUILD: Final = Path(__file__).resolve().parent.parent / "build"
# Each takes half a minute.
_REFRESHES_MAX: Final = 3
PARTS: Final = ("serving", "costs", "refreshing", "peers", "client", "deliveries", "jobs", "modal")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for; everything by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each measurement under load")
    parser.add_argument("--seconds", type=int, default=2, help="how long each address is loaded in a round")
    parser.add_argument("--rows", type=int, default=1_000_000, help="transactions that pages are read from")
    parser.add_argument("--history", type=int, default=100_000, help="transactions of a first refresh")
    asked = parser.parse_args(arguments)
    parts = asked.parts or PARTS
    _BUILD.mkdir(exist_ok=True)
    servers, load = processors() or (None, None)
    print(_machine(servers), flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-", dir=_BUILD) as folder,
        tempfile.TemporaryDirectory(prefix="benchmark-", dir=_BUILD) as other,  # a database has one key
    ):
        if "client" in parts:
            _client(Path(folder), servers)
        pace = Pace(asked.rounds, asked.seconds, load)
        if "refreshing" in parts:
            found = refreshing.compare(
                Path(folder), rows=asked.history, rounds=min(asked.rounds, _REFRESHES_MAX), processor=servers
            )
            print(table("\nThe first refresh of a long history", found), flush=True)
        if {"serving", "costs", "peers"} & set(parts):
            _server(Path(folder), parts, pace, servers, asked.rows)
        if "deliveries" in parts:
            found = deliveries.compare(Path(folder), pace, processor=servers)
            print(table("\nEndpoints told of events", found), flush=True)
        if "jobs" in parts:
            found = jobs.compare(Path(folder), rounds=asked.rounds, processor=servers)
            print(table("\nThe queue beside its rows alone", found), flush=True)
        if "modal" in parts:
            found = [
                *opening.compare(Path(folder), rounds=3 * asked.rounds, processor=servers),
                *searching.compare(Path(other), rounds=asked.rounds, processor=servers),
            ]
            print(table("\nThe modal", found), flush=True)


def _client(folder: Path, processor: int | None) -> None:
    found = [*imports.compare(), *decoding.compare(), *calls.compare(folder, processor=processor)]
    print(table("\nThe client beside the official package", found), flush=True)


def _server(folder: Path, parts: Sequence[str], pace: Pace, processor: int | None, rows: int) -> None:
    if not wrk.ready():
        print("\nThe server: left out, because there is no wrk to load it (Debian: apt install wrk)")
        return
    with linkspan(folder, processor=processor) as running:
        if "serving" in parts:
            found = serving.compare(running, folder, pace, processor=processor)
            print(table("\nThe server on one core, beside bare answers of the same size", found), flush=True)
        if "costs" in parts:
            found = costs.compare(running, pace)
            print(table("\nWhat is paid for beyond the plain request", found), flush=True)
        if "peers" in parts:
            found = peers.compare(running.server, folder, _BUILD / "peers", pace, processor=processor)
            print(table("\nThe server beside other stand-ins for Stripe", found), flush=True)
    if "costs" in parts:
        found = costs.compare_pages(folder, pace, rows=rows, processor=processor)
        print(table("\nPages of a grown table", found), flush=True)


def _machine(processor: int | None) -> str:
    pinned = (
        "not pinned to processors" if processor is None else "one processor for the server, one for the load"
    )
    return (
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} "
        f"processors, load {os.getloadavg()[0]:.1f}; {pinned}. Ratios above 1 favor Linkspan."
    )


if __name__ == "__main__":
    main()
