"""Our programs as an operator runs them: processes of their own, spoken to through their arguments."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A process that was asked to end and has not done so after this long is stuck.
END_SECONDS = 10


@dataclass
class Program:
    """A running program, and what it said when it was ready."""

    process: subprocess.Popen[str]
    facts: dict[str, Any]

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Send a signal; return the exit code with everything that was written to standard error."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=END_SECONDS)
        return self.process.returncode, errors


@dataclass(frozen=True)
class Town:
    """A server and a bank, each in a process of its own."""

    server: str
    database: Path
    log: Path


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without any setting of ours but *settings*."""
    ours = ("LINKSPAN_", "STRIPE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | dict(
        settings or {}
    )


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "linkspan.cli", *arguments]


@contextmanager
def running(*arguments: str, settings: Mapping[str, str] | None = None) -> Iterator[Program]:
    """Start ``linkspan`` and wait for the line that says it is ready; end it with Ctrl-C at the latest."""
    process = subprocess.Popen(
        command(*arguments, "--json"),
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate(timeout=END_SECONDS)[1]
        program = Program(process, json.loads(line))
        yield program
        if process.poll() is None:
            assert program.end() == (0, "")
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@contextmanager
def reserved_port() -> Iterator[int]:
    """Keep a port for a program whose port others must know before it listens.

    The port is bound but not listened on, so nobody else is given it, while a
    program that allows reuse may still bind it by number. Only Linux has that
    rule; elsewhere the port is let go of at once, in the hope that it stays free.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        if sys.platform != "linux":
            held.close()
        yield port
