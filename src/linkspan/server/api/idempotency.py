"""Keeps the first answer to an idempotency key and gives it again.

Key, resource, event and answer are one transaction, so a crash leaves all of
them or none, and no key is ever left "in progress". What Stripe does not store
is not stored here either: refused parameters, since nothing had begun. Kept
answers are sealed: that of a Session holds its client secret.
"""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from msgspec import Struct

from linkspan.server.api import errors
from linkspan.server.core.caller import Caller
from linkspan.server.core.refusals import BadParameter, IdempotencyInUse, IdempotencyMismatch, Refusal
from linkspan.server.core.scope import Scope
from linkspan.server.operations import sealing
from linkspan.server.operations.answers import KEPT_SECONDS
from linkspan.server.operations.context import Context
from linkspan.server.store import idempotency as idempotency_rows
from linkspan.server.store.driver import Claimed, Tx
from linkspan.server.vault.sealed import Place

KEY_LENGTH_MAX: Final = 255


class Answer(Struct, frozen=True):
    """What a request was answered."""

    status: int
    body: bytes
    is_replayed: bool = False


class UnderWay:
    """The keys whose first request has begun in this process, until its answer is safe.

    A store may show a change before it cannot be lost, and no answer may be given
    from one that can. Between processes the store itself says so (`alone`).
    """

    __slots__ = ("_first",)

    def __init__(self) -> None:
        self._first: dict[tuple[Scope, str], Caller] = {}

    def check(self, caller: Caller) -> None:
        """Refuse a second request while the first is under way, as Stripe does with 409."""
        key = caller.idempotency_key
        if key is not None and self._first.get((caller.scope, key), caller) is not caller:
            raise IdempotencyInUse(key)

    def begin(self, caller: Caller) -> None:
        """Note the first request of a key."""
        if caller.idempotency_key is not None:
            self._first[caller.scope, caller.idempotency_key] = caller

    def end(self, caller: Caller) -> None:
        """Let the next one in, if it was this one that had begun."""
        key = caller.idempotency_key
        if key is not None and self._first.get((caller.scope, key)) is caller:
            del self._first[caller.scope, key]


def request_digest(method: str, path: str, body: bytes, version: str) -> bytes:
    """Return what must be equal for two requests to be the same request."""
    where = f"{method} {version} {path}".encode()
    return sha256(b"%d %b %b" % (len(where), where, body)).digest()


def checked_key(raw: bytes) -> str:
    """Return a usable idempotency key, or refuse it."""
    key = raw.decode("latin-1")
    if not key or len(key) > KEY_LENGTH_MAX:
        raise BadParameter(
            f"An idempotency key has between 1 and {KEY_LENGTH_MAX} characters.", param="Idempotency-Key"
        )
    return key


async def find(tx: Tx, context: Context, caller: Caller, digest: bytes) -> Answer | None:
    """Return the answer the caller's key was first given, if it was given one."""
    key = caller.idempotency_key
    if key is None:
        return None
    not_before = context.world.seconds() - KEPT_SECONDS
    kept = await idempotency_rows.get(tx, caller.scope, key, not_before=not_before)
    if kept is None:
        return None
    # A former release kept the digest without a key.
    if not any(compare_digest(kept.request_digest, one) for one in (_kept_as(context, digest), digest)):
        raise IdempotencyMismatch(key)
    body = await sealing.opened(tx, context, _place(caller, key), kept.sealed_body)
    return Answer(kept.status, body, is_replayed=True)


async def alone(
    context: Context, caller: Caller, digest: bytes, work: Callable[[Tx], Awaitable[Answer]]
) -> Answer:
    """Return the answer of *work*, which no other process may do under the caller's key at the same time.

    Where one does, Stripe refuses at once; whoever asks for an answer that is kept
    gets it, though others who ask for it may be under way.
    """
    key = caller.idempotency_key
    if key is None:
        return await context.store.write(work)
    mode = "live" if caller.scope.livemode else "test"
    try:
        return await context.store.write(work, claim=f"{caller.scope.tenant} {mode} {key}")
    except Claimed:
        kept = await context.store.read(lambda tx: find(tx, context, caller, digest))
        if kept is None:
            raise IdempotencyInUse(key) from None
        return kept


async def keep(tx: Tx, context: Context, caller: Caller, digest: bytes, answer: Answer) -> None:
    """Keep *answer* for whoever sends the caller's key again."""
    key = caller.idempotency_key
    if key is None:
        return
    sealed = await sealing.seal(tx, context, _place(caller, key), answer.body)
    row = idempotency_rows.KeptAnswer(_kept_as(context, digest), answer.status, sealed)
    await idempotency_rows.keep(tx, caller.scope, key, row, created=context.world.seconds())


async def keep_first(tx: Tx, context: Context, caller: Caller, digest: bytes, answer: Answer) -> Answer:
    """Keep *answer* unless the key was given one meanwhile; return the one that stands."""
    earlier = await find(tx, context, caller, digest)
    if earlier is None:
        await keep(tx, context, caller, digest, answer)
    return earlier or answer


def refused(context: Context, caller: Caller, refusal: Refusal) -> Answer:
    """Return the answer to keep for a request refused once it had begun; raise any other refusal again."""
    if isinstance(refusal, BadParameter | IdempotencyInUse | IdempotencyMismatch):
        raise refusal
    server, request_id = context.public_url, caller.request_id or ""
    return Answer(*errors.render(refusal, server=server, request_id=request_id))


def _place(caller: Caller, key: str) -> Place:
    return Place("idempotency", "answer", key, caller.scope)


def _kept_as(context: Context, digest: bytes) -> bytes:
    """Return what stands for a request in the store.

    Without a key, a request that differs from known ones in an account number alone could
    be found by trying all of them.
    """
    return context.digests.of_bytes(b"request", digest)
