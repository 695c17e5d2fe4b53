"""What a Session may repair: an Authorization of the caller's, or one Account behind it."""

from typing import Final

from linkspan.objects import Account, AccountHolder, decode_as
from linkspan.server.core.refusals import BadParameter, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.core.session import WantedRelink
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store.driver import Tx

_AUTHORIZATION: Final = "relink_options[authorization]"
_ACCOUNT: Final = "relink_options[account]"


async def holder_of(tx: Tx, context: Context, scope: Scope, wanted: WantedRelink) -> AccountHolder | None:
    """Return whom the accounts to repair were linked for; refuse what cannot be repaired."""
    standing = await authorization_rows.get_standing(tx, scope, wanted.authorization)
    doc = await account_rows.first_of(tx, scope, wanted.authorization)
    if standing is None or doc is None:
        raise NoSuchReference(
            "financial connections authorization", wanted.authorization, param=_AUTHORIZATION
        )
    if standing.status != "active":
        raise BadParameter(
            f"The authorization {wanted.authorization} has ended. Link its accounts again with a Session "
            "without `relink_options`.",
            param=_AUTHORIZATION,
        )
    if context.institutions.get(standing.institution) is None:
        raise BadParameter(
            f"The institution {standing.institution} is not offered any more.",
            param=_AUTHORIZATION,
            code="financial_connections_institution_unavailable",
        )
    if wanted.account is not None:
        await _check_account(tx, scope, wanted.account, wanted.authorization)
    return decode_as(doc, Account).account_holder


async def _check_account(tx: Tx, scope: Scope, account_id: str, authorization: str) -> None:
    """Refuse an account that does not hang on the authorization any more, or never did."""
    row = await account_rows.get_whole(tx, scope, account_id)
    if row is None:
        raise NoSuchReference("financial connections account", account_id, param=_ACCOUNT)
    if row.authorization != authorization:
        raise BadParameter(
            f"The account {account_id} does not belong to the authorization {authorization}.", param=_ACCOUNT
        )
    if decode_as(row.doc, Account).status == "disconnected":
        raise BadParameter(
            f"The account {account_id} is disconnected. Link it again with a Session without "
            "`relink_options`.",
            param=_ACCOUNT,
        )
