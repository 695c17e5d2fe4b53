"""Sessions: one launch of the linking flow each."""

from typing import Final

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from linkspan.objects import (
    Account,
    AccountHolder,
    Filters,
    Hosted,
    Limits,
    List,
    ManualEntry,
    RelinkFailureReason,
    RelinkOptions,
    RelinkResult,
    Session,
    decode_as,
    encode,
)
from linkspan.server.core.caller import Caller
from linkspan.server.core.ids import new_id
from linkspan.server.core.refusals import (
    BadParameter,
    ExclusiveParameters,
    NoSuchObject,
    NoSuchReference,
)
from linkspan.server.core.scope import Scope
from linkspan.server.core.session import (
    LIFETIME_SECONDS,
    WantedFilters,
    WantedHolder,
    WantedPage,
    WantedSession,
    check,
    may_be_redirected_to,
)
from linkspan.server.core.session_status import SessionFact, SessionStatus, next_status
from linkspan.server.operations import connected_accounts, events, relinks
from linkspan.server.operations.context import Context
from linkspan.server.operations.session_secrets import secret_digest, secret_of, with_secret
from linkspan.server.operations.whole_sessions import HANDED_OVER, LEFT, apart, beside_of, save
from linkspan.server.store import customers as customer_rows
from linkspan.server.store import relinks as relink_rows
from linkspan.server.store import sessions as session_rows
from linkspan.server.store.driver import Tx

ACCOUNTS_URL: Final = "/v1/financial_connections/accounts"


async def create(tx: Tx, context: Context, caller: Caller, wanted: WantedSession) -> bytes:
    """Keep a new Session and return it, client secret included, as the API writes it."""
    check(wanted, livemode=caller.scope.livemode)
    return await begin(tx, context, caller, wanted)


async def begin(tx: Tx, context: Context, caller: Caller, wanted: WantedSession) -> bytes:
    """Do the same with what was checked already, which may be for nobody."""
    holder = await _holder(tx, context, caller.scope, wanted)
    _check_institution(context, wanted.filters)
    session = _session(new_id("fcsess", context.world), caller.scope, wanted, holder)
    is_hosted = wanted.page is not None
    secret = secret_of(context.digests, caller.scope, session.id, is_hosted=is_hosted)
    doc, preview = apart(session)
    await session_rows.insert(
        tx,
        caller.scope,
        session.id,
        doc,
        secret_digest=secret_digest(context.digests, secret),
        expires_at=context.world.seconds() + LIFETIME_SECONDS,
        preview=preview,
    )
    await events.record(tx, context, caller, f"{events.OPERATOR_PREFIX}session.created", session)
    return doc if is_hosted else with_secret(doc, secret)


async def retrieve(tx: Tx, context: Context, scope: Scope, session_id: str) -> bytes:
    """Return a Session, client secret included, as the API writes it."""
    shown = await session_rows.get_shown(tx, scope, session_id)
    if shown is None:
        raise NoSuchObject("financial connections session", session_id, param="session")
    doc, preview = shown
    if beside_of(preview).hosted is not None:
        return doc
    return with_secret(doc, secret_of(context.digests, scope, session_id, is_hosted=False))


async def end(tx: Tx, context: Context, caller: Caller, session: Session, fact: SessionFact) -> Session:
    """Keep *session* as ended by *fact*, and tell of it; return it as it is now."""
    status = next_status(SessionStatus(str(session.status)), fact)
    ended = replace(session, status=status.value)
    if status is SessionStatus.CANCELLED:
        is_handed_over = fact is SessionFact.HANDED_OVER
        ended = replace(ended, status_details=HANDED_OVER if is_handed_over else LEFT)
    await save(tx, caller.scope, ended)
    previous = {"status": session.status}
    await events.record(
        tx, context, caller, "financial_connections.session.updated", ended, previous=previous
    )
    return ended


async def show_account(tx: Tx, scope: Scope, session_id: str, account: Account) -> None:
    """Let the Session that collected *account*, and those that repaired it, show it as it is now."""
    for each in (session_id, *await relink_rows.sessions_of(tx, scope, account.id)):
        doc = await session_rows.get(tx, scope, each)
        if doc is None:
            continue
        session = decode_as(doc, Session)
        data = tuple(account if shown.id == account.id else shown for shown in session.accounts.data)
        await session_rows.save(tx, scope, each, encode(with_accounts(session, data)))


