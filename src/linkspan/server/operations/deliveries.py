"""Tells webhook endpoints of events, each as often as it takes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypedDict

import msgspec

from linkspan.objects import DeliveryAttempt, Event, EventRequest, WebhookEndpoint, decode_as, encode
from linkspan.server.core.caller import Caller
from linkspan.server.core.event_types import PING
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.core.version import is_preview
from linkspan.server.delivery.letter import letter
from linkspan.server.delivery.schedule import wait_seconds
from linkspan.server.delivery.verdict import Fate, Verdict, judged
from linkspan.server.operations import event_log, previews, pruning, thin_events, webhook_endpoints
from linkspan.server.operations.context import Context
from linkspan.server.operations.event_log import InVersion
from linkspan.server.operations.events import DELIVERY_BELL
from linkspan.server.outbound.exchange import Outbound, Request, Response
from linkspan.server.outbound.failures import OutboundFailure
from linkspan.server.store import deliveries as delivery_rows
from linkspan.server.store import delivery_attempts as attempt_rows
from linkspan.server.store import events as event_rows
from linkspan.server.store import webhook_endpoints as endpoint_rows
from linkspan.server.store.deliveries import Owed
from linkspan.server.store.delivery_attempts import Attempt
from linkspan.server.store.driver import Tx
from linkspan.server.store.events import Written
from linkspan.server.store.webhook_endpoints import Place
from linkspan.server.telemetry.log import Log

TIMEOUT_SECONDS: Final = 20.0
_ANSWER_BYTES_KEPT: Final = 1_024


class _Limits(TypedDict):
    timeout_seconds: float
    response_bytes_max: int
    cuts_answers: bool


TO_ENDPOINTS: Final[_Limits] = {
    "timeout_seconds": TIMEOUT_SECONDS,
    "response_bytes_max": _ANSWER_BYTES_KEPT,
    "cuts_answers": True,
}
"""How a `Network` treats endpoints: their status matters, and of the rest only the beginning."""

# Longer than an attempt may take: only a process that died lets a lease run out.
_LEASE_SECONDS: Final = 60
# Enough for an endpoint that answers in a tenth of a second to be told of a hundred events a second.
_AT_ONCE_MAX: Final = 10
# One that did not answer lately is asked with one request at a time.
_AT_ONCE_TO_THE_SLOW: Final = 1
AT_ONCE_IN_ALL: Final = 512


@dataclass(frozen=True, slots=True)
class _Written:
    """What an endpoint is sent, and the request of the API that it tells of."""

    request: Request
    caused_by: str | None
    """None where no request asked for what happened."""


class _Told(msgspec.Struct):
    """What of an event says who caused it."""

    request: EventRequest | None = None


_read_told: Final = msgspec.json.Decoder(_Told).decode


class Courier:
    """Carries what endpoints are owed.

    A delivery is leased in one transaction, sent in none, and settled in
    another. What was under way when the process died is due again when its
    lease has run out.
    """

    def __init__(self, outbound: Outbound, in_version: InVersion, log: Log) -> None:
        self._outbound = outbound
        self._in_version = in_version
        self._log = log
        self._slow: set[Place] = set()

    def at_once_to(self, endpoint: Place) -> int:
        """Return how many requests an endpoint may be sent at once."""
        return _AT_ONCE_TO_THE_SLOW if endpoint in self._slow else _AT_ONCE_MAX

    async def deliver(self, context: Context, owed: Owed) -> tuple[()]:
        """Make one attempt and write down what came of it, here and in a log line of its own."""
        written = await context.store.read(lambda tx: _written(tx, context, owed, self._in_version))
        if written is None:
            return ()  # the endpoint was disabled or deleted, or the event is too old
        began = context.world.now()
        verdict, response, problem = await self._send(context, written.request)
        seconds = context.world.now() - began
        attempt = Attempt(
            id=new_id("whatt", context.world),
            endpoint=owed.endpoint.id,
            created=int(began),
            milliseconds=int(seconds * 1000),
            status=None if response is None else response.status,
            problem=problem,
            answer=b"" if response is None else response.body[:_ANSWER_BYTES_KEPT],
        )
        outcome = await context.store.write(lambda tx: _write_down(tx, context, owed, attempt, verdict))
        context.metrics.attempt(outcome, seconds)
        (self._slow.add if response is None else self._slow.discard)(owed.endpoint)
        self._log.line(
            "delivery",
            request=written.caused_by,
            tenant=owed.scope.tenant,
            delivery=owed.event,
            endpoint=owed.endpoint.id,
            attempt=owed.attempts + 1,
            outcome=outcome,
            status=attempt.status,
            problem=problem,
            milliseconds=attempt.milliseconds,
        )
        return ()

    async def _send(self, context: Context, request: Request) -> tuple[Verdict, Response | None, str | None]:
        """Return what becomes of a delivery, with the answer or why there was none."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                response = await self._outbound.send(request)
        except (OutboundFailure, TimeoutError) as failure:
            problem = str(failure) or f"{request.host} did not answer in time"
            return Verdict(Fate.AGAIN), None, problem
        return judged(response, now=context.world.now()), response, None


async def waiting(tx: Tx, context: Context) -> list[Place]:
    """Return the endpoints that something is due to be sent to, everybody's."""
    return await endpoint_rows.waiting(tx, now=context.world.seconds())


async def claim(tx: Tx, context: Context, wanted: Mapping[Place, int]) -> list[Owed]:
    """Take what is due to each endpoint, so that no other process carries it as well."""
    now = context.world.seconds()
    until = now + _LEASE_SECONDS
    leased: list[Owed] = []
    for place, most in wanted.items():
        leased += await delivery_rows.lease(tx, place, now=now, until=until, limit=most)
    return leased


