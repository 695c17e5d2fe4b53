"""Authorizations: what an institution lets us read, behind a group of Accounts."""

from typing import Final

from msgspec import UNSET
from msgspec.structs import replace

from linkspan.objects import (
    Account,
    Authorization,
    AuthorizationActive,
    AuthorizationInactive,
    AuthorizationStatus,
    AuthorizationStatusDetails,
    decode_as,
    encode,
)
from linkspan.server.core.deactivation import action_after
from linkspan.server.core.refusals import NoSuchObject
from linkspan.server.core.scope import Scope
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import endings as ending_rows
from linkspan.server.store.authorizations import Standing
from linkspan.server.store.driver import Tx
from linkspan.server.store.endings import Ending

_NOUN: Final = "financial connections authorization"


async def retrieve(tx: Tx, scope: Scope, authorization_id: str) -> bytes:
    """Return an Authorization as preview versions write it."""
    return encode(await _get(tx, scope, authorization_id))


async def in_every_version(tx: Tx, scope: Scope, authorization_id: str) -> Authorization:
    """Return an Authorization without what only preview versions show."""
    shown = await _get(tx, scope, authorization_id)
    return replace(shown, account_holder=UNSET, institution=UNSET)


async def _get(tx: Tx, scope: Scope, authorization_id: str) -> Authorization:
    """Return an Authorization.

    A grant that nothing was linked with is none: it is only kept to be ended.
    """
    standing = await authorization_rows.get_standing(tx, scope, authorization_id)
    doc = await account_rows.first_of(tx, scope, authorization_id)
    if standing is None or doc is None:
        raise NoSuchObject(_NOUN, authorization_id, param="authorization")
    account = decode_as(doc, Account)
    ends_at = await ending_rows.get(tx, scope, Ending(authorization_id, "access"))
    return Authorization(
        id=authorization_id,
        account_holder=account.account_holder,
        institution=standing.institution,
        institution_name=account.institution_name,
        livemode=scope.livemode,
        status=_status(standing),
        status_details=_details(standing, ends_at),
    )


def _status(standing: Standing) -> AuthorizationStatus:
    if standing.status != "active":
        return "disconnected"
    return "active" if standing.inactive_cause is None else "inactive"


def _details(standing: Standing, ends_at: int | None) -> AuthorizationStatusDetails:
    match _status(standing):
        case "inactive":
            action = action_after(standing.inactive_cause or "unspecified")
            return AuthorizationStatusDetails(inactive=AuthorizationInactive(action=action))
        case "active" if ends_at is not None:
            active = AuthorizationActive(
                action=action_after("access_expired"), expected_deactivation_date=ends_at
            )
            return AuthorizationStatusDetails(active=active)
        case _:
            return AuthorizationStatusDetails()
