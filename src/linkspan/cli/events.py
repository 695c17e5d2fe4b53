"""``linkspan trigger`` and ``linkspan events``: events made, told and traced by hand."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

from linkspan.cli.calling import HERE, KEY, ApiBase, ApiKey, calling
from linkspan.objects import Event

app: Final = typer.Typer(
    name="events", help="Tell of events once more, and see how they were told.", no_args_is_help=True
)


def trigger(
    type_: Annotated[
        str, typer.Argument(metavar="TYPE", help="Such as financial_connections.account.created.")
    ],
    override: Annotated[
        list[str] | None,
        typer.Option(help="A member of the object as PATH=VALUE, such as status=inactive; may be repeated."),
    ] = None,
    api_key: ApiKey = KEY,
    api_base: ApiBase = HERE,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the event as one JSON line.")] = False,
) -> None:
    """Tell of something that did not happen, in test mode, to see what a program does when it does."""
    overrides = _overrides(override or ())
    with calling("trigger", api_key, api_base) as client:
        event = client.events.trigger(type_, override=overrides or None)
    _print(event, as_json=as_json)


@app.command()
def resend(
    event: Annotated[str, typer.Argument(metavar="ID", help="The event, evt_….")],
    webhook_endpoint: Annotated[
        str | None, typer.Option(help="The endpoint to tell, we_…; all that were told or listen by default.")
    ] = None,
    api_key: ApiKey = KEY,
    api_base: ApiBase = HERE,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the event as one JSON line.")] = False,
) -> None:
    """Have webhook endpoints told of an event once more."""
    with calling("events resend", api_key, api_base) as client:
        resent = client.events.retry(event, webhook_endpoint=webhook_endpoint)
    _print(resent, as_json=as_json)


@app.command()
def attempts(
    event: Annotated[str, typer.Argument(metavar="ID", help="The event, evt_….")],
    api_key: ApiKey = KEY,
    api_base: ApiBase = HERE,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line for each attempt.")] = False,
) -> None:
    """Show every attempt to tell webhook endpoints of an event."""
    with calling("events attempts", api_key, api_base) as client:
        made = client.events.list_attempts(event)
    for attempt in made:
        if as_json:
            typer.echo(json.dumps(attempt.to_dict()))
            continue
        at = datetime.fromtimestamp(attempt.created, UTC).isoformat(timespec="seconds")
        outcome = attempt.problem or attempt.http_status
        typer.echo(f"{at}  {attempt.webhook_endpoint}  {outcome}  {attempt.milliseconds} ms")


def _overrides(said: Sequence[str]) -> dict[str, Any]:
    """Return ``a.b=c`` as ``{"a": {"b": "c"}}``."""
    overrides: dict[str, Any] = {}
    for one in said:
        path, sign, value = one.partition("=")
        *parents, last = path.split(".")
        if not (sign and all((*parents, last))):
            raise typer.BadParameter(
                f"{one!r} is not PATH=VALUE, such as status=inactive", param_hint="--override"
            )
        inner = overrides
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value
    return overrides


def _print(event: Event, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(event.to_dict()))
    else:
        waiting = f"{event.pending_webhooks} webhook endpoints wait for it"
        typer.echo(f"{event.id}  {event.type}  {waiting}")
