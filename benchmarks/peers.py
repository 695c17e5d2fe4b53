"""Measures customers beside other servers that stand in for Stripe."""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

from benchmarks.comparison import Comparison
from benchmarks.linkspan_here import KEY
from benchmarks.pinned import NotStarted, Running, started
from benchmarks.rounds import Pace, Target, measure
from benchmarks.wrk import BadRun, Load

HERE: Final = Path(__file__).parent / "peers"
_INSTALL_SECONDS_MAX: Final = 120
_FORM: Final = "name=Ada+Lovelace&email=ada%40example.com&metadata[order]=6735"
_HEADERS: Final = {"Authorization": f"Bearer {KEY}"}
_AIM: Final = 1.0


@dataclass(frozen=True, slots=True)
class Peer:
    """A server nobody here wrote: how it is installed into a home, and started with a folder to write in."""

    name: str
    lock: Path
    install: Callable[[Path], None]
    command: Callable[[Path, Path], list[str]]


def compare(
    linkspan: Running, folder: Path, homes: Path, pace: Pace, *, processor: int | None
) -> list[Comparison]:
    """Return how customers are read and created here and by each peer that runs on this machine."""
    found: list[Comparison] = []
    for peer in PEERS:
        try:
            _install(peer, homes / peer.name)
            with _started(peer, homes / peer.name, folder, processor) as server:
                found += _beside(peer, server, linkspan, pace)
        except (BadRun, NotStarted, OSError, subprocess.SubprocessError) as problem:
            print(f"{peer.name}: left out, {problem}", flush=True)
    return found


def _beside(peer: Peer, server: Running, linkspan: Running, pace: Pace) -> Iterator[Comparison]:
    for what, load in (("retrieve a customer", _retrieve), ("create a customer", _create)):
        targets = [Target(linkspan, load(linkspan)), Target(server, load(server))]
        ours, theirs = measure(targets, pace)
        yield Comparison(
            what=what, peer=peer.name, unit="/s", kind="rate", ours=ours.rates, theirs=theirs.rates, aim=_AIM
        )


def _create(server: Running) -> Load:
    return Load(f"{server.url}/v1/customers", _HEADERS, _FORM)


def _retrieve(server: Running) -> Load:
    """Make one customer to read."""
    request = Request(f"{server.url}/v1/customers", _FORM.encode(), _HEADERS)
    with urlopen(request, timeout=10) as answer:
        customer = json.load(answer)
    return Load(f"{server.url}/v1/customers/{customer['id']}", _HEADERS)


@contextmanager
def _started(peer: Peer, home: Path, folder: Path, processor: int | None) -> Iterator[Running]:
    production = {"NODE_ENV": "production"}
    with started(peer.command(home, folder), processor=processor, environment=production) as server:
        yield server


def _install(peer: Peer, home: Path) -> None:
    """Install what the lock names, unless that was done."""
    stamp = home / ".installed"
    lock = peer.lock.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == lock:
        return
    print(f"{peer.name}: installing", flush=True)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    peer.install(home)
    stamp.write_text(lock, encoding="utf-8")


def _install_localstripe(home: Path) -> None:
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _carry_out([*pip, "--require-hashes", "-r", str(HERE / "localstripe.txt")])


def _install_stateful_mock(home: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, home)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _carry_out([_program("npm"), "ci", *options, "--prefix", str(home)])


def _carry_out(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_INSTALL_SECONDS_MAX)
    if done.returncode != 0:
        raise NotStarted((done.stderr.strip() or "its installation failed").splitlines()[-1])


def _program(name: str) -> str:
    """Return where a program is; the test lock brings a Node of its own."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), beside)))
    if found is None:
        raise NotStarted(f"there is no {name} here")
    return found


PEERS: Final = (
    Peer(
        "localstripe",
        HERE / "localstripe.txt",
        _install_localstripe,
        lambda home, folder: [str(home / "bin" / "python"), str(HERE / "localstripe_here.py"), str(folder)],
    ),
    Peer(
        "stripe-stateful-mock",
        HERE / "package-lock.json",
        _install_stateful_mock,
        lambda home, _: [_program("node"), str(HERE / "stateful_mock_here.js"), str(home)],
    ),
)
