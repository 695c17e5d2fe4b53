"""Runs programs that use an official client, each in a process of its own."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import linkspan
from tests.acceptance.programs import END_SECONDS, environment
from tests.clients.visit import link
from tools.official_clients import PROGRAMS, home_of

FOLDER: Final = Path(__file__).parent / "programs"
_LOOK_AGAIN_SECONDS: Final = 0.02


@dataclass(frozen=True)
class Official:
    """One of Stripe's clients, and the version it speaks."""

    name: str
    version: str = ""
    """What it is told to speak; empty where it pins a version itself."""

    def command(self, program: str) -> list[str]:
        """What starts a program of this client's language."""
        if self.name.startswith("npm-"):
            package = home_of(self.name) / "node_modules" / "stripe"
            return [str(PROGRAMS / "node"), str(FOLDER / f"{program}.cjs"), str(package)]
        return [sys.executable, str(FOLDER / f"{program}.py")]

    def told_by(self, program: str, server: str, key: str) -> Any:
        """Run a program against a server, do what it asks for, and return what it tells in the end."""
        # This process has the newest package itself.
        paths = {"PYTHONPATH": str(home_of(self.name))} if self.name != "python-16" else {}
        with subprocess.Popen(
            [*self.command(program), server, key, self.version],
            env=environment(paths),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                told = _attend(process, server, key)
                assert told is not None, process.communicate(timeout=END_SECONDS)[1]
                process.communicate(timeout=END_SECONDS)
            finally:
                process.kill()
        assert process.returncode == 0
        return told


def _attend(process: "subprocess.Popen[str]", server: str, key: str) -> Any:
    """Do what a program asks for, line by line, until it tells what it saw."""
    assert process.stdin is not None
    assert process.stdout is not None
    for line in process.stdout:
        match json.loads(line):
            case {"link": secret}:
                link(server, secret)
            case {"settle": account}:
                settle(server, key, account)
            case {"told": told}:
                return told
            case other:
                raise AssertionError(other)
        process.stdin.write("\n")
        process.stdin.flush()
    return None


def settle(server: str, key: str, account: str) -> None:
    """Wait until no refresh of an account is under way."""
    with linkspan.Client(key, base_url=server) as client:
        while True:
            found = client.accounts.retrieve(account)
            refreshes = (found.balance_refresh, found.ownership_refresh, found.transaction_refresh)
            if all(refresh.status != "pending" for refresh in refreshes if refresh):
                return
            time.sleep(_LOOK_AGAIN_SECONDS)
