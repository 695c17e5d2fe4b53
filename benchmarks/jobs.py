"""Measures the queue: jobs enqueued and carried out, beside the same rows with nothing else."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.comparison import Comparison
from benchmarks.pinned import on
from benchmarks.queueing import MANY
from tests.postgres import running

_JOBS: Final = 2_000
_LINES: Final = (
    ("enqueued", "enqueued", "inserts alone"),
    ("one", "done, one at a time", "rows alone"),
    ("many", f"done, {MANY} at once", "rows alone"),
)


def compare(folder: Path, *, rounds: int, processor: int | None) -> list[Comparison]:
    """Return jobs a second on each store, beside the inserts, claims and settlements alone."""
    found = _on("SQLite", f"sqlite:///{folder / 'jobs.db'}", rounds, processor)
    with running(()) as postgres:  # synced, as it comes
        return [*found, *_on("PostgreSQL", postgres.url(), rounds, processor)]


def _on(store: str, url: str, rounds: int, processor: int | None) -> list[Comparison]:
    program = [sys.executable, "-m", "benchmarks.queueing", url, str(rounds), str(_JOBS)]
    done = subprocess.run(on(processor, program), stdout=subprocess.PIPE, text=True, check=True)
    measured = json.loads(done.stdout)
    return [
        Comparison(
            what=f"{store}: jobs {what}",
            peer=peer,
            unit="/s",
            kind="rate",
            ours=measured[name]["ours"],
            theirs=measured[name]["bare"],
        )
        for name, what, peer in _LINES
    ]
