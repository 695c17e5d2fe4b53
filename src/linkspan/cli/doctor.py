"""``linkspan doctor``: looks at what a server is started with, and says what to do."""

import asyncio
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import typer

from linkspan.cli.migrate import engine_at
from linkspan.cli.opening import bare_context, open_store, read_egress, read_text, real_world
from linkspan.cli.options import (
    AllowBankOption,
    AsJsonOption,
    BaseUrlOption,
    DatabaseOption,
    InstitutionsOption,
)
from linkspan.cli.serving import run
from linkspan.server.config import (
    BadSetting,
    SqliteDatabase,
    read_base_url,
    read_database,
    read_production_keys,
)
from linkspan.server.connectors.network import NetworkTransport
from linkspan.server.connectors.registry import InvalidInstitution, connectors_over, read_institutions
from linkspan.server.core.api_key import Kind
from linkspan.server.operations import keys, master_key
from linkspan.server.operations.context import Context
from linkspan.server.outbound.exchange import Request
from linkspan.server.outbound.failures import OutboundFailure, Refused
from linkspan.server.outbound.network import Network
from linkspan.server.store import deliveries as delivery_rows
from linkspan.server.store import events as event_rows
from linkspan.server.store.driver import DatabaseUnusable
from linkspan.server.store.migrate import NewerSchema, lacking

T = TypeVar("T")

# Tokens are good for minutes: clocks that are one minute apart still agree on them.
_AHEAD_SECONDS_MAX: Final = 60
_BANK_SECONDS: Final = 10.0
# So many attempts take more than half an hour.
_IN_VAIN: Final = 4
_MEGABYTE: Final = 1_000_000
_FREE_BYTES: Final = 200 * _MEGABYTE
_NO_SITE: Final = "opens no modal: `linkspan keys origins {id} https://…` lists the sites that may show it"
# Where a server is that was told no address: on this machine alone.
_HERE: Final = "http://127.0.0.1"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one thing."""

    what: str
    is_well: bool
    said: str
    """What it is, or what to do about it."""


def doctor(
    database: DatabaseOption,
    institutions: InstitutionsOption,
    base_url: BaseUrlOption = None,
    allow_bank: AllowBankOption = None,
    *,
    as_json: AsJsonOption = False,
) -> None:
    """Look at all a server is started with and has kept, and change nothing; exit with 1 if any is ill."""
    report: list[Finding] = []
    key = _noted(report, "master key", lambda: read_production_keys(os.environ))
    _noted(report, "base url", lambda: read_base_url(base_url, default=_HERE), str)
    schema = _noted(report, "database", lambda: _schema(database), str)
    kept_in = None if schema is None else read_database(database)
    if isinstance(kept_in, SqliteDatabase):
        report.append(_disk(kept_in))
    if key is not None and kept_in is not None:
        # Opened before there is a loop: PostgreSQL's is brought up in one of its own.
        run(_look_into(report, bare_context(open_store(kept_in), key)))
    run(_look_at_banks(report, institutions, allow_bank or ()))
    _show(report, as_json=as_json)
    if not all(finding.is_well for finding in report):
        raise typer.Exit(1)


def _noted(
    report: list[Finding],
    what: str,
    look: Callable[[], T],
    said: Callable[[T], str] = lambda _: "can be used",
) -> T | None:
    """Note what *look* finds, as *said*, which leaves out secrets; return it, or nothing where it is ill."""
    try:
        found = look()
    except BadSetting as problem:
        report.append(Finding(what, is_well=False, said=str(problem)))
        return None
    report.append(Finding(what, is_well=True, said=said(found)))
    return found


def _schema(url: str) -> str:
    """Return the name of a database, unless it cannot be used or lacks a step of this release."""
    engine = engine_at(url)
    try:
        waiting = lacking(engine.version())
    except (NewerSchema, DatabaseUnusable, sqlite3.Error) as problem:
        raise BadSetting(f"--database: {engine.name} cannot be used: {problem}") from None
    if waiting:
        raise BadSetting(
            f"--database: {engine.name} lacks {len(waiting)} of the steps of its schema; "
            "`linkspan migrate up` applies them"
        )
    return engine.name


async def _look_into(report: list[Finding], context: Context) -> None:
    """Look whether the master key is the database's, and whether anybody has a key."""
    async with aclosing(context.store):
        if not await master_key.fits(context):
            said = "LINKSPAN_MASTER_KEY: is not the one this database was sealed with; give it that one"
            report.append(Finding("sealed values", is_well=False, said=said))
            return
        report.append(Finding("sealed values", is_well=True, said="open with the master key"))
        report += await _api_keys(context)
        report.append(await _clock(context))
        report.append(await _endpoints(context))


