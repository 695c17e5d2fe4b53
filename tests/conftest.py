"""Holds still what tests must not depend on: the browser, the pace and the environment of the machine."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

import hypothesis
import pytest

from linkspan.server.store.postgres import open_store
from tests.postgres import Postgres, running
from tools.chromium import find_chromium
from tools.libofx import find_ofxdump
from tools.official_clients import is_installed, names

# A shared runner stalls at times: the per-test time-out judges slowness, hypothesis does not.
hypothesis.settings.register_profile("linkspan", deadline=None, print_blob=True)
# Before a release: --hypothesis-profile=soak --timeout=0
hypothesis.settings.register_profile("soak", deadline=None, print_blob=True, max_examples=20_000)
hypothesis.settings.load_profile("linkspan")

_TALLY: Final = "tally"
Tally: TypeAlias = Callable[..., None]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a browser or a package that is not here; with CI=true that is a failure."""
    has_browser, missing = find_chromium() is not None, _missing_clients()
    left_out = [item for item in items if not has_browser and item.get_closest_marker("browser")]
    left_out += [item for item in items if missing & _clients_of(item)]
    left_out += [item for item in items if find_ofxdump() is None and item.get_closest_marker("libofx")]
    if left_out and os.environ.get("CI") == "true":
        raise pytest.UsageError(
            f"no Chromium, client or libofx for {len(left_out)} tests, and CI=true leaves nothing out"
        )
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each what the tests of many tries did, and what was left out."""
    for said in sorted(_tallies(terminalreporter)):
        terminalreporter.write_line(said)
    if find_chromium() is None:
        terminalreporter.write_line(
            "left out: the tests marked `browser`, for want of a Chromium ($CHROMIUM)"
        )
    if find_ofxdump() is None:
        terminalreporter.write_line("left out: the tests marked `libofx` (python -m tools.libofx --install)")
    if missing := ", ".join(sorted(_missing_clients())):
        terminalreporter.write_line(f"left out: the tests of {missing} (python -m tools.official_clients)")


def _tallies(terminalreporter: pytest.TerminalReporter) -> list[str]:
    """What tests said with the fixture `tally`, in whichever process they ran."""
    reports = [one for name in ("passed", "failed") for one in terminalreporter.stats.get(name, [])]
    return [str(said) for one in reports for name, said in one.user_properties if name == _TALLY]


def _missing_clients() -> set[str]:
    return {name for name in names() if not is_installed(name)}


def _clients_of(item: pytest.Item) -> set[str]:
    """The official clients that a test runs."""
    return {name for marker in item.iter_markers("official_client") for name in marker.args}


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Tally:
    """Say at the end of the run what a test of many tries did: `tally("R13 SQLite", events=10, lost=0)`."""

    def say(what: str, **counts: float) -> None:
        record_property(_TALLY, f"{what}: " + ", ".join(f"{name} {n:,}" for name, n in counts.items()))

    return say


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser to drive."""
    found = find_chromium()
    assert found is not None, "only tests marked `browser` may ask for it"
    return found


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test process's own."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def _postgres_database(postgres: Postgres) -> str:
    """The address of a database with the newest schema."""
    with_schema = postgres.url()
    asyncio.run(open_store(with_schema).aclose())
    return with_schema


@pytest.fixture
def empty_postgres(postgres: Postgres, _postgres_database: str) -> str:
    """The address of a database with the newest schema and no rows."""
    postgres.empty()
    return _postgres_database


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the keys and addresses of whoever runs the tests out of them."""
    for name in list(os.environ):
        if name.startswith(("LINKSPAN_", "STRIPE_")):
            monkeypatch.delenv(name)
