"""Loads one address with wrk for a moment."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.pinned import on

CONNECTIONS: Final = 32
_SCRIPTS: Final = Path(__file__).parent / "load"
_RATE: Final = re.compile(r"^Requests/sec:\s+([0-9.]+)$", re.MULTILINE)
_COUNT: Final = re.compile(r"^\s*([0-9]+) requests in ", re.MULTILINE)
_WRONG: Final = re.compile(r"^\s*(Non-2xx or 3xx responses: .*|Socket errors: .*)$", re.MULTILINE)


class BadRun(Exception):
    """A run says nothing about speed: requests were refused, or got no answer."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent again and again; a *form* makes it a POST with a new idempotency key each time."""

    url: str
    headers: Mapping[str, str]
    form: str | None = None
    has_keys: bool = True
    paths: Path | None = None
    """A file with the paths to ask for in turn, instead of the one of *url*."""


@dataclass(frozen=True, slots=True)
class Run:
    """What wrk counted."""

    requests: int
    rate: float


def ready() -> bool:
    """Tell whether wrk is here, fetching Debian's where that is possible."""
    if shutil.which("wrk") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("wrk: none found, installing Debian's", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "wrk"]
        subprocess.run(install, env=quiet, check=False, stdout=subprocess.DEVNULL)
    return shutil.which("wrk") is not None


def run(load: Load, *, seconds: int, processor: int | None) -> Run:
    """Send as many requests as are answered in *seconds*."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    for name, value in load.headers.items():
        command += ["-H", f"{name}: {value}"]
    command += _sent(load)
    done = subprocess.run(
        on(processor, command), capture_output=True, text=True, check=True, timeout=seconds + 30
    )
    return read(done.stdout)


def _sent(load: Load) -> list[str]:
    """Return the arguments that say what is sent."""
    if load.form is not None:
        keys = [secrets.token_urlsafe(12)] if load.has_keys else []
        return ["-s", str(_SCRIPTS / "post_form.lua"), load.url, "--", load.form, *keys]
    if load.paths is not None:
        return ["-s", str(_SCRIPTS / "get_many.lua"), load.url, "--", str(load.paths)]
    return [load.url]


def read(report: str) -> Run:
    """Return what a report of wrk says, or raise `BadRun`."""
    if wrong := _WRONG.search(report):
        raise BadRun(wrong[1])
    rate, count = _RATE.search(report), _COUNT.search(report)
    if rate is None or count is None:
        raise BadRun("wrk reported no rate")
    return Run(int(count[1]), float(rate[1]))
