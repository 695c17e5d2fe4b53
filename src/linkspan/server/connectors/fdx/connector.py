"""The order in which things are asked of an FDX bank."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from typing import ClassVar, Final, Literal

from linkspan.objects import Balance
from linkspan.server.connectors import oauth
from linkspan.server.connectors.base import Grant, SendToBank, SetOutLater
from linkspan.server.connectors.failures import (
    InstitutionBrokeProtocol,
    InstitutionTimeout,
    InstitutionUnavailable,
    NotSupported,
)
from linkspan.server.connectors.fdx.client import FdxClient, NotGiven
from linkspan.server.connectors.fdx.mapping import (
    balance_from_fdx,
    consent_end_from_fdx,
    display_name_from_fdx,
    is_open_from_fdx,
    kind_from_fdx,
    last4_from_fdx,
    numbers_from_fdx,
    owners_from_fdx,
    transaction_from_fdx,
)
from linkspan.server.connectors.jose import held_key
from linkspan.server.connectors.line import Line
from linkspan.server.connectors.manifest import Manifest, manifest_of
from linkspan.server.connectors.registration import OAuthSettings, line_to
from linkspan.server.connectors.settings import OAUTH_SETTINGS, address, choice, oauth_settings, only_known
from linkspan.server.connectors.tokens import tokens_of
from linkspan.server.core.found import FoundAccount, FoundNumber, FoundOwner, FoundTransaction
from linkspan.server.core.institution import Institution
from linkspan.server.core.money import UnreadableMoney
from linkspan.standards.fdx import Account, MalformedField

# The member of a token answer that names the record of the consent (FDX Consent API).
_CONSENT_ID: Final = "fdxConsentId"

_SETTINGS: Final = OAUTH_SETTINGS | {"base_url", "version"}

# Enough to hide the bank's latency while a person waits, few enough not to look like an attack.
_ACCOUNTS_AT_ONCE: Final = 4

# FDX's error 705: the account is closed.
_ACCOUNT_CLOSED: Final = 705


@dataclass(frozen=True, slots=True)
class FdxConnector:
    """Speaks FDX 6 and 5 with any bank that has an OAuth 2.0 authorization server."""

    line: Line
    manifest: ClassVar[Manifest] = manifest_of("fdx")

    def check(self, institution: Institution) -> None:
        """Refuse settings that cannot work, with `InvalidSetting`."""
        only_known(institution, _SETTINGS)
        oauth_settings(institution)
        address(institution, "base_url")
        _version(institution)

    def called(self, institution: Institution) -> Sequence[str]:
        """Return the addresses of tokens and of data; those a person's browser visits are not among them."""
        return (oauth_settings(institution).token_endpoint, address(institution, "base_url"))

    def begin(
        self,
        institution: Institution,
        *,
        redirect_uri: str,
        state: str,
        random_bytes: Callable[[int], bytes],
    ) -> SendToBank | SetOutLater:
        """Return where the person signs in, beside what must be kept until they return."""
        settings = _oauth(institution)
        return oauth.begin(settings, redirect_uri=redirect_uri, state=state, random_bytes=random_bytes)

    async def set_out(self, institution: Institution, *, state: str, kept: bytes) -> SendToBank:
        """Sign the request or push it to the bank, as the settings ask for."""
        return await oauth.set_out(_oauth(institution), self.line, state=state, kept=kept)

    async def finish(
        self,
        institution: Institution,
        *,
        redirect_uri: str,
        kept: bytes,
        answer: Mapping[str, str],
        now: float,
    ) -> Grant:
        """Turn the bank's answer into a grant, or fail without a second try."""
        return await oauth.finish(
            _oauth(institution),
            self.line,
            redirect_uri=redirect_uri,
            kept=kept,
            answer=answer,
            now=now,
        )

    async def renew(
        self, institution: Institution, grant: Grant, *, now: float, is_refused: bool = False
    ) -> Grant:
        """Return a grant that is good for a while yet; store a new one before using it."""
        settings = _oauth(institution)
        return await oauth.renew(settings, self.line, grant, now=now, is_refused=is_refused)

    async def accounts(
        self, institution: Institution, grant: Grant, *, now: float, only: Collection[str] | None = None
    ) -> tuple[tuple[FoundAccount, ...], Grant]:
        """Return the accounts in the bank's order, with all it gives of each, or of those in *only*."""
        grant = await self.renew(institution, grant, now=now)
        client = self._client(institution, grant)
        listed = await client.accounts()
        ends_at = await _consent_end(client, grant)
        gate = asyncio.Semaphore(_ACCOUNTS_AT_ONCE)

        async def found(account: Account) -> FoundAccount:
            if only is not None and account.account_id not in only:
                return _listed(account)
            async with gate:
                return await _found(client, account, now=now)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(found(account)) for account in listed]
        except ExceptionGroup as failed:
            # One is as good as all: each says what to do next about the whole reading.
            raise failed.exceptions[0] from None
        return tuple(_until(task.result(), ends_at) for task in tasks), grant

    async def transactions(
        self,
        institution: Institution,
        grant: Grant,
        *,
        source_id: str,
        currency: str,
        from_on: date,
        to_on: date,
    ) -> AsyncIterator[tuple[FoundTransaction, ...]]:
        """Yield the movements of one account between two days, both included, page by page.

        A row that cannot be read is a failure rather than left out: a ledger
        with a hole looks complete.
        """
        pages = self._client(institution, grant).transactions(source_id, from_on=from_on, to_on=to_on)
        try:
            async for rows in pages:
                if isinstance(rows, NotGiven):
                    raise NotSupported(f"The bank answered {rows.status} instead of transactions")
                found = (transaction_from_fdx(row, currency=currency) for row in rows)
                yield tuple(transaction for transaction in found if transaction is not None)
        except (MalformedField, UnreadableMoney) as broken:
            raise InstitutionBrokeProtocol(
                f"The bank sent a transaction that cannot be read: {broken}"
            ) from None

    async def end(self, institution: Institution, grant: Grant) -> None:
        """Revoke the grant where the bank has a place to do so."""
        await oauth.revoke(_oauth(institution), self.line, grant)

    def _client(self, institution: Institution, grant: Grant) -> FdxClient:
        tokens = tokens_of(grant)
        key = None if tokens.held is None else held_key(tokens.held)
        return FdxClient(
            transport=line_to(oauth_settings(institution), self.line, key),
            base_url=address(institution, "base_url"),
            version=_version(institution),
            authorization=f"{'Bearer' if key is None else 'DPoP'} {tokens.access_token}",
        )


