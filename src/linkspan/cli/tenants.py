"""``linkspan tenants``: whose keys a database has, and which version of the API each speaks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import typer

from linkspan.cli.opening import carry_out, operate, read_version
from linkspan.cli.options import AsJsonOption, DatabaseOption
from linkspan.server.config import BadSetting
from linkspan.server.core.refusals import Refusal
from linkspan.server.core.scope import Scope
from linkspan.server.operations import deletions, tenants
from linkspan.server.operations.context import Context
from linkspan.server.operations.tenants import Tenant
from linkspan.server.store.driver import Tx

app: Final = typer.Typer(
    name="tenants",
    help="List the tenants of a database, and choose the API version each speaks.",
    no_args_is_help=True,
)


@app.command("list")
def list_(database: DatabaseOption, *, as_json: AsJsonOption = False) -> None:
    """Print every tenant that has, or had, a key."""
    with _refusing():
        found = carry_out(database, lambda tx, _: tenants.list_(tx))
    if as_json:
        typer.echo(json.dumps([_facts(tenant) for tenant in found], indent=2))
        return
    for tenant in found:
        typer.echo(_line(tenant))


@app.command()
def version(
    tenant: Annotated[str, typer.Argument(metavar="TENANT", help="As `linkspan tenants list` shows it.")],
    api_version: Annotated[str, typer.Argument(metavar="VERSION", help="Such as 2026-10-28.endive.")],
    database: DatabaseOption,
    *,
    live: Annotated[bool, typer.Option("--live", help="In live mode instead of test mode.")] = False,
    as_json: AsJsonOption = False,
) -> None:
    """Choose the version of a tenant's requests that name none."""
    with _refusing():
        checked = read_version("VERSION", api_version)
        scope = Scope(tenant, livemode=live)
        chosen = carry_out(database, lambda tx, _: tenants.choose_version(tx, scope, checked))
    typer.echo(json.dumps(_facts(chosen)) if as_json else _line(chosen))


@app.command()
def delete(
    tenant: Annotated[str, typer.Argument(metavar="TENANT", help="As `linkspan tenants list` shows it.")],
    database: DatabaseOption,
    *,
    live: Annotated[bool, typer.Option("--live", help="In live mode instead of test mode.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJsonOption = False,
) -> None:
    """End a tenant's keys and permissions in one mode, and erase all that is kept for it."""
    scope = Scope(tenant, livemode=live)
    with _refusing():
        if not yes:
            mode = "live" if live else "test"
            typer.confirm(f"Erase everything of {tenant} in {mode} mode?", abort=True, err=True)
        waiting = operate(database, lambda context: _delete(context, scope))
    if as_json:
        typer.echo(json.dumps({"tenant": tenant, "livemode": live, "banks_to_tell": waiting}))
        return
    typer.echo(f"{tenant} is erased, but for {waiting} permissions that banks are still to be told of.")
    typer.echo("`linkspan purge` leaves nothing of it in the files.")


async def _delete(context: Context, scope: Scope) -> int:
    """Erase a tenant; return how many banks are still to be told of a permission's end."""

    async def begin(tx: Tx) -> None:
        await tenants.check(tx, scope)
        await deletions.delete_tenant(tx, context, scope)

    await context.store.write(begin)
    await deletions.carry_out(context)
    return await context.store.read(lambda tx: deletions.left_of(tx, scope))


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what cannot be done."""
    try:
        yield
    except (BadSetting, Refusal) as problem:
        typer.echo(f"linkspan tenants: {problem}", err=True)
        raise typer.Exit(2) from None


def _line(tenant: Tenant) -> str:
    mode = "live" if tenant.scope.livemode else "test"
    spoken = tenant.version or "the server's version"
    return f"{tenant.scope.tenant}  {mode}  {spoken}"


def _facts(tenant: Tenant) -> dict[str, Any]:
    return {
        "tenant": tenant.scope.tenant,
        "livemode": tenant.scope.livemode,
        "api_version": tenant.version,
    }
