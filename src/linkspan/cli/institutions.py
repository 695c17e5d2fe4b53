"""``linkspan institutions``: the directory that people search for their bank in."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, TextIO, TypeAlias

import typer

from linkspan.cli.opening import open_institutions, operate, read_text
from linkspan.cli.options import AsJsonOption, DatabaseOption
from linkspan.server.config import BadSetting
from linkspan.server.connectors.http import Request, Response
from linkspan.server.connectors.registry import connectors_over
from linkspan.server.core.catalog import Row
from linkspan.server.core.health import WELL, Health
from linkspan.server.operations import health, institution_imports
from linkspan.server.operations.context import Context
from linkspan.server.operations.institution_imports import BadFile, Changes, Format
from linkspan.server.operations.institutions import catalog

app: Final = typer.Typer(
    name="institutions",
    help="Import, list and search the institutions that people may search for.",
    no_args_is_help=True,
)

_Configured: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--institutions",
        help="TOML file of the banks to link to, to see them too.",
        envvar="LINKSPAN_INSTITUTIONS",
    ),
]
_FOUND_MAX: Final = 20


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The file to import.", metavar="FILE")],
    format_: Annotated[Format, typer.Option("--format", help="What kind of file it is.")],
    database: DatabaseOption,
    source: Annotated[
        str | None,
        typer.Option(help="What its institutions are known to come from; by default the name of the format."),
    ] = None,
    encoding: Annotated[str, typer.Option(help="How its text is encoded.")] = "utf-8-sig",
    *,
    delete_gone: Annotated[
        bool, typer.Option("--delete-gone", help="Delete what the file has no more, instead of marking it.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would change, and change nothing.")
    ] = False,
    as_json: AsJsonOption = False,
) -> None:
    """Bring the directory in line with a file of the FDIC, the NCUA or your own: all of it, or nothing."""
    with _refusing():
        open_ = partial(_open, file, encoding)
        open_().close()
        work = partial(
            institution_imports.import_,
            format_=format_,
            open_=open_,
            source=source or format_,
            deletes_gone=delete_gone,
            is_rehearsal=dry_run,
        )
        changes = operate(database, work, may_be_new=True)
    _show_changes(changes, is_rehearsal=dry_run, are_deleted=delete_gone, as_json=as_json)


@app.command("list")
def list_(
    database: DatabaseOption, institutions: _Configured = None, *, as_json: AsJsonOption = False
) -> None:
    """Print all that people may search for, those they can link at first, and how well these answer."""
    with _refusing():
        rows, known = operate(database, lambda context: _all(context, institutions))
    _show(rows, known, as_json=as_json)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="As a person types it.", metavar="QUERY")],
    database: DatabaseOption,
    institutions: _Configured = None,
    country: Annotated[
        str | None, typer.Option(help="Only those that serve this country, such as US.")
    ] = None,
    *,
    as_json: AsJsonOption = False,
) -> None:
    """Print what the modal would show for a query, in its order."""
    with _refusing():

        async def work(context: Context) -> tuple[Sequence[Row], dict[str, Health]]:
            full = await _with_configured(context, institutions)
            found = (await catalog(full)).find(query, most=_FOUND_MAX, country=country)
            return found, await _known(full)

        rows, known = operate(database, work)
    _show(rows, known, as_json=as_json)


@app.command()
def show(
    institution: Annotated[str, typer.Argument(help="Such as fcinst_fdic_628.", metavar="ID")],
    database: DatabaseOption,
    institutions: _Configured = None,
    *,
    as_json: AsJsonOption = False,
) -> None:
    """Print all that is known of one institution."""
    with _refusing():
        rows, known = operate(database, lambda context: _all(context, institutions))
        row = next((one for one in rows if one.listed.id == institution), None)
        if row is None:
            raise BadSetting(f"ID: there is no institution {institution}")
    facts = _facts(row, known)
    if as_json:
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    for name, value in facts.items():
        if value not in (None, [], ""):
            typer.echo(f"{name:<16} {', '.join(value) if isinstance(value, list) else value}")


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (BadSetting, BadFile) as problem:
        typer.echo(f"linkspan institutions: {problem}", err=True)
        raise typer.Exit(2) from None


def _open(path: Path, encoding: str) -> TextIO:
    try:
        return path.open(encoding=encoding, newline="")
    except OSError as problem:
        raise BadSetting(f"FILE: {path} cannot be read: {problem.strerror}") from None
    except LookupError:
        raise BadSetting(f"--encoding: there is no encoding {encoding}") from None


class _Unplugged:
    """Connectors without a network: they say how one signs in, and are asked nothing else."""

    async def send(self, request: Request) -> Response:
        raise RuntimeError(f"asked {request.url} where nobody is to be asked")


async def _with_configured(context: Context, path: Path | None) -> Context:
    if path is None:
        return context
    connectors = connectors_over(_Unplugged(), context.world)
    institutions = open_institutions(read_text("--institutions", path), connectors)
    return replace(context, institutions=institutions, connectors=connectors)


async def _all(context: Context, path: Path | None) -> tuple[Sequence[Row], dict[str, Health]]:
    full = await _with_configured(context, path)
    return (await catalog(full)).rows, await _known(full)


async def _known(context: Context) -> dict[str, Health]:
    """Return how well institutions answer in live mode."""
    return dict(await context.store.read(lambda tx: health.of_all(tx, context, health.EVERYBODY)))


def _show(rows: Sequence[Row], known: dict[str, Health], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_facts(row, known) for row in rows], indent=2, ensure_ascii=False))
        return
    for row in rows:
        health_of = known.get(row.listed.id, WELL)
        state = _state(health_of) if row.is_linkable else "search only"
        about = ", ".join(filter(None, (row.listed.place, *row.listed.domains[:1])))
        typer.echo("  ".join(filter(None, (row.listed.id, row.listed.name, state, about))))


def _state(known: Health) -> str:
    back = "" if known.back_at is None else f", expected back {_at(known.back_at)}"
    return f"{known.status}{back}"


def _facts(row: Row, known: dict[str, Health]) -> dict[str, Any]:
    """Return what is known of an institution; how well it answers only where people can link."""
    one, health_of = row.listed, known.get(row.listed.id, WELL)
    return {
        "id": one.id,
        "name": one.name,
        "linkable": row.is_linkable,
        "status": health_of.status if row.is_linkable else None,
        "back_at": health_of.back_at,
        "sign_in": one.sign_in,
        "takes_seconds": health_of.takes_seconds or one.takes_seconds,
        "aliases": list(one.aliases),
        "countries": list(one.countries),
        "domains": list(one.domains),
        "routing_numbers": list(one.routing_numbers),
        "place": one.place,
        "has_logo": one.logo is not None,
        "size": one.size,
    }


def _show_changes(changes: Changes, *, is_rehearsal: bool, are_deleted: bool, as_json: bool) -> None:
    gone = "deleted" if are_deleted else "gone"
    parts = {"added": changes.added, "updated": changes.updated, gone: changes.gone}
    if as_json:
        facts = {name: list(ids) for name, ids in parts.items()}
        typer.echo(json.dumps({**facts, "unchanged": changes.unchanged, "dry_run": is_rehearsal}, indent=2))
        return
    if is_rehearsal:
        for name, ids in parts.items():
            for one in ids:
                typer.echo(f"{name:<8} {one}")
    counts = ", ".join(f"{len(ids)} {name}" for name, ids in parts.items())
    typer.echo(f"{'Would be: ' if is_rehearsal else ''}{counts}, {changes.unchanged} unchanged")


def _at(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
