"""Authorizations: what an institution lets us read, behind a group of Accounts."""

from typing import Final

from linkspan.objects import (
    Account,
    Authorization,
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
from linkspan.server.store.authorizations import Standing
from linkspan.server.store.driver import Tx

_NOUN: Final = "financial connections authorization"


async def retrieve(tx: Tx, scope: Scope, authorization_id: str) -> bytes:
    """Return an Authorization as preview versions write it.

    A grant that nothing was linked with is none: it is only kept to be ended.
    """
    standing = await authorization_rows.get_standing(tx, scope, authorization_id)
    doc = await account_rows.first_of(tx, scope, authorization_id)
    if standing is None or doc is None:
        raise NoSuchObject(_NOUN, authorization_id, param="authorization")
    account = decode_as(doc, Account)
    status = _status(standing)
    return encode(
        Authorization(
            id=authorization_id,
            account_holder=account.account_holder,
            institution=standing.institution,
            institution_name=account.institution_name,
            livemode=scope.livemode,
            status=status,
            status_details=_details(standing) if status == "inactive" else AuthorizationStatusDetails(),
        )
    )


def _status(standing: Standing) -> AuthorizationStatus:
    if standing.status != "active":
        return "disconnected"
    return "active" if standing.inactive_cause is None else "inactive"


def _details(standing: Standing) -> AuthorizationStatusDetails:
    action = action_after(standing.inactive_cause or "unspecified")
    return AuthorizationStatusDetails(inactive=AuthorizationInactive(action=action))
