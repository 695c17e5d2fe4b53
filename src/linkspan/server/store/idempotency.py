"""Answers kept by idempotency key, in rows."""

from typing import Final

from msgspec import Struct

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value, within
from linkspan.server.store.statements import load

_SQL: Final = load("idempotency")


class KeptAnswer(Struct, frozen=True):
    """The answer a key was first given; the body is sealed."""

    request_digest: bytes
    status: int
    sealed_body: bytes


async def get(tx: Tx, scope: Scope, key: str, *, not_before: int) -> KeptAnswer | None:
    """Return the answer a key was first given, unless it is older than *not_before*."""
    row = await tx.one(_SQL["get"], {**_key(scope, key), "not_before": not_before})
    return None if row is None else KeptAnswer(*row)


async def keep(tx: Tx, scope: Scope, key: str, answer: KeptAnswer, *, created: int) -> None:
    """Keep the answer to a key."""
    values = {
        **_key(scope, key),
        "request_digest": answer.request_digest,
        "created": created,
        "status": answer.status,
        "answer": answer.sealed_body,
    }
    await tx.run(_SQL["keep"], values)


async def prune(tx: Tx, *, not_after: int, limit: int) -> int:
    """Forget up to *limit* answers of any tenant that nobody may ask for again."""
    return await tx.run(_SQL["prune"], {"not_after": not_after, "limit": limit})


def _key(scope: Scope, key: str) -> dict[str, Value]:
    return {**within(scope), "key": key}
