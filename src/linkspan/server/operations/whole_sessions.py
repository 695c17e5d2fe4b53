"""Puts a Session together from its document and what stands beside it, and takes it apart again."""

from typing import Final

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from linkspan.objects import (
    Hosted,
    RelinkOptions,
    RelinkResult,
    Session,
    SessionCancelled,
    SessionStatusDetails,
    decode_as,
    encode,
)
from linkspan.server.core.scope import Scope
from linkspan.server.core.session_status import SessionFact, SessionStatus, next_status
from linkspan.server.store import sessions as session_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.sessions import SessionRow


class Beside(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What only preview versions know of a Session, but for its status."""

    hosted: Hosted | None = None
    institution: str | None = None
    relink_options: RelinkOptions | None = None
    relink_result: RelinkResult | None = None
    status_details: SessionStatusDetails | None = None


_NOTHING = Beside()
LEFT: Final = SessionStatusDetails(cancelled=SessionCancelled(reason="other"))
HANDED_OVER: Final = SessionStatusDetails(cancelled=SessionCancelled(reason="custom_manual_entry"))


def whole(row: SessionRow) -> Session:
    """Return a Session with every field that preview versions show, but for the address of a hosted one."""
    session, beside = decode_as(row.doc, Session), beside_of(row.preview)
    filters = session.filters
    if filters and beside.institution is not None:
        filters = replace(filters, institution=beside.institution)
    return replace(
        session,
        filters=filters,
        hosted=beside.hosted,
        relink_options=beside.relink_options or UNSET,
        relink_result=beside.relink_result or UNSET,
        status=row.status,
        status_details=beside.status_details or UNSET,
        ui_mode="modal" if beside.hosted is None else "hosted",
        url=None,
    )


def as_of(session: Session, *, expires_at: int, now: int) -> Session:
    """Return *session* as it stands at an instant: one that nobody finished in time was left."""
    if session.status != SessionStatus.PENDING or now < expires_at:
        return session
    status = next_status(SessionStatus.PENDING, SessionFact.EXPIRED)
    return replace(session, status=status.value, status_details=LEFT)


def beside_of(preview: bytes | None) -> Beside:
    """Return what stands beside the document of a Session."""
    return _NOTHING if preview is None else decode_as(preview, Beside)


def apart(session: Session) -> tuple[bytes, bytes | None]:
    """Return the document of *session*, and what stands beside it."""
    filters = session.filters
    beside = Beside(
        hosted=session.hosted or None,
        institution=(filters and filters.institution) or None,
        relink_options=session.relink_options or None,
        relink_result=session.relink_result or None,
        status_details=session.status_details or None,
    )
    plain = replace(
        session,
        filters=replace(filters, institution=UNSET) if filters else filters,
        hosted=UNSET,
        relink_options=UNSET,
        relink_result=UNSET,
        status=UNSET,
        status_details=UNSET,
        ui_mode=UNSET,
        url=UNSET,
    )
    return encode(plain), None if beside == _NOTHING else encode(beside)


async def save(tx: Tx, scope: Scope, session: Session) -> None:
    """Keep a whole Session as it is now."""
    doc, preview = apart(session)
    await session_rows.save(tx, scope, session.id, doc)
    await session_rows.save_beside(tx, scope, session.id, status=str(session.status), preview=preview)
