"""Measures what a program pays to import a client."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks.comparison import Comparison

_ROUNDS: Final = 15
_AIM: Final = 3.0
_PEER: Final = "stripe"
# Pages the process has in memory, where the system tells (Linux, proc_pid_statm(5)).
# Its peak would not do: that begins with the peak of the process it came from.
_RESIDENT: Final = Path("/proc/self/statm")

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
    found = [
        _beyond_nothing("import", rounds, "", place=0, unit="ms", aim=_AIM),
        _beyond_nothing("import and make a client", rounds, ", with a client", place=0, unit="ms"),
    ]
    if _RESIDENT.exists():
        found.append(_beyond_nothing("memory of a client", rounds, ", with a client", place=1, unit="MB"))
    return found


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
    reporting = f"{program}\nimport sys\nfrom pathlib import Path\nfile = Path(sys.argv[1])\n"
    reporting += "print(file.read_text().split()[1] if file.exists() else 0)"
    process = subprocess.Popen([sys.executable, "-c", reporting, str(_RESIDENT)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as report:
        pages = int(report.read() or 0)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{program!r} failed")
    return (used.ru_utime + used.ru_stime) * 1e3, pages * os.sysconf("SC_PAGE_SIZE") / 1e6
