"""Ways to the bank and back, in rows."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Row, Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("attempts")

# ready: the bridge address is unused, or the form unanswered; opened: a browser is
# at the bank; claimed: an answer is being carried out; found, failed, void: it is over.
AttemptStatus: TypeAlias = Literal["ready", "opened", "claimed", "found", "failed", "void"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the bank and back; what is sealed stays sealed here."""

    scope: Scope
    id: str
    session: str
    institution: str
    status: AttemptStatus
    expires_at: int
    browser_digest: bytes | None
    kept: bytes
    found: bytes | None
    granted: bytes | None


async def insert(
    tx: Tx,
    scope: Scope,
    attempt_id: str,
    *,
    session: str,
    institution: str,
    expires_at: int,
    bridge_digest: bytes,
    state_digest: bytes,
    kept: bytes,
) -> None:
    """Prepare a way to the bank."""
    values = {
        **key(scope, attempt_id),
        "session": session,
        "institution": institution,
        "expires_at": expires_at,
        "bridge_digest": bridge_digest,
        "state_digest": state_digest,
        "kept": kept,
    }
    await tx.run(_SQL["insert"], values)


async def get(tx: Tx, scope: Scope, attempt_id: str) -> Attempt | None:
    """Return one attempt."""
    return _attempt(await tx.one(_SQL["get"], key(scope, attempt_id)))


async def by_bridge(tx: Tx, digest: bytes) -> Attempt | None:
    """Return the attempt a bridge address names, of whichever tenant."""
    return _attempt(await tx.one(_SQL["by_bridge"], {"digest": digest}))


async def by_state(tx: Tx, digest: bytes) -> Attempt | None:
    """Return the attempt an answer from a bank names, of whichever tenant."""
    return _attempt(await tx.one(_SQL["by_state"], {"digest": digest}))


async def open_once(tx: Tx, scope: Scope, attempt_id: str, *, browser_digest: bytes, expires_at: int) -> bool:
    """Bind the attempt to the browser that opens it; false when one already did."""
    values = {**key(scope, attempt_id), "browser_digest": browser_digest, "expires_at": expires_at}
    return await tx.run(_SQL["open"], values) == 1


async def count(tx: Tx, scope: Scope, session: str) -> int:
    """Return how often a Session has set out for a bank."""
    row = await tx.one(_SQL["count"], {**within(scope), "session": session})
    return 0 if row is None else row[0]


async def is_away(tx: Tx, scope: Scope, session: str) -> bool:
    """Tell whether a person of this Session is at a bank."""
    return await tx.one(_SQL["is_away"], {**within(scope), "session": session}) is not None


async def extend(tx: Tx, scope: Scope, session: str, *, expires_at: int) -> None:
    """Let ways of a Session that nobody has gone yet stay open for longer."""
    await tx.run(_SQL["extend"], {**within(scope), "session": session, "expires_at": expires_at})


async def claim(tx: Tx, scope: Scope, attempt_id: str) -> bool:
    """Take the bank's answer; false when an answer was already taken."""
    return await tx.run(_SQL["claim"], key(scope, attempt_id)) == 1


async def claim_form(tx: Tx, scope: Scope, attempt_id: str) -> bool:
    """Take what a person entered; false when something was already taken."""
    return await tx.run(_SQL["claim_form"], key(scope, attempt_id)) == 1


async def ask_again(tx: Tx, scope: Scope, attempt_id: str, *, kept: bytes, is_wrong: bool) -> bool:
    """Wait for another answer, counting one the bank did not take; false when the attempt was voided."""
    values = {**key(scope, attempt_id), "kept": kept, "wrong": int(is_wrong)}
    return await tx.run(_SQL["ask_again"], values) == 1


async def wrong_answers(tx: Tx, scope: Scope, session: str, institution: str) -> int:
    """Return how many answers of a Session an institution did not take."""
    values = {**within(scope), "session": session, "institution": institution}
    return sum(row[0] for row in await tx.all(_SQL["wrong_answers"], values))


async def finish(
    tx: Tx,
    scope: Scope,
    attempt_id: str,
    status: Literal["found", "failed"],
    *,
    found: bytes | None = None,
    granted: bytes | None = None,
) -> bool:
    """Write down what the bank gave, sealed; false when the attempt was voided meanwhile."""
    values = {**key(scope, attempt_id), "status": status, "found": found, "granted": granted, "nothing": b""}
    return await tx.run(_SQL["finish"], values) == 1


async def found_of(tx: Tx, scope: Scope) -> list[tuple[str, str]]:
    """Return a tenant's attempts whose accounts nobody has chosen, each with its Session."""
    return [(attempt, session) for attempt, session in await tx.all(_SQL["found"], within(scope))]


async def left_behind(tx: Tx, *, now: int, limit: int) -> list[tuple[Scope, str]]:
    """Return attempts of every tenant whose accounts nobody chose before their Session was over."""
    rows = await tx.all(_SQL["left_behind"], {"now": now, "limit": limit})
    return [(Scope(tenant, bool(livemode)), attempt) for tenant, livemode, attempt in rows]


async def void_others(tx: Tx, scope: Scope, session: str, *, keep: str = "") -> None:
    """Let no attempt of a Session come back any more, except *keep*."""
    values = {**within(scope), "session": session, "except": keep, "nothing": b""}
    await tx.run(_SQL["void"], values)


def _attempt(row: Row | None) -> Attempt | None:
    if row is None:
        return None
    tenant, livemode, *rest = row
    return Attempt(Scope(tenant, bool(livemode)), *rest)
