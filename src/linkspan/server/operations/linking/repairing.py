"""Repairs the accounts an end user linked before, with the sign-in they have just made."""

from collections.abc import Mapping

from msgspec.structs import replace

from linkspan.objects import Account, RelinkOptions
from linkspan.server.core.consent import Ending
from linkspan.server.core.features import FEATURES
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.scope import Scope
from linkspan.server.operations import (
    account_states,
    bank_details,
    consents,
    refresh_starts,
    revocations,
    sealing,
    sightings,
)
from linkspan.server.operations.bank_details import BankDetails
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import ways
from linkspan.server.operations.linking.eligible import recognize
from linkspan.server.operations.linking.progress import Progress
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import relinks as relink_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place


async def repair(
    tx: Tx,
    context: Context,
    progress: Progress,
    relink: RelinkOptions,
    picked: Mapping[str, FoundAccount],
    *,
    request_id: str,
) -> list[Account]:
    """Let the accounts *picked*, by candidate id, work again; return them as they are then.

    They keep their ids and what was read of them, hang on the new grant, and
    permit what they permitted before and what the Session asks for.
    """
    scope = progress.scope
    ids = (await recognize(tx, context, scope, relink, picked)).wanted
    await _take_grant(tx, context, progress, relink.authorization)
    for candidate, account_id in ids.items():
        await _take_over(tx, context, progress, account_id, picked[candidate])
    renewed = ids.values()
    await consents.end_of_accounts(tx, context, scope, relink.authorization, renewed, Ending.RENEWED)
    shown = {picked[candidate].source_id: picked[candidate] for candidate in ids}
    await sightings.note(tx, context, scope, relink.authorization, shown)
    return [
        await prefetch(tx, context, progress, account_id, relink.authorization, request_id)
        for account_id in ids.values()
    ]


async def _take_grant(tx: Tx, context: Context, progress: Progress, authorization: str) -> None:
    """Put the grant of the new sign-in in the place of the one before, which the bank is told to end.

    One that the bank took no more has nothing left to be ended.
    """
    scope = progress.scope
    attempt = await attempt_rows.get(tx, scope, progress.link.attempt or "")
    assert attempt is not None  # noqa: S101 - the step ACCOUNTS is only reached with one
    place = Place("authorizations", "granted", authorization, scope)
    standing = await authorization_rows.get_standing(tx, scope, authorization)
    before = await authorization_rows.get_active(tx, scope, authorization)
    if standing is not None and before is not None and standing.inactive_cause is None:
        old = await sealing.opened(tx, context, place, before.granted)
        await revocations.end_unused(tx, context, scope, before.institution, old)
    granted = await sealing.seal(tx, context, place, await ways.granted_of(tx, context, attempt))
    await authorization_rows.renew(tx, scope, authorization, granted=granted)


async def _take_over(
    tx: Tx, context: Context, progress: Progress, account_id: str, found: FoundAccount
) -> None:
    """Let an Account stand for what the bank calls it now, and permit what was agreed to now."""
    scope, session = progress.scope, progress.session
    await relink_rows.insert(tx, scope, account_id, session=session.id)
    details = await bank_details.of(tx, context, scope, account_id)
    if details is not None and details.source_id != found.source_id:
        kept = BankDetails(found.source_id, details.numbers, found.currency)
        sealed = await bank_details.sealed(tx, context, scope, account_id, kept)
        await account_rows.save_bank_details(tx, scope, account_id, sealed)
    account, collected_by = await _account(tx, scope, account_id)
    permissions = tuple(dict.fromkeys((*(account.permissions or ()), *session.permissions)))
    if permissions != account.permissions:
        await account_states.save(tx, scope, replace(account, permissions=permissions), collected_by)


async def prefetch(
    tx: Tx, context: Context, progress: Progress, account_id: str, authorization: str, request_id: str
) -> Account:
    """Begin to read what the Session prefetches of an Account that was linked before, and return it."""
    account, collected_by = await _account(tx, progress.scope, account_id)
    prefetched = progress.session.prefetch or ()
    features = [name for name, rule in FEATURES.items() if rule.prefetch in prefetched]
    if account.status != "active" or not features:
        return account_states.in_every_version(account)
    begun = await refresh_starts.begin(
        tx, context, progress.caller(request_id), account, features, authorization=authorization
    )
    await account_states.save(tx, progress.scope, begun, collected_by)
    return account_states.in_every_version(begun)


async def _account(tx: Tx, scope: Scope, account_id: str) -> tuple[Account, str]:
    """Return an Account, and the Session that collected it."""
    row = await account_rows.get_whole(tx, scope, account_id)
    assert row is not None  # noqa: S101 - it was recognized in this transaction
    return account_states.account_of(row), row.session
