"""``linkspan keys``: the API keys that `linkspan serve` takes."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeAlias

import typer

from linkspan.cli.opening import carry_out
from linkspan.cli.options import AsJsonOption, DatabaseOption
from linkspan.server.config import (
    BadSetting,
    read_duration,
    read_networks,
)
from linkspan.server.core.api_key import ApiKey, Kind
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import Refusal
from linkspan.server.core.scope import Scope
from linkspan.server.operations import keys
from linkspan.server.operations.context import Context
from linkspan.server.operations.keys import NewKey
from linkspan.server.store.driver import Tx

app: Final = typer.Typer(
    name="keys", help="Create, list, roll and revoke the API keys of a database.", no_args_is_help=True
)

_KeyId: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="As `linkspan keys list` shows it.")]

_TENANT: Final = re.compile(r"acct_[A-Za-z0-9]{1,64}")
_NEW_TENANT: Final = "new"
# What operations call a parameter, and what it is called here.
_OPTIONS: Final = {"rights": "--right", "addresses": "--address", "origins": "ORIGIN", "key": "ID"}


@app.command()
def create(
    database: DatabaseOption,
    kind: Annotated[Kind, typer.Option(help="What the key is for.")] = Kind.SECRET,
    tenant: Annotated[
        str | None,
        typer.Option(help="Whose key it is: acct_…, or `new`; by default the only tenant there is."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What it is used for, to tell it from others.")] = None,
    right: Annotated[
        list[str] | None,
        typer.Option(help="What a restricted key may do, such as customer_read; may be repeated."),
    ] = None,
    address: Annotated[
        list[str] | None,
        typer.Option(help="Where it may be used from, such as 192.0.2.0/24; may be repeated."),
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            help="A site that may show the modal with a publishable key: https://shop.example; repeatable."
        ),
    ] = None,
    expires_in: Annotated[
        str | None, typer.Option(help="How long it is good: 90m, 24h, 7d. Until revoked by default.")
    ] = None,
    *,
    live: Annotated[bool, typer.Option("--live", help="A key of live mode instead of test mode.")] = False,
    as_json: AsJsonOption = False,
) -> None:
    """Make a key and print it, this one time."""
    with _refusing():
        networks = read_networks("--address", address or ())
        seconds = None if expires_in is None else read_duration("--expires-in", expires_in)

        async def work(tx: Tx, context: Context) -> NewKey:
            scope = Scope(await _tenant(tx, context, tenant), livemode=live)
            return await keys.create(
                tx,
                context,
                scope,
                kind,
                name=name,
                rights=right or (),
                addresses=networks,
                origins=origin or (),
                seconds=seconds,
            )

        made = carry_out(database, work, may_be_new=True)
    _show_new(made, None, as_json=as_json)


@app.command("list")
def list_(database: DatabaseOption, *, as_json: AsJsonOption = False) -> None:
    """Print every key there is, without the key itself."""
    with _refusing():
        found = carry_out(database, lambda tx, _: keys.list_(tx))
    if as_json:
        typer.echo(json.dumps([_facts(key) for key in found], indent=2))
        return
    for key in found:
        typer.echo("  ".join(filter(None, (key.id, key.hint, key.scope.tenant, _state(key), key.name))))
        for line in (
            *sorted(key.rights),
            *(f"from {network}" for network in key.addresses),
            *(f"shown at {site}" for site in key.origins),
        ):
            typer.echo(f"    {line}")


@app.command()
def roll(
    key_id: _KeyId,
    database: DatabaseOption,
    expires_in: Annotated[
        str, typer.Option(help="How long the old key stays good: 0s, 90m, 24h, 7d.")
    ] = "24h",
    *,
    as_json: AsJsonOption = False,
) -> None:
    """Make a key that opens what another one does, which ends after a while."""
    with _refusing():
        seconds = read_duration("--expires-in", expires_in)
        made, old = carry_out(database, lambda tx, context: keys.roll(tx, context, key_id, seconds=seconds))
    _show_new(made, old, as_json=as_json)


@app.command()
def revoke(key_id: _KeyId, database: DatabaseOption, *, as_json: AsJsonOption = False) -> None:
    """End a key: within a second no server takes it."""
    with _refusing():
        revoked = carry_out(database, lambda tx, context: keys.revoke(tx, context, key_id))
    typer.echo(json.dumps(_facts(revoked)) if as_json else f"{revoked.id}  {revoked.hint}  {_state(revoked)}")


@app.command()
def origins(
    key_id: _KeyId,
    database: DatabaseOption,
    sites: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ORIGIN]...", help="Such as https://shop.example or https://*.shop.example."),
    ] = None,
    *,
    as_json: AsJsonOption = False,
) -> None:
    """Print the sites that may show the modal with a publishable key, or list others in their place."""
    with _refusing():
        found = carry_out(database, lambda tx, _: _origins(tx, key_id, sites or []))
    if as_json:
        typer.echo(json.dumps(_facts(found)))
        return
    for site in found.origins or ("none: the key opens no modal yet",):
        typer.echo(site)


async def _origins(tx: Tx, key_id: str, sites: list[str]) -> ApiKey:
    return await keys.list_origins(tx, key_id, sites) if sites else await keys.find(tx, key_id)


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what cannot be done, by the name of the option."""
    try:
        yield
    except (BadSetting, Refusal) as problem:
        option = f"{_OPTIONS[problem.param or '']}: " if isinstance(problem, Refusal) else ""
        typer.echo(f"linkspan keys: {option}{problem}", err=True)
        raise typer.Exit(2) from None


