"""Prints how many packages an installation brings, and fails where they are too many."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# uvicorn's two accelerators: it runs without them, so they are not counted as choices of their own.
ACCELERATORS = frozenset({"httptools", "uvloop"})
CLIENT_DIRECT_MOST = 2
SERVER_DIRECT_MOST = 7
SERVER_CLOSURE_MOST = 28
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==")
VIA = re.compile(r"^    #(?: via)?\s+(?P<parent>\S+)(?P<project> \(pyproject\.toml(?P<group>:\w+)?\))?")


def direct_dependencies() -> tuple[set[str], set[str]]:
    """Return what the client asks for by name, and what the server asks for beyond it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    client, server = (
        {re.split(r"[\[<>=;! ]", requirement)[0] for requirement in requirements}
        for requirements in (project["dependencies"], project["optional-dependencies"]["server"])
    )
    return client, server - client


def run_time_closure(lock: str) -> set[str]:
    """Return every package of a lock that the project brings at run time, the build group left out."""
    parents: dict[str, set[str]] = {}
    roots: set[str] = set()
    name = ""
    for line in lock.splitlines():
        if pin := PIN.match(line):
            name = pin["name"]
            parents[name] = set()
        elif via := VIA.match(line):
            parents[name].add(via["parent"])
            if via["project"] and not via["group"]:
                roots.add(name)
    found: set[str] = set()
    grown = roots
    while grown:
        found |= grown
        grown = {child for child, its in parents.items() if its & found} - found
    return found


def main() -> int:
    """Print one line of figures; return 1 where one is too high."""
    client, server = direct_dependencies()
    closure = run_time_closure((ROOT / "requirements" / "demo.txt").read_text(encoding="utf-8"))
    chosen = server - ACCELERATORS
    print(
        f"closure: {len(client)} direct dependencies of the client (limit {CLIENT_DIRECT_MOST}), "
        f"{len(chosen)} more of the server (limit {SERVER_DIRECT_MOST}), "
        f"{len(closure)} packages in all (limit {SERVER_CLOSURE_MOST})"
    )
    too_many = (
        len(client) > CLIENT_DIRECT_MOST
        or len(chosen) > SERVER_DIRECT_MOST
        or len(closure) > SERVER_CLOSURE_MOST
    )
    return 1 if too_many else 0


if __name__ == "__main__":
    sys.exit(main())
