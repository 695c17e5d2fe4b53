"""Reads what an operator asked for into frozen values, refusing what cannot work."""

import binascii
import os
import re
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from linkspan.server.core.api_key import Network
from linkspan.server.core.retention import TRANSACTIONS_SECONDS_MIN, Retention
from linkspan.server.store.sqlite import is_empty

_MASTER_KEY_BYTES: Final = 32
_PRINTABLE: Final = frozenset(range(32, 127))
_ORIGIN: Final = re.compile(
    r"(?P<itself>(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?)/?"
)
_HERE: Final = frozenset({"127.0.0.1", "[::1]", "localhost"})
_SECONDS_IN: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION: Final = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[smhd])")


class BadSetting(ValueError):
    """A setting cannot be used; the message names it and says what would do."""


@dataclass(frozen=True, slots=True)
class SqliteDatabase:
    """Objects are kept in one SQLite file, or in memory when there is no path."""

    path: str | None

    def __str__(self) -> str:
        return self.path or "memory"


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """Objects are kept on a PostgreSQL server; the address may hold a password."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        """Name the database without the user and the password."""
        parts = urlsplit(self.url)
        return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"


Database: TypeAlias = SqliteDatabase | PostgresDatabase


def read_database(url: str) -> Database:
    """Return the database that *url* names.

    ``sqlite:///relative.db`` and ``sqlite:////absolute.db`` are files,
    ``sqlite://`` is memory, ``postgresql://user:password@host/name`` is a server's.
    """
    if url in {"sqlite://", "sqlite:///:memory:"}:
        return SqliteDatabase(None)
    if url.startswith(("postgresql://", "postgres://")):
        return _postgres(url)
    path = url.removeprefix("sqlite:///")
    if path == url or not path:
        # Not what was given: it may hold a password.
        raise BadSetting("--database: must be sqlite:///PATH, sqlite:// or postgresql://USER@HOST/NAME")
    if not Path(path).absolute().parent.is_dir():
        raise BadSetting(f"--database: the folder of {path} does not exist")
    if Path(path).is_dir():
        raise BadSetting(f"--database: {path} is a folder; name a file in it")
    return SqliteDatabase(path)


def _postgres(url: str) -> PostgresDatabase:
    try:
        urlsplit(url)
    except ValueError as problem:
        raise BadSetting(f"--database: the address cannot be read: {problem}") from None
    return PostgresDatabase(url)


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """What a process may open a database with."""

    newest: bytes = field(repr=False)
    """What the database is to be held to, once it is."""
    former: tuple[bytes, ...] = field(default=(), repr=False)
    """What it may be held to still, or backups of it."""


def read_production_keys(environment: Mapping[str, str]) -> MasterKeys:
    """Return the master keys that are set, unless a person made the newest one up."""
    newest = read_production_key(environment.get("LINKSPAN_MASTER_KEY", ""))
    return MasterKeys(newest, read_former_keys(environment))


def read_former_keys(environment: Mapping[str, str]) -> tuple[bytes, ...]:
    """Return the master keys that were set before, separated by spaces."""
    keys = tuple(map(_master_key, environment.get("LINKSPAN_FORMER_MASTER_KEYS", "").split()))
    found = tuple(key for key in keys if key is not None)
    if len(found) < len(keys):
        raise BadSetting(
            "LINKSPAN_FORMER_MASTER_KEYS: must be keys as LINKSPAN_MASTER_KEY is one, separated by spaces"
        )
    return found


def read_master_key(text: str) -> bytes:
    """Return the 32 bytes that *text* spells in URL-safe base64."""
    key = _master_key(text)
    if key is None:
        raise BadSetting(
            f"LINKSPAN_MASTER_KEY: must be {_MASTER_KEY_BYTES} random bytes in URL-safe base64, such as "
            "`openssl rand -base64 32 | tr '+/' '-_'` prints",
        )
    return key


def read_production_key(text: str) -> bytes:
    """Return the master key that *text* spells, unless a person made it up.

    All that is printable, or that goes up or down in equal steps, was typed:
    of random keys not one in 10¹³ does.
    """
    if not text:
        raise BadSetting(
            "LINKSPAN_MASTER_KEY: must be set, the same for every process that shares the database; "
            "`openssl rand -base64 32 | tr '+/' '-_'` prints one. Keep it: without it nothing that is "
            "sealed in the database can be opened"
        )
    key = read_master_key(text)
    steps = {(later - earlier) % 256 for earlier, later in pairwise(key)}
    if all(byte in _PRINTABLE for byte in key) or len(steps) == 1:
        raise BadSetting(
            "LINKSPAN_MASTER_KEY: is text or a sequence, not random; "
            "`openssl rand -base64 32 | tr '+/' '-_'` prints one that is"
        )
    return key


def master_key_beside(database: Path, random_bytes: Callable[[int], bytes]) -> bytes:
    """Return the development key kept beside *database*, making it the first time.

    The file is readable by its owner only. It is made before it has its name,
    so that a process killed in the middle leaves no half key.
    """
    path = database.with_name(database.name + ".key")
    try:
        if not path.exists():
            if database.exists() and not _is_empty(database):
                raise BadSetting(f"{path} is missing: without it nothing sealed in {database} can be opened")
            _write_key(path, random_bytes(_MASTER_KEY_BYTES))
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError as problem:
        raise BadSetting(f"--database: {path}, its master key, cannot be used: {problem.strerror}") from None
    key = _master_key(text.strip())
    if key is None:
        raise BadSetting(f"{path}: holds no master key; bring back the file that was made with {database}")
    return key


def read_base_url(url: str | None, *, default: str | None) -> str:
    """Return the origin that *url* names, which only on this machine may be without TLS.

    What a bank entrusts to us comes by this address.
    """
    if not url and default is None:
        raise BadSetting(
            "--base-url: needed, the https address at which browsers and banks reach this server"
        )
    origin = _ORIGIN.fullmatch(url or default or "")
    if origin is None:
        raise BadSetting(f"--base-url: {url} must be a host alone, such as https://link.example")
    if origin["scheme"] != "https" and origin["host"] not in _HERE:
        raise BadSetting(f"--base-url: {url} must begin with https://")
    return origin["itself"]


def read_duration(option: str, text: str) -> int:
    """Return the seconds in a number with its unit, such as ``90m``, ``24h`` or ``7d``."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise BadSetting(f"{option}: must be a number of seconds, minutes, hours or days: 90s, 30m, 24h, 7d")
    return int(match["number"]) * _SECONDS_IN[match["unit"]]