async def _api_keys(context: Context) -> list[Finding]:
    now = context.world.now()
    good = [kept for kept in await context.store.read(keys.list_) if not kept.is_over(now)]
    said = f"{len(good)} good" if good else "nobody has a good one; `linkspan keys create` makes one"
    silent = [kept for kept in good if kept.kind is Kind.PUBLISHABLE and not kept.origins]
    return [
        Finding("API keys", is_well=bool(good), said=said),
        *(Finding(kept.hint, is_well=False, said=_NO_SITE.format(id=kept.id)) for kept in silent),
    ]


async def _clock(context: Context) -> Finding:
    """Look whether whoever wrote to the database last has the same time."""
    newest = await context.store.read(event_rows.newest)
    ahead = 0 if newest is None else newest - context.world.seconds()
    if ahead > _AHEAD_SECONDS_MAX:
        said = f"the database was written to {ahead} s from now; set this machine's clock by NTP"
        return Finding("clock", is_well=False, said=said)
    return Finding("clock", is_well=True, said="is not behind the database")


async def _endpoints(context: Context) -> Finding:
    """Look whether webhook endpoints take what they are told."""
    failing = await context.store.read(lambda tx: delivery_rows.failing(tx, attempts=_IN_VAIN))
    if failing:
        told = ", ".join(f"{endpoint} ({count})" for endpoint, count in failing)
        said = f"told in vain, with how much waits: {told}; `linkspan events attempts` shows why"
        return Finding("webhooks", is_well=False, said=said)
    return Finding("webhooks", is_well=True, said="no endpoint is told in vain")


def _disk(database: SqliteDatabase) -> Finding:
    """Look whether a database in a file has room to grow by half, and to be backed up beside itself."""
    file = Path(database.path or "")
    free, wanted = shutil.disk_usage(file.absolute().parent).free, max(_FREE_BYTES, file.stat().st_size)
    said = f"{free // _MEGABYTE} MB free beside {file.name}"
    if free < wanted:
        said += f", and less than {wanted // _MEGABYTE} MB is too little; make room or move it"
    return Finding("disk", is_well=free >= wanted, said=said)


async def _look_at_banks(report: list[Finding], path: Path, allowed: Sequence[str]) -> None:
    """Look whether every bank can be reached, and whether its clock agrees with ours."""
    egress = _noted(report, "allowed banks", lambda: read_egress("--allow-bank", allowed))
    text = _noted(report, "institutions", lambda: read_text("--institutions", path))
    if egress is None or text is None:
        return
    async with Network(egress, timeout_seconds=_BANK_SECONDS) as network:
        connectors = connectors_over(NetworkTransport(network), real_world())
        try:
            found = read_institutions(text, connectors)
        except InvalidInstitution as problem:
            report.append(Finding("institutions", is_well=False, said=f"--institutions: {problem}"))
            return
        asked = [(bank, url) for bank in found for url in connectors[bank.connector].called(bank)]
        report += await asyncio.gather(*(_answer(network, bank.id, url) for bank, url in asked))


async def _answer(network: Network, bank: str, url: str) -> Finding:
    """Ask an address of a bank, without credentials: any answer at all is one."""
    try:
        answer = await network.send(Request(method="GET", url=url))
    except Refused as refused:
        said = f"{refused}; if it is meant, `--allow-bank {urlsplit(url).hostname}` allows it"
        return Finding(bank, is_well=False, said=said)
    except OutboundFailure as failure:
        return Finding(bank, is_well=False, said=str(failure))
    ahead = _seconds_ahead(answer.headers.get("date"))
    if abs(ahead) > _AHEAD_SECONDS_MAX:
        said = f"its clock says {ahead:+.0f} s from what this machine's does; set this one by NTP"
        return Finding(bank, is_well=False, said=said)
    return Finding(bank, is_well=True, said=f"{urlsplit(url).netloc} answers")


def _seconds_ahead(date: str | None) -> float:
    """Return how far ahead of ours the clock is that wrote a ``Date`` header; 0 where there is none."""
    try:
        return 0.0 if date is None else parsedate_to_datetime(date).timestamp() - time.time()
    except ValueError:
        return 0.0


def _show(report: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        facts = [{"what": one.what, "is_well": one.is_well, "said": one.said} for one in report]
        typer.echo(json.dumps(facts, indent=2))
        return
    for one in report:
        typer.echo(f"{'well' if one.is_well else 'ILL'}  {one.what:<16}  {one.said}")
