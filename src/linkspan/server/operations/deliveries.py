"""Tells webhook endpoints of events, each as often as it takes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypedDict

from linkspan.objects import DeliveryAttempt, Event, decode_as, encode
from linkspan.server.core.caller import Caller
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.delivery.schedule import wait_seconds
from linkspan.server.delivery.verdict import Fate, Verdict, judged
from linkspan.server.operations import event_log, letters, pruning, webhook_endpoints
from linkspan.server.operations.context import Context
from linkspan.server.operations.event_log import InVersion
from linkspan.server.operations.events import DELIVERY_BELL
from linkspan.server.operations.letters import News
from linkspan.server.operations.together import Together
from linkspan.server.outbound.exchange import Outbound, Request, Response
from linkspan.server.outbound.failures import OutboundFailure
from linkspan.server.store import deliveries as delivery_rows
from linkspan.server.store import delivery_attempts as attempt_rows
from linkspan.server.store import webhook_endpoints as endpoint_rows
from linkspan.server.store.deliveries import Owed, Settled
from linkspan.server.store.delivery_attempts import Attempt
from linkspan.server.store.driver import Tx
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


# Bounds how long one transaction holds up the others.
_TOGETHER_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class _Tried:
    """One attempt, and what becomes of its delivery."""

    owed: Owed
    attempt: Attempt
    verdict: Verdict


class Courier:
    """Carries what endpoints are owed.

    A delivery is leased in one transaction, sent in none, and settled in
    another, which it shares with those that ended meanwhile. What was under way
    when the process died is due again when its lease has run out.
    """

    def __init__(self, context: Context, outbound: Outbound, in_version: InVersion, log: Log) -> None:
        self._context = context
        self._outbound = outbound
        self._in_version = in_version
        self._log = log
        self._slow: set[Place] = set()
        self._reading = Together(self._read, most=_TOGETHER_MAX)
        self._settling = Together(self._settle, most=_TOGETHER_MAX)

    def at_once_to(self, endpoint: Place) -> int:
        """Return how many requests an endpoint may be sent at once."""
        return _AT_ONCE_TO_THE_SLOW if endpoint in self._slow else _AT_ONCE_MAX

    async def deliver(self, _context: Context, owed: Owed) -> tuple[()]:
        """Make one attempt and write down what came of it, here and in a log line of its own."""
        news = await self._reading.add(owed)
        if news is None:
            return ()  # the endpoint was disabled or deleted, or the event is too old
        world = self._context.world
        request = letters.written(owed, news, self._in_version, timestamp=world.seconds())
        began = world.now()
        verdict, response, problem = await self._send(request)
        seconds = world.now() - began
        attempt = Attempt(
            id=new_id("whatt", world),
            endpoint=owed.endpoint.id,
            created=int(began),
            milliseconds=int(seconds * 1000),
            status=None if response is None else response.status,
            problem=problem,
            answer=b"" if response is None else response.body[:_ANSWER_BYTES_KEPT],
        )
        outcome = await self._settling.add(_Tried(owed, attempt, verdict))
        self._context.metrics.attempt(outcome, seconds)
        (self._slow.add if response is None else self._slow.discard)(owed.endpoint)
        self._log.line(
            "delivery",
            request=letters.cause_of(news),
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

    async def _read(self, owed: Sequence[Owed]) -> list[News | None]:
        return await self._context.store.read(lambda tx: letters.read(tx, self._context, owed))

    async def _settle(self, tried: Sequence[_Tried]) -> list[str]:
        return await self._context.store.write(lambda tx: _write_down(tx, self._context, tried))

    async def _send(self, request: Request) -> tuple[Verdict, Response | None, str | None]:
        """Return what becomes of a delivery, with the answer or why there was none."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                response = await self._outbound.send(request)
        except (OutboundFailure, TimeoutError) as failure:
            problem = str(failure) or f"{request.host} did not answer in time"
            return Verdict(Fate.AGAIN), None, problem
        return judged(response, now=self._context.world.now()), response, None


async def waiting(tx: Tx, context: Context) -> list[Place]:
    """Return the endpoints that something is due to be sent to, everybody's."""
    return await endpoint_rows.waiting(tx, now=context.world.seconds())


async def claim(tx: Tx, context: Context, wanted: Mapping[Place, int]) -> list[Owed]:
    """Take what is due to each endpoint, so that no other process carries it as well."""
    now = context.world.seconds()
    return await delivery_rows.lease(tx, wanted, now=now, until=now + _LEASE_SECONDS)


async def give_back(tx: Tx, context: Context, owed: Owed) -> None:
    """Let somebody else make an attempt that was broken off."""
    now = context.world.seconds()
    await delivery_rows.settle(tx, [Settled(owed, "pending", attempts=owed.attempts, due_at=now)])


async def _write_down(tx: Tx, context: Context, tried: Sequence[_Tried]) -> list[str]:
    """Keep attempts, and what is to become of each delivery unless somebody else took it meanwhile.

    Returns their outcomes as metrics and log lines say it: succeeded, failed, or
    pending until the next attempt.
    """
    settled = [_settled(context, one) for one in tried]
    await attempt_rows.insert(tx, [(one.owed.scope, one.owed.event, one.attempt) for one in tried])
    await delivery_rows.settle(tx, settled)
    gone = [one.owed.endpoint for one in tried if one.verdict.fate is Fate.GONE]
    for place in dict.fromkeys(gone):
        await webhook_endpoints.disable(tx, context, place.owner, place.id)
    return [one.status for one in settled]


def _settled(context: Context, tried: _Tried) -> Settled:
    """Return how a delivery stands after an attempt."""
    owed, verdict = tried.owed, tried.verdict
    attempts, due_at = owed.attempts + 1, tried.attempt.created
    status = "succeeded" if verdict.fate is Fate.TAKEN else "failed"
    if verdict.fate is Fate.AGAIN:
        chance = context.world.random_bytes(1)[0] / 255
        wait = wait_seconds(attempts, chance=chance, retry_after=verdict.retry_after)
        if wait is not None:
            status, due_at = "pending", context.world.seconds() + wait
    return Settled(owed, status, attempts=attempts, due_at=due_at)


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
    await delivery_rows.insert(tx, scope, event_id, list(places), now=now)
    for place in places:
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
