"""What may stand in a lock file."""

import json
import re
from pathlib import Path

import pytest

from tools import closure, official_clients

ROOT = Path(__file__).parents[2]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
OFFICIAL_CLIENTS = ROOT / "tests" / "clients" / "locks"
LOCKS = [*REQUIREMENTS, *sorted(OFFICIAL_CLIENTS.glob("*.txt"))]
NPM_LOCKS = [ROOT / "modal" / "package-lock.json", *sorted(OFFICIAL_CLIENTS.glob("*/package-lock.json"))]
# `name==1.2 ; marker \` followed by its hashes, as uv writes it.
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>\S+)", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    return {pin["name"]: pin["version"] for pin in PIN.finditer(lock.read_text(encoding="utf-8"))}


def test_there_is_a_lock_for_the_demo_and_one_for_the_tests() -> None:
    assert [lock.name for lock in REQUIREMENTS] == ["demo.txt", "test.txt"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_carries_no_address_and_no_option(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    heads = [number for number, line in enumerate(lines) if not line.startswith((" ", "#"))]

    unhashed = [
        lines[number]
        for number in heads
        if not PIN.match(lines[number]) or "--hash=sha256:" not in lines[number + 1]
    ]

    assert heads
    assert unhashed == []


def test_both_locks_pin_the_same_versions() -> None:
    demo, test = (pins(lock) for lock in REQUIREMENTS)

    assert demo.items() <= test.items()


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda lock: lock.parent.name)
def test_a_lock_of_npm_carries_hashes_and_no_address(lock: Path) -> None:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    theirs = {path: package for path, package in packages.items() if path}

    assert [path for path, package in theirs.items() if "resolved" in package] == []
    assert [path for path, package in theirs.items() if "integrity" not in package] == []
    assert "://registry" not in lock.read_text(encoding="utf-8")


def test_there_is_a_lock_for_each_official_client_each_peer_and_a_judge_of_their_types() -> None:
    assert official_clients.names() == [
        *("npm-11", "npm-17", "npm-20", "npm-23"),
        *("npm-oidc-provider", "npm-standardwebhooks", "npm-typescript"),
        *("python-11", "python-13", "python-15", "python-5", "python-8"),
        "python-ofxtools",
    ]


def test_the_closure_leaves_out_what_only_builds() -> None:
    lock = """
linkspan-reads==1 \\
    # via linkspan (pyproject.toml)
deep==1 \\
    # via
    #   builder
    #   linkspan-reads
builder==1 \\
    # via linkspan (pyproject.toml:build)
only-builds==1 \\
    # via builder
"""

    assert closure.run_time_closure(lock) == {"linkspan-reads", "deep"}


def test_the_client_brings_two_libraries() -> None:
    client, _server = closure.direct_dependencies()

    assert client == {"msgspec", "pyreqwest"}


def test_the_run_time_stays_small() -> None:
    assert closure.main() == 0
