"""What whoever tests with a development server asks it for: to let time pass, to link in a person's place."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias, cast, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from linkspan.server.control.clock import MovedClock
from linkspan.server.control.completing import Failure, Visitor, Wish, complete
from linkspan.server.control.forms import read_form
from linkspan.server.core.refusals import BadParameter, MissingParameter
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context

FindScope: TypeAlias = Callable[[Request], Awaitable[Scope]]
"""Returns whose data a request is about, or refuses whoever brings no API key."""

CatchUp: TypeAlias = Callable[[], Awaitable[None]]
"""Does all background work that is due by now."""

PREFIX: Final = "/_linkspan/"
_SECONDS_MAX: Final = 400 * 24 * 60 * 60
_CATCH_UP_SECONDS_MAX: Final = 10.0
_FAILURES: Final = frozenset(get_args(Failure))
# Who signs in where nobody is named: somebody with a checking and a savings account.
_PERSON: Final = "sam"
_WISHED: Final = frozenset({"institution", "person", "accounts", "kind", "failure"})


@dataclass(frozen=True, slots=True)
class Controls:
    """What a development server has beside its parts."""

    clock: MovedClock
    visitor: Visitor


def create_control(context: Context, controls: Controls, find_scope: FindScope, catch_up: CatchUp) -> Router:
    """Return the application that answers below `PREFIX`."""
    clock, visitor = controls.clock, controls.visitor
    return Router(
        [
            Route(f"{PREFIX}clock", partial(_read, context, find_scope), methods=["GET"]),
            Route(
                f"{PREFIX}clock", partial(_advance, context, clock, find_scope, catch_up), methods=["POST"]
            ),
            Route(
                f"{PREFIX}sessions/{{session}}/complete",
                partial(_complete, context, visitor, find_scope),
                methods=["POST"],
            ),
        ]
    )


async def _read(context: Context, find_scope: FindScope, request: Request) -> Response:
    """Say what time it is here."""
    await find_scope(request)
    return _told(context)


async def _advance(
    context: Context, clock: MovedClock, find_scope: FindScope, catch_up: CatchUp, request: Request
) -> Response:
    """Let ``advance`` seconds pass, and answer when what fell due has been done.

    What is due before is done before, so that no lease runs out under who works.
    The clock is one for all keys, and goes on from where it was moved to. It is
    never set back: what was written down is not undone.
    """
    await find_scope(request)
    seconds = _seconds(dict(await read_form(request, {"advance"})))
    await _caught_up(catch_up)
    clock.advance(seconds)
    context.changes.tell_everyone()
    await _caught_up(catch_up)
    return _told(context)


async def _complete(context: Context, visitor: Visitor, find_scope: FindScope, request: Request) -> Response:
    """Complete a Session of the caller's as a person would, and say how it ended."""
    scope = await find_scope(request)
    wish = _wish(await read_form(request, _WISHED))
    session, request_id = request.path_params["session"], request.state.request_id
    return _json(await complete(context, scope, session, wish, visitor, request_id=request_id))


async def _caught_up(catch_up: CatchUp) -> None:
    """Wait for work that is due, though not for an endpoint that hangs."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_CATCH_UP_SECONDS_MAX):
            await catch_up()


def _seconds(form: Mapping[str, str]) -> int:
    if "advance" not in form:
        raise MissingParameter("advance")
    text = form["advance"]
    seconds = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(_SECONDS_MAX)) else 0
    if not 1 <= seconds <= _SECONDS_MAX:
        raise BadParameter(
            f"advance must be a whole number of seconds from 1 to {_SECONDS_MAX}.",
            param="advance",
            code="parameter_invalid_integer",
        )
    return seconds


def _wish(pairs: list[tuple[str, str]]) -> Wish:
    one = dict(pairs)
    failure = one.get("failure") or None
    if failure is not None and failure not in _FAILURES:
        raise BadParameter(f"Invalid failure: must be one of {', '.join(sorted(_FAILURES))}", param="failure")
    return Wish(
        institution=one.get("institution") or None,
        person=one.get("person") or _PERSON,
        accounts=tuple(value for name, value in pairs if name == "accounts"),
        kind=one.get("kind") or None,
        failure=cast("Failure | None", failure),
    )


def _told(context: Context) -> Response:
    return _json({"object": "linkspan.clock", "now": context.world.seconds()})


def _json(told: Mapping[str, Any]) -> Response:
    return Response(msgspec.json.encode(told), headers={"content-type": "application/json"})
