"""Turns the accounts an end user chose into Accounts of the Session."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from linkspan.objects import Account, RelinkOptions, Session, encode
from linkspan.server.core.account import AccountFact, next_status
from linkspan.server.core.eligibility import WhyNot, can_be_paid_from, must_say_kind
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.ids import new_id
from linkspan.server.core.kinds import CATEGORIES, called
from linkspan.server.core.linking import Fact, Step, next_step
from linkspan.server.core.payments import methods_of, numbers_shown
from linkspan.server.core.refusals import BadParameter
from linkspan.server.core.session_status import SessionFact
from linkspan.server.operations import (
    account_states,
    bank_details,
    consents,
    endings,
    events,
    refresh_starts,
    refreshes,
    sealing,
    sessions,
)
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import errands, ways
from linkspan.server.operations.linking.duplicates import keep, renewable
from linkspan.server.operations.linking.eligible import Known, linked_before, reasons
from linkspan.server.operations.linking.progress import Progress, find, found_accounts
from linkspan.server.operations.linking.repairing import repair
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import attempts as attempt_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import links as link_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

_NOTHING_SAID: Final[Mapping[str, str]] = {}


async def choose(
    tx: Tx,
    context: Context,
    secret: str,
    *,
    chosen: Sequence[str],
    request_id: str,
    kinds: Mapping[str, str] = _NOTHING_SAID,
) -> Progress:
    """Link the accounts with the candidate ids *chosen*; a second time changes nothing.

    *kinds* are subcategories by candidate id, said by the end user of accounts
    whose bank does not tell.
    """
    progress = await find(tx, context, secret)
    if progress.link.step is not Step.ACCOUNTS:
        return progress
    found = _as_said(await found_accounts(tx, context, progress), kinds)
    why = await reasons(tx, context, progress.scope, progress.as_asked, found)
    picked = _pick(progress, found, why, chosen)
    session = await _with_accounts(tx, context, progress, found, picked, request_id)
    caller = progress.caller(request_id)
    session = await errands.carry_out(tx, context, caller, progress.link.errand, session)
    session = await sessions.end(tx, context, caller, session, SessionFact.LINKED)
    link = replace(progress.link, step=next_step(progress.link.step, Fact.ACCOUNTS_CHOSEN))
    await link_rows.save(tx, progress.scope, link)
    await attempt_rows.void_others(tx, progress.scope, session.id)
    return replace(progress, session=session, link=replace(link, version=link.version + 1))


async def _with_accounts(
    tx: Tx,
    context: Context,
    progress: Progress,
    found: Mapping[str, FoundAccount],
    picked: Mapping[str, FoundAccount],
    request_id: str,
) -> Session:
    """Return the Session with the accounts it collected, or repaired."""
    relink = progress.session.relink_options
    if relink:
        repaired = await repair(tx, context, progress, relink, picked, request_id=request_id)
        await _agreed(tx, progress, relink.authorization, repaired)
        session = sessions.with_accounts(progress.session, tuple(repaired))
        return sessions.repaired(session, relink)
    session, institution = progress.session, progress.link.institution or ""
    shown = await linked_before(tx, context, progress.scope, session, institution, found)
    known = {candidate: one for candidate, one in shown.items() if candidate in picked}
    strangers = [each for candidate, each in picked.items() if candidate not in known]
    renewed = await renewable(tx, progress.scope, known, shown)
    accounts = await _again(tx, context, progress, picked, known, renewed, request_id)
    authorization = renewed
    if strangers and authorization is None:
        authorization = await _authorize(tx, context, progress)
        await endings.expect(tx, progress.scope, authorization, endings.end_of(strangers))
    elif authorization is None:
        await ways.give_back(tx, context, progress)
    for each in strangers:
        assert authorization is not None  # noqa: S101 - there is one where there is a stranger
        accounts.append(await _link(tx, context, progress, authorization, each, request_id))
    agreed = authorization or next(one.authorization for one in known.values())
    await _agreed(tx, progress, agreed, accounts)
    return sessions.with_accounts(progress.session, tuple(accounts))


async def _again(
    tx: Tx,
    context: Context,
    progress: Progress,
    picked: Mapping[str, FoundAccount],
    known: Mapping[str, Known],
    renewed: str | None,
    request_id: str,
) -> list[Account]:
    """Return the Accounts that stand for what was linked before; those of *renewed* hang on the new grant."""
    accounts: list[Account] = []
    if renewed is not None:
        relink = RelinkOptions(authorization=renewed, account=None)
        theirs = {each: picked[each] for each, one in known.items() if one.authorization == renewed}
        accounts += await repair(tx, context, progress, relink, theirs, request_id=request_id)
    for one in known.values():
        if one.authorization != renewed:
            accounts.append(await keep(tx, context, progress, one, request_id))
    return accounts


async def _agreed(tx: Tx, progress: Progress, authorization: str, accounts: Sequence[Account]) -> None:
    """Note for which accounts the end user's consent was used."""
    ids = [account.id for account in accounts]
    await consents.use(tx, progress.scope, progress.session.id, authorization=authorization, accounts=ids)


