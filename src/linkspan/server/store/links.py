"""Linking attempts in rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from linkspan.objects import decode_as, encode
from linkspan.server.core.errand import LINKING, Errand
from linkspan.server.core.linking import Step
from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value, within
from linkspan.server.store.statements import load

_SQL: Final = load("links")


class Problem(msgspec.Struct, frozen=True):
    """Why a sign-in failed: our finer reason, and the id to quote to support."""

    reason: str
    support_id: str
    back_at: int | None = None
    """When the bank says that it answers again, in Unix seconds."""
    found: int | None = None
    """How many accounts it showed, where none of them would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where the linking attempt of a Session stands."""

    session: str
    step: Step
    version: int
    host_origin: str
    institution: str | None = None
    attempt: str | None = None
    consented_at: int | None = None
    problem: Problem | None = None
    tab: str | None = None
    """Which tab of a browser took the last step, by a name it gave itself."""
    errand: Errand = LINKING


async def insert(
    tx: Tx,
    scope: Scope,
    session: str,
    *,
    step: Step,
    host_origin: str,
    institution: str | None = None,
    errand: Errand = LINKING,
) -> Link:
    """Begin the linking attempt of a Session."""
    values = {
        "step": step.value,
        "host_origin": host_origin,
        "institution": institution,
        "errand": None if errand == LINKING else encode(errand),
    }
    await tx.run(_SQL["insert"], {**_key(scope, session), **values})
    return Link(
        session=session,
        step=step,
        version=1,
        host_origin=host_origin,
        institution=institution,
        errand=errand,
    )


async def get(tx: Tx, scope: Scope, session: str) -> Link | None:
    """Return where the linking attempt of a Session stands."""
    row = await tx.one(_SQL["get"], _key(scope, session))
    if row is None:
        return None
    step, version, host_origin, institution, attempt, consented_at, problem, tab, errand = row
    return Link(
        session=session,
        step=Step(step),
        version=version,
        host_origin=host_origin,
        institution=institution,
        attempt=attempt,
        consented_at=consented_at,
        problem=None if problem is None else msgspec.json.decode(problem, type=Problem),
        tab=tab,
        errand=LINKING if errand is None else decode_as(errand, Errand),
    )


async def version(tx: Tx, scope: Scope, session: str) -> int:
    """Return how often the linking attempt has changed; 0 before it begins."""
    row = await tx.one(_SQL["version"], _key(scope, session))
    return 0 if row is None else row[0]


async def save(tx: Tx, scope: Scope, link: Link) -> None:
    """Write down where it stands now; readers see the version grow."""
    values = {
        **_key(scope, link.session),
        "step": link.step.value,
        "institution": link.institution,
        "attempt": link.attempt,
        "consented_at": link.consented_at,
        "problem": None if link.problem is None else msgspec.json.encode(link.problem),
    }
    await tx.run(_SQL["save"], values)


async def stamp(tx: Tx, scope: Scope, session: str, tab: str) -> None:
    """Note which tab took the last step."""
    await tx.run(_SQL["stamp"], {**_key(scope, session), "tab": tab})


async def overtaken(tx: Tx, *, now: int, limit: int) -> Sequence[tuple[Scope, str]]:
    """Return Sessions whose time passed while they were under way, everybody's."""
    rows = await tx.all(_SQL["overtaken"], {"now": now, "limit": limit})
    return [(Scope(tenant, bool(livemode)), session) for tenant, livemode, session in rows]


def _key(scope: Scope, session: str) -> dict[str, Value]:
    return {**within(scope), "session": session}
