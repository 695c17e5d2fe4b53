"""Installs Stripe's clients of several years, and other peers, for the tests: each in a folder of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LOCKS: Final = ROOT / "tests/clients/locks"
HOMES: Final = ROOT / "build/clients"
# Where the environment keeps its programs; Node is there beside Python (tools/environment.sh).
PROGRAMS: Final = Path(sys.prefix) / "bin"
_INSTALL_SECONDS_MAX: Final = 120


def names() -> list[str]:
    """Return every client there is a lock for: `python-5`, `npm-11` and so on."""
    return sorted(lock.name.removesuffix(".txt") for lock in LOCKS.iterdir())


def home_of(name: str) -> Path:
    """Return the folder a client is installed into."""
    return HOMES / name


def is_installed(name: str) -> bool:
    """Whether what the lock names is what the folder holds."""
    stamp = home_of(name) / ".installed"
    return stamp.exists() and stamp.read_text("utf-8") == _locked(name)


def _locked(name: str) -> str:
    lock = LOCKS / f"{name}.txt"
    return (lock if lock.exists() else LOCKS / name / "package-lock.json").read_text("utf-8")


def _install(name: str) -> str | None:
    """Install one client anew; return what went wrong, None if nothing did."""
    home = home_of(name)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    ways: dict[str, Callable[[str, Path], list[str]]] = {"python": _with_pip, "npm": _with_npm}
    command = ways[name.partition("-")[0]](name, home)
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_INSTALL_SECONDS_MAX
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    if done.returncode != 0:
        return (done.stderr.strip() or "its installation failed").splitlines()[0]
    (home / ".installed").write_text(_locked(name), "utf-8")
    return None


# What these need besides, the lock of the tests has.
def _with_pip(name: str, home: Path) -> list[str]:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--require-hashes", "--no-deps", "--no-compile", "--target", str(home)]
    return [*pip, *options, "-r", str(LOCKS / f"{name}.txt")]


def _with_npm(name: str, home: Path) -> list[str]:
    for file in ("package.json", "package-lock.json"):
        shutil.copy(LOCKS / name / file, home)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return [str(PROGRAMS / "npm"), "ci", *options, "--prefix", str(home)]


def main() -> int:
    """Install what is missing; return the exit status, which is a failure in CI alone."""
    missing = [name for name in names() if not is_installed(name)]
    if missing:
        print(f"official clients: installing {', '.join(missing)}", flush=True)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        told = zip(missing, pool.map(_install, missing), strict=True)
        problems = {name: problem for name, problem in told if problem is not None}
    if not problems:
        return 0
    first = next(iter(problems.values()))
    print(f"official clients: the tests of {', '.join(problems)} are left out: {first}")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