async def _tenant(tx: Tx, context: Context, wanted: str | None) -> str:
    """Return whose key it shall be: who is named, the only one there is, or somebody new."""
    if wanted is not None and wanted != _NEW_TENANT:
        if _TENANT.fullmatch(wanted) is None:
            raise BadSetting(f"--tenant: must be acct_ with letters and digits, or {_NEW_TENANT}")
        return wanted
    known = sorted({key.scope.tenant for key in await keys.list_(tx)})
    if wanted == _NEW_TENANT or not known:
        return new_id("acct", context.world)
    if len(known) > 1:
        raise BadSetting(f"--tenant: must be one of {', '.join(known)}, or {_NEW_TENANT}")
    return known[0]


def _show_new(made: NewKey, replaced: ApiKey | None, *, as_json: bool) -> None:
    """Print a key that nobody will see again."""
    kept = made.kept
    if as_json:
        old = {} if replaced is None else {"replaces": _facts(replaced)}
        typer.echo(json.dumps({"key": made.text, **_facts(kept), **old}))
        return
    typer.echo(
        f"""
    Key      {made.text}
    Id       {kept.id}
    Tenant   {kept.scope.tenant}, {"live" if kept.scope.livemode else "test"} mode
    State    {_state(kept)}

  Store the key now: it is kept nowhere, and not shown again.
"""
    )
    if replaced is not None:
        typer.echo(f"  {replaced.hint}, which it replaces, is {_state(replaced)}.\n")


def _facts(key: ApiKey) -> dict[str, Any]:
    """Return what may be told of a key."""
    return {
        "id": key.id,
        "hint": key.hint,
        "kind": key.kind.value,
        "tenant": key.scope.tenant,
        "livemode": key.scope.livemode,
        "name": key.name,
        "rights": sorted(key.rights),
        "addresses": [str(network) for network in key.addresses],
        "origins": list(key.origins),
        "created": key.created,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
    }


def _state(key: ApiKey) -> str:
    """Return whether a key is good, and until when."""
    if key.revoked_at is not None:
        return f"revoked {_at(key.revoked_at)}"
    if key.expires_at is not None:
        return f"{'expired' if key.is_over(time.time()) else 'good until'} {_at(key.expires_at)}"
    return "good"


def _at(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