def _as_said(found: Mapping[str, FoundAccount], kinds: Mapping[str, str]) -> dict[str, FoundAccount]:
    """Return what was found, each account as the end user called it where only they can tell."""
    said = dict(found)
    for candidate, kind in kinds.items():
        account = found.get(candidate)
        if account is None or account.is_kind_told or kind not in CATEGORIES:
            raise BadParameter(f"Not a kind of this account: '{kind}'", param=f"kinds[{candidate}]")
        said[candidate] = called(account, kind)
    return said


def _pick(
    progress: Progress,
    found: Mapping[str, FoundAccount],
    why_not: Mapping[str, WhyNot | None],
    chosen: Sequence[str],
) -> dict[str, FoundAccount]:
    """Return the accounts chosen, or refuse the choice, naming the parameter."""
    filters, limits = progress.as_asked.filters or None, progress.as_asked.limits or None
    if not chosen:
        raise BadParameter("Choose at least one account.", param="accounts", code="parameter_missing")
    for index, candidate in enumerate(chosen):
        if candidate not in found or chosen.index(candidate) != index:
            raise BadParameter(f"No such account to choose: '{candidate}'", param=f"accounts[{index}]")
        if (reason := why_not[candidate]) is not None:
            raise BadParameter(f"This account cannot be linked: {reason.name}", param=f"accounts[{index}]")
    if limits and limits.accounts and len(chosen) > limits.accounts:
        raise BadParameter(f"Choose at most {limits.accounts}.", param="accounts")
    picked = {candidate: found[candidate] for candidate in chosen}
    if must_say_kind(filters):
        _check_told(picked)
    needs_one = filters and filters.require_payment_method_support == "at_least_one"
    if needs_one and not any(map(can_be_paid_from, picked.values())):
        raise BadParameter("Choose at least one account that payments can be made from.", param="accounts")
    return picked


def _check_told(picked: Mapping[str, FoundAccount]) -> None:
    """Refuse an account of a kind that nobody said, where only some kinds may be linked."""
    for candidate, account in picked.items():
        if not account.is_kind_told:
            raise BadParameter("Say of what kind this account is.", param=f"kinds[{candidate}]")


async def _authorize(tx: Tx, context: Context, progress: Progress) -> str:
    """Move the grant from the attempt to an authorization of its own."""
    attempt = await attempt_rows.get(tx, progress.scope, progress.link.attempt or "")
    assert attempt is not None  # noqa: S101 - the step ACCOUNTS is only reached with one
    authorization = new_id("fcauth", context.world)
    place = Place("authorizations", "granted", authorization, progress.scope)
    granted = await sealing.seal(tx, context, place, await ways.granted_of(tx, context, attempt))
    await authorization_rows.insert(
        tx, progress.scope, authorization, institution=attempt.institution, granted=granted
    )
    return authorization


async def _link(
    tx: Tx,
    context: Context,
    progress: Progress,
    authorization: str,
    found: FoundAccount,
    request_id: str,
) -> Account:
    """Keep one chosen account with its events, oldest first; each tells of it as it is kept then."""
    account = _account(context, progress, found)
    caller = progress.caller(request_id)
    details = bank_details.BankDetails(found.source_id, found.numbers, found.currency)
    await account_rows.insert(
        tx,
        progress.scope,
        account.id,
        encode(account),
        session=progress.session.id,
        holder=sessions.holder_id(progress.session.account_holder),
        authorization=authorization,
        status=account.status,
        bank_details=await bank_details.sealed(tx, context, progress.scope, account.id, details),
    )
    await endings.expect_of_numbers(tx, progress.scope, account.id, account.account_numbers or None)
    await events.record(tx, context, caller, "financial_connections.account.created", account)
    account = await refreshes.read_while_linking(
        tx, context, caller, account, progress.session.prefetch or (), found, authorization=authorization
    )
    account = await refresh_starts.begin_while_linking(
        tx, context, caller, account, progress.session.prefetch or (), authorization=authorization
    )
    shown = account_states.in_every_version(account)
    await account_rows.save(tx, progress.scope, account.id, encode(shown), status=str(account.status))
    await account_states.save_beside(tx, progress.scope, account)
    return shown


def _account(context: Context, progress: Progress, found: FoundAccount) -> Account:
    session, institution = progress.session, context.institutions.get(progress.link.institution or "")
    return Account(
        id=new_id("fca", context.world),
        account_holder=session.account_holder,
        account_numbers=numbers_shown(found.numbers, session.permissions, is_open=found.is_open),
        balance=None,
        balance_refresh=None,
        category=found.category,
        created=context.world.seconds(),
        display_name=found.display_name,
        institution_name=institution.name if institution else "",
        last4=found.last4,
        livemode=session.livemode,
        ownership=None,
        ownership_refresh=None,
        permissions=session.permissions,
        status=next_status(None, AccountFact.LINKED).value,
        subcategory=found.subcategory,
        subscriptions=(),
        status_details=account_states.until(found.access_ends_at),
        supported_payment_method_types=methods_of(found),
        transaction_refresh=None,
    )
