"""What end users agreed to, in rows."""

from typing import Final

import msgspec

from linkspan.server.core.consent import Consent
from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("consents")
_READ: Final = msgspec.json.Decoder(Consent).decode


async def insert(tx: Tx, scope: Scope, consent: Consent) -> None:
    """Keep what somebody has just agreed to."""
    doc = msgspec.json.encode(consent)
    await tx.run(_SQL["insert"], {**key(scope, consent.id), "session": consent.session, "doc": doc})


async def of_session(tx: Tx, scope: Scope, session: str) -> list[Consent]:
    """Return the consents given in a Session, the oldest first."""
    return [_READ(doc) for (doc,) in await tx.all(_SQL["of_session"], {**within(scope), "session": session})]


async def standing(tx: Tx, scope: Scope, authorization: str) -> list[Consent]:
    """Return the consents that an authorization stands on, the oldest first."""
    values = {**within(scope), "authorization": authorization}
    return [_READ(doc) for (doc,) in await tx.all(_SQL["standing"], values)]


async def save(tx: Tx, scope: Scope, consent: Consent) -> None:
    """Write down what became of a consent."""
    values = {
        "authorization": consent.authorization,
        "ended_at": consent.ended_at,
        "doc": msgspec.json.encode(consent),
    }
    await tx.run(_SQL["save"], {**key(scope, consent.id), **values})


async def prune(tx: Tx, *, not_after: int, limit: int) -> int:
    """Forget up to *limit* consents that ended then or earlier; return how many there were."""
    return await tx.run(_SQL["prune"], {"not_after": not_after, "limit": limit})


async def everybodys(tx: Tx, *, after: tuple[Scope, str], limit: int) -> list[tuple[Scope, Consent]]:
    """Return up to *limit* consents of every tenant that follow one of a scope."""
    scope, consent_id = after
    values: dict[str, Value] = {
        "after_tenant": scope.tenant,
        "after_livemode": scope.livemode,
        "after_id": consent_id,
        "limit": limit,
    }
    rows = await tx.all(_SQL["everybodys"], values)
    return [(Scope(tenant, bool(livemode)), _READ(doc)) for tenant, livemode, _, doc in rows]
