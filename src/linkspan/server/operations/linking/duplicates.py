"""Lets what was linked before for the same holder go on under the id it has."""

from collections.abc import Mapping

from msgspec.structs import replace

from linkspan.objects import Account
from linkspan.server.core.scope import Scope
from linkspan.server.operations import account_states
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking.eligible import Known
from linkspan.server.operations.linking.progress import Progress
from linkspan.server.operations.linking.repairing import prefetch
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import relinks as relink_rows
from linkspan.server.store.driver import Tx


async def renewable(
    tx: Tx, scope: Scope, picked: Mapping[str, Known], shown: Mapping[str, Known]
) -> str | None:
    """Return the first sign-in of what is *picked* that the new one may replace.

    It may where the bank takes the old grant no more, or where all accounts
    that hang on it are *shown* again: none is to be lost.
    """
    again = {each.account for each in shown.values()}
    for authorization in dict.fromkeys(each.authorization for each in picked.values()):
        standing = await authorization_rows.get_standing(tx, scope, authorization)
        is_broken = standing is not None and standing.inactive_cause is not None
        if is_broken or again.issuperset(await account_rows.connected_of(tx, scope, authorization)):
            return authorization
    return None


async def keep(tx: Tx, context: Context, progress: Progress, known: Known, request_id: str) -> Account:
    """Let a Session list an Account that goes on as it is, with what was agreed to besides."""
    scope = progress.scope
    await relink_rows.insert(tx, scope, known.account, session=progress.session.id)
    row = await account_rows.get_whole(tx, scope, known.account)
    assert row is not None  # noqa: S101 - it was recognized in this transaction
    account = account_states.account_of(row)
    permissions = tuple(dict.fromkeys((*(account.permissions or ()), *progress.session.permissions)))
    if permissions != account.permissions:
        await account_states.save(tx, scope, replace(account, permissions=permissions), row.session)
    return await prefetch(tx, context, progress, known.account, known.authorization, request_id)
