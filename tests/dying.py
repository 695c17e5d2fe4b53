"""Children that die at a given point of what they do, one after another.

A program of a test's own calls `children`; the test starts it with `dying` and
says at which point the next child is to die. Points are counted from 1.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final, Protocol


class DiesAt(Protocol):
    """Runs a child that dies at a point."""

    def __call__(self, point: int, tag: str = "") -> bool:
        """Tell whether the child came to *point*; *tag* is what it knows besides."""
        ...


ROOT: Final = Path(__file__).parents[1]


class Death:
    """Kills this process at the point it was set to."""

    def __init__(self, at: int, tag: str) -> None:
        self.at = at
        self.tag = tag
        self._points = count(1)

    def comes(self, _why: str = "") -> None:
        """Count one point."""
        if next(self._points) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def children(live: Callable[[Death], None]) -> None:
    """Let a child *live* for each point that is read, and tell its exit code."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            at, _, tag = line.strip().partition(" ")
            live(Death(int(at), tag))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        _tell(os.waitstatus_to_exitcode(status))


def mortals(live: Callable[[str], None]) -> None:
    """Let a child *live* for each line that is read; tell its number, and its exit code when it is dead."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            live(line.strip())
            os._exit(0)
        _tell(child)
        _, status = os.waitpid(child, 0)
        _tell(os.waitstatus_to_exitcode(status))


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


@contextmanager
def dying(program: str, *arguments: str) -> Iterator[DiesAt]:
    """Lend a way to run a child of *program* that dies at a point; it tells whether there was one."""
    command = [sys.executable, "-m", program, *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as running:
        asked, told = running.stdin, running.stdout
        assert asked is not None
        assert told is not None

        def dies_at(point: int, tag: str = "") -> bool:
            asked.write(f"{point} {tag}\n")
            asked.flush()
            code = int(told.readline())
            assert code in {0, -signal.SIGKILL}
            return code != 0

        yield dies_at
        asked.close()
