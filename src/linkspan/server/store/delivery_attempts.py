"""Attempts to tell endpoints of events, in rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("delivery_attempts")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to an endpoint, and what came of it."""

    id: str
    endpoint: str
    created: int
    milliseconds: int
    status: int | None
    """None where no answer came; then *problem* says why."""
    problem: str | None
    answer: bytes
    """The beginning of the answer's body."""


async def insert(tx: Tx, made: Sequence[tuple[Scope, str, Attempt]]) -> None:
    """Keep what came of attempts, each beside whose event it told of, and its id."""
    many = [
        {
            **key(scope, attempt.id),
            "event": event,
            "endpoint": attempt.endpoint,
            "created": attempt.created,
            "milliseconds": attempt.milliseconds,
            "status": attempt.status,
            "problem": attempt.problem,
            "answer": attempt.answer,
        }
        for scope, event, attempt in made
    ]
    await tx.run_each(_SQL["insert"], many)


async def of_event(tx: Tx, scope: Scope, event: str) -> list[Attempt]:
    """Return the attempts to tell a tenant's own endpoints of its event, oldest first."""
    return [Attempt(*row) for row in await tx.all(_SQL["of_event"], {**within(scope), "event": event})]


async def prune(tx: Tx, *, before: int, limit: int) -> int:
    """Forget up to *limit* attempts of any tenant that were made before *before*."""
    return await tx.run(_SQL["prune"], {"before": before, "limit": limit})
