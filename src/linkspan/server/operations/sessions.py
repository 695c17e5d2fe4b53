"""Sessions: one launch of the linking flow each."""

from typing import Final

from msgspec import UNSET
from msgspec.structs import replace

from linkspan.objects import (
    Account,
    AccountHolder,
    Filters,
    Limits,
    List,
    ManualEntry,
    Session,
    decode_as,
    encode,
)
from linkspan.server.core.caller import Caller
from linkspan.server.core.ids import new_id, secret_from
from linkspan.server.core.refusals import NoSuchObject, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.core.session import LIFETIME_SECONDS, WantedSession, check
from linkspan.server.operations import connected_accounts, events
from linkspan.server.operations.context import Context
from linkspan.server.store import customers as customer_rows
from linkspan.server.store import sessions as session_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.digests import Digests

ACCOUNTS_URL: Final = "/v1/financial_connections/accounts"
_NO_SECRET: Final = b'"client_secret":null'


async def create(tx: Tx, context: Context, caller: Caller, wanted: WantedSession) -> bytes:
    """Keep a new Session and return it, client secret included, as the API writes it."""
    check(wanted)
    await _check_holder(tx, caller.scope, wanted)
    session = _session(new_id("fcsess", context.world), caller.scope, wanted)
    secret = client_secret(context.digests, caller.scope, session.id)
    doc = encode(session)
    await session_rows.insert(
        tx,
        caller.scope,
        session.id,
        doc,
        secret_digest=context.digests.of(b"client secret", secret),
        expires_at=context.world.seconds() + LIFETIME_SECONDS,
    )
    await events.record(tx, context, caller, f"{events.OPERATOR_PREFIX}session.created", session)
    return with_secret(doc, secret)


async def retrieve(tx: Tx, context: Context, scope: Scope, session_id: str) -> bytes:
    """Return a Session, client secret included, as the API writes it."""
    doc = await session_rows.get(tx, scope, session_id)
    if doc is None:
        raise NoSuchObject("financial connections session", session_id, param="session")
    return with_secret(doc, client_secret(context.digests, scope, session_id))


async def show_account(tx: Tx, scope: Scope, session_id: str, account: Account) -> None:
    """Let the Session that collected *account* show it as it is now."""
    doc = await session_rows.get(tx, scope, session_id)
    if doc is None:
        return
    session = decode_as(doc, Session)
    data = tuple(account if shown.id == account.id else shown for shown in session.accounts.data)
    await session_rows.save(tx, scope, session_id, encode(with_accounts(session, data)))


def with_accounts(session: Session, accounts: tuple[Account, ...]) -> Session:
    """Return *session* listing *accounts*."""
    listed = List(data=accounts, has_more=False, url=ACCOUNTS_URL)
    return replace(session, accounts=listed)


def client_secret(digests: Digests, scope: Scope, session_id: str) -> str:
    """Return the client secret of a Session.

    It is derived, so that neither the database nor a backup of it holds
    anything that opens a modal.
    """
    mode = "live" if scope.livemode else "test"
    digest = digests.of(b"session secret", f"{scope.tenant} {mode} {session_id}")
    return secret_from("fcsess_client_secret", digest)


def with_secret(doc: bytes, secret: str) -> bytes:
    """Return a kept Session with its client secret put back.

    A text inside the document cannot be mistaken for the field: its quotation
    marks are escaped.
    """
    return doc.replace(_NO_SECRET, b'"client_secret":"' + secret.encode() + b'"', 1)


async def _check_holder(tx: Tx, scope: Scope, wanted: WantedSession) -> None:
    if wanted.customer is not None:
        if await customer_rows.get(tx, scope, wanted.customer) is None:
            raise NoSuchReference("customer", wanted.customer, param="account_holder[customer]")
    elif wanted.account is not None:
        await connected_accounts.check(tx, scope, wanted.account, param="account_holder[account]")


def _session(session_id: str, scope: Scope, wanted: WantedSession) -> Session:
    return Session(
        id=session_id,
        account_holder=_holder(wanted),
        accounts=List(data=(), has_more=False, url=ACCOUNTS_URL),
        client_secret=None,
        filters=Filters(
            account_subcategories=wanted.filters.account_subcategories,
            country=wanted.filters.country,
            require_payment_method_support=wanted.filters.require_payment_method_support,
        ),
        limits=UNSET if wanted.accounts_max is None else Limits(accounts=wanted.accounts_max),
        livemode=scope.livemode,
        manual_entry=ManualEntry(mode=wanted.manual_entry_mode),
        permissions=wanted.permissions,
        prefetch=wanted.prefetch,
        return_url=UNSET if wanted.return_url is None else wanted.return_url,
    )


def _holder(wanted: WantedSession) -> AccountHolder:
    return AccountHolder(
        type=wanted.holder_type,
        account=UNSET if wanted.account is None else wanted.account,
        customer=UNSET if wanted.customer is None else wanted.customer,
    )
