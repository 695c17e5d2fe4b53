"""``linkspan clock``: reads the clock of a development server, and moves it."""

import json
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Annotated, Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import typer

from linkspan.cli.calling import HERE, KEY, ApiBase, ApiKey
from linkspan.server.config import BadSetting, read_duration

app: Final = typer.Typer(
    name="clock", help="Read the clock of a `linkspan dev`, and let time pass there.", no_args_is_help=True
)
_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON line.")]
# Longer than the server waits for work that fell due.
_SECONDS_MAX: Final = 30


@app.command()
def show(api_key: ApiKey = KEY, api_base: ApiBase = HERE, *, as_json: _AsJson = False) -> None:
    """Print what time it is there."""
    _print(_asked("show", api_key, api_base, None), as_json=as_json)


@app.command()
def advance(
    duration: Annotated[str, typer.Argument(metavar="DURATION", help="Such as 90s, 30m, 24h or 30d.")],
    api_key: ApiKey = KEY,
    api_base: ApiBase = HERE,
    *,
    as_json: _AsJson = False,
) -> None:
    """Let time pass there: what falls due meanwhile is done at once."""
    try:
        seconds = read_duration("DURATION", duration)
    except BadSetting as problem:
        typer.echo(f"linkspan clock advance: {problem}", err=True)
        raise typer.Exit(2) from None
    _print(_asked("advance", api_key, api_base, {"advance": str(seconds)}), as_json=as_json)


def _asked(verb: str, api_key: str, api_base: str, form: dict[str, str] | None) -> dict[str, Any]:
    """Return what the server answers; what it refuses is said in its words, with exit code 1."""
    body = None if form is None else urlencode(form).encode()
    headers = {"authorization": f"Bearer {api_key}"}
    try:
        request = Request(f"{api_base}/_linkspan/clock", body, headers)  # noqa: S310 - an operator's own address
        with urlopen(request, timeout=_SECONDS_MAX) as answer:  # noqa: S310 - the same
            told: dict[str, Any] = json.load(answer)
            return told
    except HTTPError as refused:
        problem = _said(refused)
    except (OSError, HTTPException, ValueError) as unanswered:
        problem = f"no development server answers at {api_base}: {unanswered}"
    typer.echo(f"linkspan clock {verb}: {problem}", err=True)
    raise typer.Exit(1)


def _said(refused: HTTPError) -> str:
    """Return a refusal in the server's words; only `linkspan dev` has a clock to move."""
    with refused:
        try:
            return str(json.load(refused)["error"]["message"])
        except (ValueError, KeyError, TypeError):
            return f"{refused.url} answers {refused.code}: only `linkspan dev` has a clock to move"


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told))
    else:
        typer.echo(datetime.fromtimestamp(told["now"], UTC).isoformat())
