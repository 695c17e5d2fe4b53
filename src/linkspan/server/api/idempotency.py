"""Keeps the first answer to an idempotency key and gives it again.

Key, resource, event and answer are one transaction, so a crash leaves all of
them or none, and no key is ever left "in progress". What Stripe does not store
is not stored here either: refused parameters, since nothing had begun. Kept
answers are sealed: that of a Session holds its client secret.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from linkspan.server.api import errors
from linkspan.server.core.caller import Caller
from linkspan.server.core.refusals import BadParameter, IdempotencyMismatch, Refusal
from linkspan.server.operations.context import Context
from linkspan.server.store import idempotency as idempotency_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

KEPT_SECONDS: Final = 24 * 60 * 60
KEY_LENGTH_MAX: Final = 255
# One more than is added with each kept answer, so old ones never pile up.
_PRUNED_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered."""

    status: int
    body: bytes
    is_replayed: bool = False


def request_digest(method: str, path: str, body: bytes, version: str) -> bytes:
    """Return what must be equal for two requests to be the same request."""
    digest = sha256()
    for part in (method.encode(), path.encode(), version.encode(), body):
        digest.update(len(part).to_bytes(8) + part)
    return digest.digest()


def checked_key(raw: bytes) -> str:
    """Return a usable idempotency key, or refuse it."""
    key = raw.decode("latin-1")
    if not key or len(key) > KEY_LENGTH_MAX:
        raise BadParameter(
            f"An idempotency key has between 1 and {KEY_LENGTH_MAX} characters.", param="Idempotency-Key"
        )
    return key


async def once(
    tx: Tx,
    context: Context,
    caller: Caller,
    digest: bytes,
    work: Callable[[Tx], Awaitable[bytes]],
) -> Answer:
    """Carry out *work*, unless the caller's key already has an answer."""
    key = caller.idempotency_key
    if key is None:
        return Answer(200, await work(tx))
    now = context.world.seconds()
    place = Place("idempotency", "answer", key, caller.scope)
    kept = await idempotency_rows.get(tx, caller.scope, key, not_before=now - KEPT_SECONDS)
    if kept is not None:
        if kept.request_digest != digest:
            raise IdempotencyMismatch(key)
        return Answer(kept.status, context.vault.open(kept.sealed_body, place), is_replayed=True)
    answer = await _attempt(tx, work)
    sealed = context.vault.seal(answer.body, place)
    row = idempotency_rows.KeptAnswer(digest, answer.status, sealed)
    await idempotency_rows.keep(tx, caller.scope, key, row, created=now)
    await idempotency_rows.prune(tx, not_after=now - KEPT_SECONDS, limit=_PRUNED_AT_ONCE)
    return answer


async def _attempt(tx: Tx, work: Callable[[Tx], Awaitable[bytes]]) -> Answer:
    """Carry out *work*; what it refuses once begun is an answer to keep."""
    try:
        async with tx.savepoint():
            return Answer(200, await work(tx))
    except BadParameter:
        raise
    except Refusal as refusal:
        return Answer(*errors.render(refusal))
