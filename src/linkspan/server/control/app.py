"""Lets whoever tests with a development server read its clock and move it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from linkspan.server.control.clock import MovedClock
from linkspan.server.core.refusals import BadParameter
from linkspan.server.operations.context import Context

CheckKey: TypeAlias = Callable[[Request], Awaitable[None]]
"""Refuses whoever brings no API key."""

CatchUp: TypeAlias = Callable[[], Awaitable[None]]
"""Does all background work that is due by now."""

PREFIX: Final = "/_linkspan/"
_SECONDS_MAX: Final = 400 * 24 * 60 * 60
_BODY_BYTES_MAX: Final = 1_024
_CATCH_UP_SECONDS_MAX: Final = 10.0


def create_control(context: Context, clock: MovedClock, check_key: CheckKey, catch_up: CatchUp) -> Router:
    """Return the application that answers below `PREFIX`."""
    return Router(
        [
            Route(f"{PREFIX}clock", partial(_read, context, check_key), methods=["GET"]),
            Route(f"{PREFIX}clock", partial(_advance, context, clock, check_key, catch_up), methods=["POST"]),
        ]
    )


async def _read(context: Context, check_key: CheckKey, request: Request) -> Response:
    """Say what time it is here."""
    await check_key(request)
    return _shown(context)


async def _advance(
    context: Context, clock: MovedClock, check_key: CheckKey, catch_up: CatchUp, request: Request
) -> Response:
    """Let ``advance`` seconds pass, and answer when what fell due has been done.

    What is due before is done before, so that no lease runs out under who works.
    The clock is one for all keys, and goes on from where it was moved to. It is
    never set back: what was written down is not undone.
    """
    await check_key(request)
    seconds = _seconds(await _form(request))
    await _caught_up(catch_up)
    clock.advance(seconds)
    context.changes.tell_everyone()
    await _caught_up(catch_up)
    return _shown(context)


async def _caught_up(catch_up: CatchUp) -> None:
    """Wait for work that is due, though not for an endpoint that hangs."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_CATCH_UP_SECONDS_MAX):
            await catch_up()


async def _form(request: Request) -> dict[str, str]:
    """Return the parameters of a form, unread where it is longer than any that is good."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _BODY_BYTES_MAX:
            raise BadParameter("Send one number of seconds.", param="advance")
    return dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))


def _seconds(form: dict[str, str]) -> int:
    for name in form:
        if name != "advance":
            raise BadParameter(f"Received unknown parameter: {name}", param=name, code="parameter_unknown")
    if "advance" not in form:
        raise BadParameter("Missing required param: advance.", param="advance", code="parameter_missing")
    text = form["advance"]
    seconds = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(_SECONDS_MAX)) else 0
    if not 1 <= seconds <= _SECONDS_MAX:
        raise BadParameter(
            f"advance must be a whole number of seconds from 1 to {_SECONDS_MAX}.",
            param="advance",
            code="parameter_invalid_integer",
        )
    return seconds


def _shown(context: Context) -> Response:
    told = {"object": "linkspan.clock", "now": context.world.seconds()}
    return Response(msgspec.json.encode(told), headers={"content-type": "application/json"})
