"""Listeners nobody may reach: at every address, where the system lends a network of its own."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

CORPUS: Final = Path(__file__).parents[1] / "corpus" / "destinations"
# Linux: a user and a network namespace, in which nothing leads outside.
_ALONE: Final = ("unshare", "--map-root-user", "--net")
# Routes by which every address is this machine's own.
_ROUTES: Final = (
    ("ip", "link", "set", "lo", "up"),
    ("ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo"),
    ("ip", "-6", "route", "add", "local", "::/0", "dev", "lo"),
)
_IS_ALONE: Final = "LINKSPAN_TEST_IS_ALONE"


def command(program: str) -> tuple[list[str], dict[str, str]]:
    """How to run a module in a network of its own, or else in this one, with its environment."""
    run = [sys.executable, "-m", program]
    may_be_alone = shutil.which(_ALONE[0]) and shutil.which(_ROUTES[0][0])
    is_alone = (
        may_be_alone and subprocess.run([*_ALONE, "true"], check=False, capture_output=True).returncode == 0
    )
    return ([*_ALONE, *run], {**os.environ, _IS_ALONE: "1"}) if is_alone else (run, dict(os.environ))


class Canaries:
    """Sockets that take connections and say at which address each one came."""

    def __init__(self) -> None:
        self.is_alone = _IS_ALONE in os.environ
        """Whether every address is listened at; otherwise only those of this machine are."""
        self.came: list[str] = []
        self.port = 0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen, on the usual ports as well where they are ours."""
        if self.is_alone:
            for step in _ROUTES:
                subprocess.run(step, check=True)
        first = _bound(socket.AF_INET, 0)
        self.port = first.getsockname()[1]
        sockets = [first, _bound(socket.AF_INET6, self.port)]
        if self.is_alone:
            sockets += [
                _bound(family, port) for family in (socket.AF_INET, socket.AF_INET6) for port in (80, 443)
            ]
        tasks = [asyncio.create_task(self._serve(one)) for one in sockets]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for one in sockets:
                one.close()

    async def _serve(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            came, _ = await loop.sock_accept(listening)
            self.came.append(came.getsockname()[0].removeprefix("::ffff:"))
            came.close()


def _bound(family: socket.AddressFamily, port: int) -> socket.socket:
    made = socket.socket(family)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    made.bind(("", port))
    made.listen(1024)
    made.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return made


def lines(name: str) -> list[str]:
    """What a file of the corpus holds, without its comments."""
    text = (CORPUS / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
