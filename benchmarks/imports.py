"""Measures what a program pays to import a client."""

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Final

from benchmarks.comparison import Comparison

_ROUNDS: Final = 15
_AIM: Final = 3.0
_PEER: Final = "stripe"
# Linux counts memory in kibibytes, macOS in bytes (getrusage(2)).
_RSS_PER_MEGABYTE: Final = 1024 if sys.platform == "linux" else 1024 * 1024

_PROGRAMS: Final[Mapping[str, str]] = {
    "nothing": "pass",
    "ours": "import linkspan",
    "theirs": "import stripe",
    "ours, with a client": "import linkspan; linkspan.Client('sk_test_x')",
    "theirs, with a client": "import stripe; stripe.StripeClient('sk_test_x')",
}


def compare() -> list[Comparison]:
    """Return the time and memory that importing takes beyond the bare interpreter."""
    for program in _PROGRAMS.values():
        _run(program)  # writes the byte code that later runs read
    rounds = [{name: _run(program) for name, program in _PROGRAMS.items()} for _ in range(_ROUNDS)]
    return [
        _beyond_nothing("import", rounds, "", place=0, unit="ms", aim=_AIM),
        _beyond_nothing("import and make a client", rounds, ", with a client", place=0, unit="ms"),
        _beyond_nothing("memory of the import", rounds, "", place=1, unit="MB"),
    ]


def _beyond_nothing(
    what: str,
    rounds: list[dict[str, tuple[float, float]]],
    variant: str,
    *,
    place: int,
    unit: str,
    aim: float | None = None,
) -> Comparison:
    ours, theirs = (
        [each[f"{who}{variant}"][place] - each["nothing"][place] for each in rounds]
        for who in ("ours", "theirs")
    )
    return Comparison(what=what, peer=_PEER, unit=unit, kind="cost", ours=ours, theirs=theirs, aim=aim)


def _run(program: str) -> tuple[float, float]:
    """Return the processor time in milliseconds and the memory in megabytes of a Python program."""
    process = subprocess.Popen([sys.executable, "-c", program])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{program!r} failed")
    return (used.ru_utime + used.ru_stime) * 1e3, used.ru_maxrss / _RSS_PER_MEGABYTE
