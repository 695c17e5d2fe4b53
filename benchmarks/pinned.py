"""Starts a server on one processor, and ends it."""

import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

READY_SECONDS_MAX: Final = 20.0
_END_SECONDS_MAX: Final = 5.0
# utime and stime, counted from the state after the name in parentheses (proc_pid_stat(5), fields 14 and 15).
_CPU_FIELDS: Final = slice(11, 13)


class NotStarted(Exception):
    """A server cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at *url*."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time it has used so far, where the system tells (Linux)."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        except OSError:
            return 0.0
        ticks = stat.rpartition(")")[2].split()[_CPU_FIELDS]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def processors() -> tuple[int, int] | None:
    """Return one processor for servers and one for the load, or ``None`` where they cannot be had."""
    if shutil.which("taskset") is None:
        return None
    first, *others = sorted(os.sched_getaffinity(0))
    return (first, others[0]) if others else None


def on(processor: int | None, command: Sequence[str]) -> list[str]:
    """Return *command* so that it runs on one processor only."""
    return list(command) if processor is None else ["taskset", "-c", str(processor), *command]


@contextmanager
def started(
    command: Sequence[str], *, processor: int | None, environment: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Run a server that prints one JSON line with its ``url`` once it answers; stop it afterwards."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            on(processor, command),
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={**os.environ, **(environment or {})},
        )
        try:
            line = _first_line(process)
            if line is None:
                complaints.seek(0)
                said = complaints.read().decode(errors="replace").strip().splitlines()
                raise NotStarted(said[-1] if said else "it did not say that it is ready")
            yield Running(json.loads(line)["url"], process.pid)
        finally:
            _end(process)


def _first_line(process: subprocess.Popen[bytes]) -> bytes | None:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if not selector.select(READY_SECONDS_MAX):
            return None
    return process.stdout.readline() or None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and make it end when it does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_END_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
