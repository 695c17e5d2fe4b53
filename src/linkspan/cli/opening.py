"""Opens what an operator named, or says by its name why it cannot be used."""

import os
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from linkspan.cli.serving import run
from linkspan.server.api import versions
from linkspan.server.api.versions.published import nearest
from linkspan.server.config import (
    BadSetting,
    Database,
    MasterKeys,
    PostgresDatabase,
    SqliteDatabase,
    read_database,
    read_production_keys,
)
from linkspan.server.connectors.base import Connector
from linkspan.server.connectors.registry import Institutions, InvalidInstitution, read_institutions
from linkspan.server.core.origins import read_site
from linkspan.server.core.refusals import Refusal
from linkspan.server.core.world import DrawnAhead, World
from linkspan.server.link.languages import InvalidMessages, Languages, read_own
from linkspan.server.operations import master_key
from linkspan.server.operations.context import Context
from linkspan.server.outbound.egress import Egress
from linkspan.server.store import sqlite
from linkspan.server.store.driver import DatabaseUnusable, Store, Tx
from linkspan.server.store.migrate import NewerSchema
from linkspan.server.telemetry.untraced import Untraced
from linkspan.server.vault.sealed import Vault

T = TypeVar("T")

_COLLECTOR: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"


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


def read_text(option: str, path: Path) -> str:
    """Return what is in the file at *path*."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as problem:
        raise BadSetting(f"{option}: {path} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise BadSetting(f"{option}: {path} is not UTF-8") from None


def read_languages(path: Path | None) -> Languages:
    """Return the languages of the modal, with the words in the file at *path* in place of ours."""
    if path is None:
        return Languages()
    try:
        return Languages(read_own(read_text("--messages", path)))
    except InvalidMessages as problem:
        raise BadSetting(f"--messages: {problem}") from None


def read_egress(option: str, allowed: Sequence[str]) -> Egress:
    """Return where requests may go: to public addresses, and to what an operator allows besides."""
    try:
        return Egress.allowing(*allowed)
    except ValueError as problem:
        raise BadSetting(f"{option}: {problem}") from None


def read_sites(option: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the sites that *texts* name."""
    try:
        return tuple(map(read_site, texts))
    except Refusal as refusal:
        raise BadSetting(f"{option}: {refusal}") from None


def read_version(option: str, text: str) -> str:
    """Return a version of the API that is served, or say which one may have been meant."""
    try:
        return versions.check(text)
    except Refusal as refusal:
        meant = " or ".join(nearest(text))
        hint = f"Did you mean {meant}?" if meant else "`linkspan versions list` prints them all."
        raise BadSetting(f"{option}: {refusal} {hint}") from None


def real_world(now: Callable[[], float] = time.time) -> World:
    """Return this machine's randomness, and its time unless it is another one's."""
    random_bytes = DrawnAhead(os.urandom)
    if hasattr(os, "register_at_fork"):  # not on Windows, which has no forks
        os.register_at_fork(after_in_child=random_bytes.forget)
    return World(now, random_bytes)


def open_vault(keys: MasterKeys, world: World) -> Vault:
    """Return what unwraps the keys of a database."""
    return Vault(keys.newest, world.random_bytes, former=keys.former)


@contextmanager
def tracing() -> Iterator[Untraced]:
    """Lend what to put around a server's parts: spans, where OpenTelemetry's environment asks for them."""
    if not _asks_for_spans():
        yield Untraced()
        return
    try:
        # It takes a fifth of a second to import, which everybody else is spared.
        from linkspan.server.telemetry import traces  # noqa: PLC0415 - see above
    except ImportError:
        raise BadSetting(
            f"{_COLLECTOR}: spans need OpenTelemetry; `pip install 'linkspan[telemetry]'` brings it"
        ) from None
    with traces.exporting(os.environ, real_world()) as lent:
        yield lent


def _asks_for_spans() -> bool:
    told = os.environ.get
    protocol = told("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or told("OTEL_EXPORTER_OTLP_PROTOCOL")
    is_off = told("OTEL_SDK_DISABLED", "").lower() == "true" or told("OTEL_TRACES_EXPORTER") == "none"
    if is_off or not (told(_COLLECTOR) or told("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")):
        return False
    if protocol not in {None, "", "http/protobuf"}:
        raise BadSetting(f"OTEL_EXPORTER_OTLP_PROTOCOL: {protocol} is not spoken; http/protobuf is")
    return True


def bare_context(store: Store, keys: MasterKeys) -> Context:
    """Return what verbs work with that speak with no bank and serve nobody."""
    world = real_world()
    return Context(
        world=world,
        store=store,
        vault=open_vault(keys, world),
        institutions=Institutions.of(()),
        connectors={},
        public_url="",
        merchant_name="",
    )


async def hold(context: Context, database: Database) -> Context:
    """Return *context* with the digests of *database*; refuse a key that it was not sealed with."""
    try:
        return await master_key.hold(context)
    except master_key.OtherMasterKey:
        given = "LINKSPAN_MASTER_KEY" if os.environ.get("LINKSPAN_MASTER_KEY") else f"{database}.key"
        raise BadSetting(
            f"{given}: {database} was sealed with another master key, so nothing in it can be opened; "
            "give it the key it was sealed with, which is to be named in LINKSPAN_FORMER_MASTER_KEYS until "
            "`linkspan keys rotate-master` has put it under a new one, or name another --database"
        ) from None


def carry_out(url: str, work: Callable[[Tx, Context], Awaitable[T]], *, may_be_new: bool = False) -> T:
    """Return what *work* does in one transaction of the database at *url*, a file only if there is one."""
    return operate(
        url, lambda context: context.store.write(lambda tx: work(tx, context)), may_be_new=may_be_new
    )


def operate(url: str, work: Callable[[Context], Awaitable[T]], *, may_be_new: bool = False) -> T:
    """Return what *work* does with the database at *url*, in as many transactions as it wants."""
    database = read_database(url)
    if database == SqliteDatabase(None):
        raise BadSetting("--database: one in memory ends with this command; name a file or a server")
    if isinstance(database, SqliteDatabase) and not may_be_new and not Path(str(database)).is_file():
        raise BadSetting(f"--database: there is no file {database}")
    keys = read_production_keys(os.environ)
    return run(_done(database, bare_context(open_store(database), keys), work))


async def _done(database: Database, context: Context, work: Callable[[Context], Awaitable[T]]) -> T:
    async with aclosing(context.store):
        return await work(await hold(context, database))


def kept(database: Database) -> Database:
    """Return a database that outlives the process; refuse any other."""
    if database == SqliteDatabase(None):
        raise BadSetting("--database: one in memory is lost with the process; name a file or a server")
    return database


def open_institutions(text: str, connectors: Mapping[str, Connector]) -> Institutions:
    """Return the banks that an operator wrote down."""
    try:
        return Institutions.of(read_institutions(text, connectors))
    except InvalidInstitution as problem:
        raise BadSetting(f"--institutions: {problem}") from None