async def give_back(tx: Tx, context: Context, owed: Owed) -> None:
    """Let somebody else make an attempt that was broken off."""
    now = context.world.seconds()
    await delivery_rows.settle(tx, owed.scope, owed, status="pending", attempts=owed.attempts, due_at=now)


async def _written(tx: Tx, context: Context, owed: Owed, in_version: InVersion) -> _Written | None:
    """Return the request that tells an endpoint of an event, signed now."""
    signed = await endpoint_rows.get_secrets(tx, owed.endpoint.owner, owed.endpoint.id)
    found = await event_rows.get_written(tx, owed.scope, owed.event)
    if signed is None or found is None:
        return None
    event_type, event = found
    endpoint = decode_as(signed.doc, WebhookEndpoint)
    if event_type == PING or signed.payload != webhook_endpoints.SNAPSHOT:
        thin = thin_events.as_told(event_type, event)
        message, body = thin.id, thin_events.notification(thin)
    else:
        message = owed.event
        body = await _told(tx, context, owed.scope, event, endpoint.api_version, in_version)
    cause = _read_told(event.doc).request
    return _Written(
        letter(
            endpoint.url,
            body,
            await webhook_endpoints.live_secrets(tx, context, owed.endpoint, signed),
            event=message,
            timestamp=context.world.seconds(),
        ),
        caused_by=None if cause is None else cause.id,
    )


async def _told(
    tx: Tx, context: Context, scope: Scope, event: Written, asked_for: str | None, in_version: InVersion
) -> bytes:
    """Return an event in the version an endpoint asked for, or else in that of the event."""
    version = asked_for or event.api_version
    if version is None:
        return event.doc
    if is_preview(version) and event.previewed is None:  # nobody was told of it in a preview when it happened
        event = Written(event.doc, None, await previews.shown(tx, context, scope, event.doc))
    return event_log.turned(event, version, in_version)


async def _write_down(tx: Tx, context: Context, owed: Owed, attempt: Attempt, verdict: Verdict) -> str:
    """Keep the attempt, and what is to become of the delivery unless somebody else took it meanwhile.

    Returns the outcome as metrics and log lines say it: succeeded, failed, or pending until the next attempt.
    """
    await attempt_rows.insert(tx, owed.scope, owed.event, attempt)
    attempts, due_at = owed.attempts + 1, attempt.created
    status = "succeeded" if verdict.fate is Fate.TAKEN else "failed"
    if verdict.fate is Fate.AGAIN:
        chance = context.world.random_bytes(1)[0] / 255
        wait = wait_seconds(attempts, chance=chance, retry_after=verdict.retry_after)
        if wait is not None:
            status, due_at = "pending", context.world.seconds() + wait
    await delivery_rows.settle(tx, owed.scope, owed, status=status, attempts=attempts, due_at=due_at)
    if verdict.fate is Fate.GONE:
        await webhook_endpoints.disable(tx, context, owed.endpoint.owner, owed.endpoint.id)
    return status


async def resend(tx: Tx, context: Context, caller: Caller, event_id: str, *, endpoint: str | None) -> None:
    """Owe an event once more: to *endpoint*, or to everybody who was owed it or listens now."""
    scope, now = caller.scope, context.world.seconds()
    event = await event_log.find(tx, scope, event_id)
    if endpoint is None:
        platform = await context.platforms.of(tx, scope)
        event_type = decode_as(event.doc, Event).type
        listening = await webhook_endpoints.listening(tx, scope, event_type, platform=platform)
        told = await delivery_rows.endpoints_of(tx, scope, event_id)
        places = {*told, *(endpoint.place for endpoint in listening)}
    elif await endpoint_rows.get(tx, scope, endpoint) is None:
        raise NoSuchReference("webhook endpoint", endpoint, param="webhook_endpoint")
    else:
        places = {Place(scope, endpoint)}
    for place in places:
        await delivery_rows.insert(tx, scope, event_id, place, now=now)
        await delivery_rows.renew(tx, scope, event_id, place.id, now=now)
    tx.ring(DELIVERY_BELL)


async def attempts_of(tx: Tx, scope: Scope, event_id: str) -> list[bytes]:
    """Return every attempt to tell the caller's own endpoints of an event, oldest first."""
    await event_log.find(tx, scope, event_id)
    return [
        encode(
            DeliveryAttempt(
                id=attempt.id,
                answer=attempt.answer.decode(errors="replace"),
                created=attempt.created,
                event=event_id,
                http_status=attempt.status,
                milliseconds=attempt.milliseconds,
                problem=attempt.problem,
                webhook_endpoint=attempt.endpoint,
            )
        )
        for attempt in await attempt_rows.of_event(tx, scope, event_id)
    ]


async def is_any_unwanted(tx: Tx, context: Context) -> bool:
    """Tell whether a disabled endpoint should have been told of something by now."""
    return bool(await endpoint_rows.disabled(tx, now=context.world.seconds()))


async def give_up(context: Context) -> int:
    """Give up what disabled endpoints should have been told by now; return how many there are."""
    now = context.world.seconds()
    places = await context.store.read(lambda tx: endpoint_rows.disabled(tx, now=now))
    for place in places:
        await context.store.write(partial(delivery_rows.give_up, endpoint=place, now=now))
    return len(places)


async def prune(context: Context) -> int:
    """Forget deliveries and attempts that are too old; return how many there were."""
    before = context.world.seconds() - event_log.KEPT_SECONDS
    return sum(
        [
            await pruning.little_by_little(context, partial(rows.prune, before=before))
            for rows in (delivery_rows, attempt_rows)
        ]
    )