def _oauth(institution: Institution) -> OAuthSettings:
    """Return our registration, with which the record of the consent is remembered."""
    return replace(oauth_settings(institution), members=frozenset({_CONSENT_ID}))


def _version(institution: Institution) -> Literal["5", "6"]:
    """Both versions are read alike; only the names of a date range differ."""
    return "5" if choice(institution, "version", ("5", "6"), default="6") == "5" else "6"


async def _consent_end(client: FdxClient, grant: Grant) -> int | None:
    """Return when the consent behind *grant* ends, where the bank keeps a record of it that can be read.

    Few banks do yet, so one whose record is out of reach has its accounts read all the same.
    """
    consent_id = tokens_of(grant).members.get(_CONSENT_ID)
    if consent_id is None:
        return None
    try:
        consent = await client.consent(consent_id)
    except (MalformedField, InstitutionUnavailable, InstitutionTimeout):
        return None
    return None if isinstance(consent, NotGiven) else consent_end_from_fdx(consent)


def _until(found: FoundAccount, ends_at: int | None) -> FoundAccount:
    """Return *found* with when the consent ends: a stand-in was made for it, and is expected to end too."""
    if ends_at is None:
        return found
    numbers = tuple(
        replace(number, expires_at=ends_at) if number.tokenized else number for number in found.numbers
    )
    return replace(found, access_ends_at=ends_at, numbers=numbers)


def _listed(account: Account) -> FoundAccount:
    """Return what a list tells of an account."""
    category, subcategory = kind_from_fdx(account)
    return FoundAccount(
        source_id=account.account_id,
        category=category,
        subcategory=subcategory,
        display_name=display_name_from_fdx(account),
        last4=last4_from_fdx(account),
        is_open=is_open_from_fdx(account),
        balance=None,
        currency=account.currency.currency_code.lower() if account.currency else None,
        numbers=(),
        owners=(),
        is_whole=False,
    )


async def _found(client: FdxClient, listed: Account, *, now: float) -> FoundAccount:
    """Read everything about one account; what cannot be read is named and the rest kept."""
    problems: list[str] = []
    account, is_open = await _detail(client, listed, problems)
    shown = _listed(account)
    numbers = await _numbers(client, account, problems) if shown.category == "cash" else ()
    return replace(
        shown,
        is_open=is_open,
        balance=_balance(account, problems, now=now),
        numbers=numbers or (),
        are_numbers_told=numbers is not None,
        owners=await _owners(client, account, problems),
        is_whole=True,
        problems=tuple(problems),
    )


async def _detail(client: FdxClient, listed: Account, problems: list[str]) -> tuple[Account, bool]:
    """Return the account beside whether it is open; the list's own words where there is no detail."""
    try:
        detail = await client.account(listed.account_id)
    except MalformedField as broken:
        problems.append(f"account: {broken.field}")
        return listed, is_open_from_fdx(listed)
    if isinstance(detail, NotGiven):
        is_closed = detail.status == HTTPStatus.CONFLICT and detail.code == _ACCOUNT_CLOSED
        return listed, is_open_from_fdx(listed) and not is_closed
    if detail.account_id != listed.account_id:
        problems.append("account: accountId")
        return listed, is_open_from_fdx(listed)
    return detail, is_open_from_fdx(detail)


def _balance(account: Account, problems: list[str], *, now: float) -> Balance | None:
    try:
        return balance_from_fdx(account, now=now)
    except UnreadableMoney as unreadable:
        problems.append(f"balance: {unreadable}")
        return None


async def _numbers(
    client: FdxClient, account: Account, problems: list[str]
) -> tuple[FoundNumber, ...] | None:
    """Return how money reaches the account; None where the bank does not say."""
    try:
        networks = await client.payment_networks(account.account_id)
    except MalformedField as broken:
        problems.append(f"payment-networks: {broken.field}")
        return None
    return None if isinstance(networks, NotGiven) else numbers_from_fdx(networks)


async def _owners(client: FdxClient, account: Account, problems: list[str]) -> tuple[FoundOwner, ...]:
    try:
        contact = await client.contact(account.account_id)
    except MalformedField as broken:
        problems.append(f"contact: {broken.field}")
        return ()
    return () if isinstance(contact, NotGiven) else owners_from_fdx(contact)