def read_retention(environment: Mapping[str, str]) -> Retention:
    """Return how long what nobody needs any more is kept; forever where nothing is set."""
    kept = Retention(
        transactions=_kept("LINKSPAN_KEEP_TRANSACTIONS", environment),
        links=_kept("LINKSPAN_KEEP_LINKS", environment),
        consents=_kept("LINKSPAN_KEEP_CONSENTS", environment),
    )
    if kept.transactions is not None and kept.transactions < TRANSACTIONS_SECONDS_MIN:
        raise BadSetting(
            f"LINKSPAN_KEEP_TRANSACTIONS: must be {TRANSACTIONS_SECONDS_MIN // _SECONDS_IN['d']}d at least: "
            "banks are asked for 180 days, and what is younger would come back"
        )
    return kept


def _kept(setting: str, environment: Mapping[str, str]) -> int | None:
    text = environment.get(setting, "")
    return read_duration(setting, text) if text else None


def read_networks(option: str, texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks that *texts* name, each an address or a block of them."""
    try:
        return tuple(map(ip_network, texts))
    except ValueError as problem:
        raise BadSetting(f"{option}: {problem}; write one as 192.0.2.7 or 192.0.2.0/24") from None


def _is_empty(database: Path) -> bool:
    """Tell whether *database* holds no row, and so nothing sealed; what is no database may hold anything."""
    try:
        return is_empty(database)
    except sqlite3.Error:
        return False


def _write_key(path: Path, key: bytes) -> None:
    draft = path.with_name(path.name + ".new")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(urlsafe_b64encode(key))
    draft.rename(path)


def _master_key(text: str) -> bytes | None:
    """Return the key that *text* spells; as picky as the vault, so that its setting is named first."""
    try:
        key = urlsafe_b64decode(text.encode())
    except (binascii.Error, ValueError):
        return None
    is_usable = len(key) == _MASTER_KEY_BYTES and len(set(key)) >= _MASTER_KEY_BYTES // 4
    return key if is_usable else None
