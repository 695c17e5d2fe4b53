"""Opens what an operator named, or says by its name why it cannot be used."""

import os
import sqlite3
import time
from pathlib import Path
from typing import BinaryIO

from linkspan.server.config import BadSetting, Database, PostgresDatabase
from linkspan.server.connectors.registry import Institutions
from linkspan.server.core.world import World
from linkspan.server.operations import master_key
from linkspan.server.operations.context import Context
from linkspan.server.store import sqlite
from linkspan.server.store.driver import DatabaseUnusable, Store
from linkspan.server.store.migrate import NewerSchema
from linkspan.server.vault.digests import Digests
from linkspan.server.vault.sealed import Vault


def open_store(database: Database) -> Store:
    """Return the store in *database*, with the newest schema."""
    try:
        return (
            _postgres(database)
            if isinstance(database, PostgresDatabase)
            else sqlite.open_store(database.path)
        )
    except (NewerSchema, DatabaseUnusable, sqlite3.Error) as problem:
        raise BadSetting(f"--database: {database} cannot be used: {problem}") from None


def _postgres(database: PostgresDatabase) -> Store:
    # Its driver takes a tenth of a second to import, which SQLite's users are spared.
    try:
        from linkspan.server.store import postgres  # noqa: PLC0415 - see above
    except ImportError:
        raise BadSetting(
            "--database: PostgreSQL needs the package asyncpg; `pip install 'linkspan[server]'` brings it"
        ) from None
    return postgres.open_store(database.url)


def open_log(path: Path | None) -> BinaryIO:
    """Return the file at *path* to write a log to; without one the log goes nowhere."""
    try:
        return (path or Path(os.devnull)).open("ab")
    except OSError as problem:
        raise BadSetting(f"--log: {path} cannot be written: {problem.strerror}") from None


def bare_context(store: Store, master_key: bytes) -> Context:
    """Return what verbs work with that speak with no bank and serve nobody."""
    world = World(time.time, os.urandom)
    return Context(
        world=world,
        store=store,
        vault=Vault(master_key, world.random_bytes),
        digests=Digests(master_key),
        institutions=Institutions.of(()),
        connectors={},
        public_url="",
        merchant_name="",
    )


async def check_master_key(context: Context, database: Database) -> None:
    """Refuse a key that is not the one *database* was sealed with."""
    try:
        await master_key.check(context)
    except master_key.OtherMasterKey:
        given = "LINKSPAN_MASTER_KEY" if os.environ.get("LINKSPAN_MASTER_KEY") else f"{database}.key"
        raise BadSetting(
            f"{given}: {database} was sealed with another master key, so nothing in it can be opened; "
            "give it the key it began with, or name another --database"
        ) from None
