"""``linkspan keys rotate-master`` and ``linkspan keys report``: which key opens what is sealed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
import typer

from linkspan.cli.opening import operate
from linkspan.cli.options import AsJsonOption, DatabaseOption
from linkspan.server.config import BadSetting
from linkspan.server.operations import key_uses, rotation
from linkspan.server.operations.context import Context
from linkspan.server.operations.key_uses import Report
from linkspan.server.operations.rotation import Passed
from linkspan.server.vault.sealed import CannotOpen


def rotate_master(
    database: DatabaseOption,
    *,
    data_keys: Annotated[
        bool, typer.Option("--data-keys", help="Give each tenant new data keys too, and seal all anew.")
    ] = False,
    as_json: AsJsonOption = False,
) -> None:
    """Put a database under LINKSPAN_MASTER_KEY, out of LINKSPAN_FORMER_MASTER_KEYS, while it is served."""

    async def work(context: Context) -> tuple[Passed, Report]:
        return await rotation.rotate(context, data_keys=data_keys), await key_uses.report(context)

    with _refusing():
        passed, found = operate(database, work)
    if as_json:
        typer.echo(json.dumps({**_facts(found), "replaced": passed.replaced}, indent=2))
    else:
        typer.echo(f"{passed.replaced} values were sealed anew.\n")
        _show(found)
    if passed.unreadable:
        typer.echo(
            f"linkspan keys: {passed.unreadable} values open with none of the keys given, and were left as "
            "they are; name their key in LINKSPAN_FORMER_MASTER_KEYS, and run this again",
            err=True,
        )
        raise typer.Exit(1)


def report(database: DatabaseOption, *, as_json: AsJsonOption = False) -> None:
    """Say what still uses which key, and change nothing."""
    with _refusing():
        found = operate(database, key_uses.report)
    if as_json:
        typer.echo(json.dumps(_facts(found), indent=2))
    else:
        _show(found)


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what cannot be done."""
    try:
        yield
    except BadSetting as problem:
        typer.echo(f"linkspan keys: {problem}", err=True)
        raise typer.Exit(2) from None
    except CannotOpen as problem:
        typer.echo(
            f"linkspan keys: {problem}; name it in LINKSPAN_FORMER_MASTER_KEYS, and run this again", err=True
        )
        raise typer.Exit(2) from None


def _facts(found: Report) -> dict[str, Any]:
    facts: dict[str, Any] = msgspec.to_builtins(found)
    return facts


def _show(found: Report) -> None:
    for master in found.masters:
        needed = [f"{master.data_keys} data keys"] if master.data_keys else []
        needed += [f"{master.values} values of the first format"] if master.values else []
        needed = ["everything new", *needed] if master.is_held_to else needed
        said = f"needed for {', '.join(needed)}" if needed else "needed for nothing; it may be forgotten"
        typer.echo(f"master key {master.id}  {said}{'' if master.is_here else '; NOT GIVEN'}")
    for one in found.generations:
        state = "seals" if one.is_current else "former"
        typer.echo(
            f"data keys {one.generation} ({state})  {one.data_keys}, {sum(one.values.values())} values"
        )
        for column, count in sorted(one.values.items()):
            typer.echo(f"    {column}  {count}")
    for column, count in sorted(found.orphans.items()):
        typer.echo(f"NO KEY for {count} values of {column}")