def repaired(session: Session, relink: RelinkOptions) -> Session:
    """Return *session* with what it repaired."""
    result = RelinkResult(
        account=relink.account or None, authorization=relink.authorization, failure_reason=None
    )
    return replace(session, relink_result=result)


def not_repaired(session: Session, reason: RelinkFailureReason) -> Session:
    """Return *session*, where it was to repair something, with why it did not."""
    if not session.relink_options:
        return session
    return replace(
        session, relink_result=RelinkResult(account=None, authorization=None, failure_reason=reason)
    )


def with_accounts(session: Session, accounts: tuple[Account, ...]) -> Session:
    """Return *session* listing *accounts*."""
    listed = List(data=accounts, has_more=False, url=ACCOUNTS_URL)
    return replace(session, accounts=listed)


def holder_id(holder: AccountHolder | None) -> str:
    """Return the id that lists by account holder look for."""
    return str((holder and (holder.customer or holder.customer_account or holder.account)) or "")


async def _holder(tx: Tx, context: Context, scope: Scope, wanted: WantedSession) -> AccountHolder | None:
    """Return whom accounts are to be collected for, or refuse a holder the caller does not have."""
    given = None
    if wanted.holder is not None:
        await _check_holder(tx, scope, wanted.holder)
        given = AccountHolder(
            type=wanted.holder.type,
            account=_given(wanted.holder.account),
            customer=_given(wanted.holder.customer),
            customer_account=_given(wanted.holder.customer_account),
        )
    if wanted.relink is None:
        return given
    if wanted.filters.institution is not None:
        raise ExclusiveParameters("relink_options", "filters[institution]")
    holder = await relinks.holder_of(tx, context, scope, wanted.relink)
    if given not in {None, holder}:
        raise BadParameter(
            f"The authorization {wanted.relink.authorization} was granted for another account holder.",
            param="account_holder",
        )
    return holder


async def _check_holder(tx: Tx, scope: Scope, holder: WantedHolder) -> None:
    if holder.customer is not None:
        if await customer_rows.get(tx, scope, holder.customer) is None:
            raise NoSuchReference("customer", holder.customer, param="account_holder[customer]")
    elif holder.customer_account is not None:
        param = "account_holder[customer_account]"
        await connected_accounts.check(tx, scope, holder.customer_account, param=param)
    elif holder.account is not None:
        await connected_accounts.check(tx, scope, holder.account, param="account_holder[account]")


def _check_institution(context: Context, filters: WantedFilters) -> None:
    """Refuse an institution that is not offered, or not where the accounts are to be."""
    if filters.institution is None:
        return
    institution = context.institutions.get(filters.institution)
    if institution is None:
        raise NoSuchReference(
            "financial connections institution", filters.institution, param="filters[institution]"
        )
    if filters.country is not None and filters.country not in institution.countries:
        raise BadParameter(
            f"The institution {institution.id} does not serve people in {filters.country}.",
            param="filters[institution]",
        )


def _session(session_id: str, scope: Scope, wanted: WantedSession, holder: AccountHolder | None) -> Session:
    page, relink = wanted.page, wanted.relink
    return Session(
        id=session_id,
        account_holder=holder,
        accounts=List(data=(), has_more=False, url=ACCOUNTS_URL),
        client_secret=None,
        filters=Filters(
            account_subcategories=wanted.filters.account_subcategories,
            country=wanted.filters.country,
            institution=_given(wanted.filters.institution),
            require_payment_method_support=wanted.filters.require_payment_method_support,
        ),
        hosted=None if page is None else _hosted(page, wanted.return_url, livemode=scope.livemode),
        limits=UNSET if wanted.accounts_max is None else Limits(accounts=wanted.accounts_max),
        livemode=scope.livemode,
        manual_entry=ManualEntry(mode=wanted.manual_entry_mode),
        permissions=wanted.permissions,
        prefetch=wanted.prefetch,
        relink_options=(
            UNSET
            if relink is None
            else RelinkOptions(authorization=relink.authorization, account=relink.account)
        ),
        return_url=_given(wanted.return_url),
    )


def _hosted(page: WantedPage, return_url: str | None, *, livemode: bool) -> Hosted:
    """Return how a hosted Session goes on; a page that web views return to will do for the end too."""
    fallback = return_url if return_url and may_be_redirected_to(return_url, livemode=livemode) else None
    return Hosted(delivery_method=_given(page.delivery_method), return_url=page.return_url or fallback)


def _given(value: str | None) -> str | UnsetType:
    return UNSET if value is None else value
