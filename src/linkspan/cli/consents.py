"""``linkspan consents``: what end users agreed to, for whoever has to show it."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, TextIO, TypeAlias

import msgspec
import typer

from linkspan.cli.opening import operate
from linkspan.cli.options import DatabaseOption
from linkspan.server.config import BadSetting
from linkspan.server.core.consent import Consent
from linkspan.server.core.scope import Scope
from linkspan.server.operations import consents
from linkspan.server.operations.context import Context

app: Final = typer.Typer(
    name="consents", help="What end users agreed to: who, when, until when and in which words."
)

Write: TypeAlias = Callable[[Scope, Consent], None]

_AT_ONCE: Final = 500
_COLUMNS: Final = (
    "id",
    "tenant",
    "mode",
    "holder",
    "session",
    "merchant",
    "institution",
    "institution_name",
    "permissions",
    "authorization",
    "accounts",
    "agreed_at",
    "until",
    "ended_at",
    "ended_because",
    "language",
    "version",
    "words",
)
# Spreadsheets carry out what begins like this (OWASP, "CSV Injection").
_CARRIED_OUT: Final = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSONL = "jsonl"


@app.callback()
def _consents() -> None:
    """Keep the verb a word of its own, also while there is one."""


@app.command()
def export(
    database: DatabaseOption,
    file: Annotated[
        Path | None, typer.Option("--output", help="File to write; standard output by default.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="One line each, or a table.")] = Format.JSONL,
    tenant: Annotated[str | None, typer.Option(help="Only those of one tenant, acct_….")] = None,
) -> None:
    """Write every consent, in use and ended, the oldest of each tenant first."""
    try:
        with _opened(file) as out:
            write = _WRITERS[form](out)
            operate(database, lambda context: _export(context, write, tenant))
    except BadSetting as problem:
        typer.echo(f"linkspan consents: {problem}", err=True)
        raise typer.Exit(2) from None


async def _export(context: Context, write: Write, tenant: str | None) -> None:
    """Write consents a part at a time, so that neither memory nor the database is held."""
    after = consents.FIRST
    while found := await context.store.read(
        partial(consents.page, context=context, after=after, limit=_AT_ONCE)
    ):
        for scope, consent in found:
            if tenant in {None, scope.tenant}:
                write(scope, consent)
        scope, last = found[-1]
        after = (scope, last.id)


@contextmanager
def _opened(file: Path | None) -> Iterator[TextIO]:
    if file is None:
        yield sys.stdout
        return
    try:
        out = file.open("x", encoding="utf-8", newline="")
    except FileExistsError:
        raise BadSetting(f"--output: {file} exists; an export overwrites nothing") from None
    except OSError as problem:
        raise BadSetting(f"--output: {file} cannot be written: {problem.strerror}") from None
    with out:
        yield out


def _lines(out: TextIO) -> Write:
    def write(scope: Scope, consent: Consent) -> None:
        facts = {"tenant": scope.tenant, "livemode": scope.livemode, **msgspec.to_builtins(consent)}
        out.write(f"{json.dumps(facts, ensure_ascii=False)}\n")

    return write


def _table(out: TextIO) -> Write:
    rows = csv.DictWriter(out, _COLUMNS)
    rows.writeheader()

    def write(scope: Scope, consent: Consent) -> None:
        rows.writerow({name: _cell(value) for name, value in _row(scope, consent).items()})

    return write


_WRITERS: Final[Mapping[Format, Callable[[TextIO], Write]]] = {Format.CSV: _table, Format.JSONL: _lines}


def _row(scope: Scope, consent: Consent) -> dict[str, Any]:
    return {
        **{name: getattr(consent, name, None) for name in _COLUMNS},
        "tenant": scope.tenant,
        "mode": "live" if scope.livemode else "test",
        "permissions": " ".join(consent.permissions),
        "accounts": " ".join(_account(one.id, one.ended_at) for one in consent.accounts),
        "agreed_at": _at(consent.agreed_at),
        "until": _at(consent.until),
        "ended_at": _at(consent.ended_at),
        "language": consent.words.language,
        "version": consent.words.version,
        "words": consent.words.text,
    }


def _account(account_id: str, ended_at: int | None) -> str:
    return account_id if ended_at is None else f"{account_id}(ended {_at(ended_at)})"


def _at(seconds: int | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_CARRIED_OUT) else text
