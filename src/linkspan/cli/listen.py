"""``linkspan listen``: events brought to a program that nobody can reach from outside."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import Annotated, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import typer

from linkspan.cli.calling import HERE, KEY, ApiBase, ApiKey, calling
from linkspan.client import APIConnectionError, Client, InvalidRequestError
from linkspan.objects import Event, encode
from linkspan.webhooks import standard_headers, stripe_header

# Soon enough to feel at once, and two requests a second that cost a server nothing.
_ROUND_SECONDS: Final = 0.5
_PAGE: Final = 100
_ANSWER_SECONDS_MAX: Final = 20
_SECRET_BYTES: Final = 16


def listen(
    forward_to: Annotated[
        str | None,
        typer.Option(help="Where the program listens, such as localhost:4242/hook; by default nowhere."),
    ] = None,
    events: Annotated[str, typer.Option(help="The types to bring, separated by commas; * is all.")] = "*",
    api_key: ApiKey = KEY,
    api_base: ApiBase = HERE,
    *,
    print_secret: Annotated[bool, typer.Option(help="Print the signing secret alone, and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line for each thing.")] = False,
) -> None:
    """Bring new events to a program on this machine, signed as webhooks are, until Ctrl-C."""
    url = None if forward_to is None else _url(forward_to)
    secret = secret_of(api_key)
    if print_secret:
        typer.echo(secret)
        return
    types = [one.strip() for one in events.split(",")]
    with calling("listen", api_key, api_base) as client:
        watch = Watch(client, None if "*" in types else types)
        _say(f"Ready. Events are signed with {secret} (Ctrl-C to end)", as_json=as_json, secret=secret)
        try:
            for event in watch.events(time.sleep):
                outcome = "" if url is None else forward(event, url, secret, int(time.time()))
                line = f"{event.type} [{event.id}] {outcome}".rstrip()
                _say(line, as_json=as_json, event=event.id, type=event.type, outcome=outcome)
        except KeyboardInterrupt:
            pass


class Watch:
    """Sees every event from now on, once, in the order it became known."""

    def __init__(self, client: Client, types: Sequence[str] | None) -> None:
        self._client = client
        self._types = types
        self._last = self._newest()

    def events(self, pause: Callable[[float], None]) -> Iterator[Event]:
        """Yield events for ever, with a *pause* between two looks."""
        while True:
            for event in self._new():
                self._last = event.id
                if self._types is None or event.type in self._types:
                    yield event
            pause(_ROUND_SECONDS)

    def _newest(self) -> str | None:
        listed = self._client.events.list(limit=1).data
        return listed[0].id if listed else None

    def _new(self) -> list[Event]:
        """Return what came since the last look, oldest first; nothing while the server is away."""
        try:
            if self._last is None:
                return list(self._client.events.list(limit=_PAGE))[::-1]
            return list(self._client.events.list(ending_before=self._last, limit=_PAGE))
        except APIConnectionError:
            return []
        except InvalidRequestError as refused:
            if refused.param != "ending_before":
                raise
            # A server that keeps its objects in memory has begun anew.
            self._last = None
            return self._new()


def secret_of(api_key: str) -> str:
    """Return what `listen` signs with: the same for a key each time, so that it can be written down."""
    digest = blake2b(api_key.encode(), person=b"linkspan listen", digest_size=_SECRET_BYTES)
    return f"whsec_{digest.hexdigest()}"


def forward(event: Event, url: str, secret: str, timestamp: int) -> str:
    """Bring *event* to *url*; return its status, or why there is none."""
    body = encode(event)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": stripe_header(body, [secret], timestamp),
        **standard_headers(body, [secret], timestamp, message_id=event.id),
    }
    request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - checked in _url
    try:
        with _opener.open(request, timeout=_ANSWER_SECONDS_MAX) as answer:
            return str(answer.status)
    except HTTPError as answer:
        answer.close()
        return str(answer.code)
    except OSError as problem:
        return str(getattr(problem, "reason", problem))


class _NoRedirect(HTTPRedirectHandler):
    """Follows nothing: a redirect is an answer like any other."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Say that there is nothing to follow."""


_opener: Final = build_opener(_NoRedirect)


def _url(text: str) -> str:
    url = text if "://" in text else f"http://{text}"
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise typer.BadParameter(f"{text} is no http or https address", param_hint="--forward-to")
    return url


def _say(line: str, *, as_json: bool, **facts: str) -> None:
    typer.echo(json.dumps(facts) if as_json else line)
