"""Runs a development server for as long as tests need one."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, Final

from linkspan.testing.control import ask

_END_SECONDS: Final = 10
# Settings of whoever runs the tests: one of them may name a database that is not theirs to fill.
_SETTINGS: Final = ("LINKSPAN_", "STRIPE_", "OTEL_")
_KEY_BYTES: Final = 12


class ServerDidNotStart(RuntimeError):
    """The server ended before it answered; the message is what it said."""


@dataclass(frozen=True, slots=True)
class DevelopmentServer:
    """A running ``linkspan dev``. Each secret key is a tenant of its own, so tests share one server."""

    url: str
    """What ``stripe.api_base`` or `Client(base_url=…)` is set to."""
    bank: str
    """Where the demonstration bank answers."""
    shop: str
    """A page that links an account when its button is pressed."""
    publishable_key: str
    """Opens the modal of every test Session."""

    def new_key(self) -> str:
        """Return a secret key that nobody has used: a tenant without any object."""
        return f"sk_test_{secrets.token_hex(_KEY_BYTES)}"

    def now(self) -> int:
        """Return what time it is there, in Unix seconds."""
        return int(ask("GET", f"{self.url}/_linkspan/clock", self.new_key())["now"])

    def advance(self, seconds: int) -> int:
        """Let time pass there and return the new time; what fell due meanwhile has been done then.

        It is one clock for every key, and is never set back. One call takes up to 400 days.
        """
        form = [("advance", str(seconds))]
        return int(ask("POST", f"{self.url}/_linkspan/clock", self.new_key(), form)["now"])


@contextmanager
def serving(*options: str) -> Iterator[DevelopmentServer]:
    """Run a server on a free port until the block ends; *options* are those of ``linkspan dev``."""
    with TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(  # noqa: S603 - this very Python, with what the test asked for
            _command(options), env=_environment(), stdout=subprocess.PIPE, stderr=said, text=True
        )
        try:
            yield _server(_facts(process, said))
        finally:
            _end(process)


def _command(options: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "linkspan.cli", "dev", "--port", "0", *options, "--json"]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)}


def _facts(process: "subprocess.Popen[str]", said: Any) -> dict[str, str]:
    """Return what the server says once it answers."""
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        process.wait()
        said.seek(0)
        raise ServerDidNotStart(said.read().strip() or f"linkspan dev ended with {process.returncode}")
    facts: dict[str, str] = json.loads(line)
    return facts


def _server(facts: dict[str, str]) -> DevelopmentServer:
    return DevelopmentServer(
        url=facts["url"], bank=facts["bank"], shop=facts["shop"], publishable_key=facts["publishable_key"]
    )


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    try:
        process.communicate(timeout=_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
