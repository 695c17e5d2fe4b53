"""The calls of FDX that are made, each list read to its end."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Final, Literal, Protocol, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from linkspan.server.connectors.failures import (
    ConsentEnded,
    CredentialsRejected,
    InstitutionBrokeProtocol,
    InstitutionUnavailable,
    ListChanged,
)
from linkspan.server.connectors.http import Request, Response, Transport, service_failure
from linkspan.standards.fdx import (
    Account,
    AccountContact,
    ConsentGrant,
    MalformedField,
    Page,
    PaymentNetwork,
    Transaction,
    read_account,
    read_accounts,
    read_consent,
    read_contact,
    read_error,
    read_payment_networks,
    read_transactions,
)

# FDX pages hold 100 rows unless asked otherwise, so this is far beyond any person's
# accounts; reaching it is a failure, never a shorter list.
_PAGES_MAX: Final = 100
# The busiest account of half a year, a hundred rows a page, several times over.
_TRANSACTION_PAGES_MAX: Final = 5_000

# What banks answer to a key for the next page that is one no more.
_OF_A_LOST_PAGE: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.GONE}
)

# FDX's error 503: scheduled maintenance.
_MAINTENANCE: Final = 503

# As a step of a path these mean another place, percent-encoded or not (RFC 3986, section 5.2.4).
_UNUSABLE_IDS: Final = frozenset({"", ".", ".."})

_Read = TypeVar("_Read")
_Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NotGiven:
    """The bank does not give this resource of this account; the others may well be there."""

    status: int
    code: int | None
    """FDX's own code: 705 says the account is closed."""


class _Paged(Protocol):
    @property
    def page(self) -> Page: ...


_PagedRead = TypeVar("_PagedRead", bound=_Paged)


@dataclass(frozen=True, slots=True, kw_only=True)
class FdxClient:
    """One person's data at one bank.

    Every call may raise a `ConnectorFailure`; those about one account also raise
    `MalformedField` for an answer that breaks the standard.
    """

    transport: Transport
    base_url: str
    version: Literal["5", "6"]
    authorization: str = field(repr=False)
    """The access token, after the scheme it is used with."""

    async def accounts(self) -> tuple[Account, ...]:
        """GET /accounts: every account the grant covers.

        Unlike for the resources of one account there is nothing to go on with
        when this one cannot be read.
        """
        try:
            pages = await self._pages("/accounts", read_accounts, {})
        except MalformedField as broken:
            raise InstitutionBrokeProtocol(
                f"{self._host} sent FDX that cannot be read: {broken.field}"
            ) from None
        if isinstance(pages, NotGiven):
            if pages.status == HTTPStatus.FORBIDDEN:
                raise ConsentEnded(f"{self._host} no longer permits reading accounts")
            raise InstitutionBrokeProtocol(f"{self._host} answered {pages.status} instead of accounts")
        # A row that moved between two pages while they were read is listed twice.
        accounts = {account.account_id: account for page in pages for account in page.accounts}
        if not accounts.keys().isdisjoint(_UNUSABLE_IDS):
            raise InstitutionBrokeProtocol(f"{self._host} lists an account whose id cannot be asked for")
        return tuple(accounts.values())

    async def account(self, account_id: str) -> Account | NotGiven:
        """GET /accounts/{accountId}: the one place where balances are promised."""
        return await self._read(_path(account_id), read_account, {})

    async def consent(self, consent_id: str) -> ConsentGrant | NotGiven:
        """GET /consents/{consentId}: what the person consented to, and until when."""
        if consent_id in _UNUSABLE_IDS:
            return NotGiven(HTTPStatus.NOT_FOUND, None)
        return await self._read(f"/consents/{quote(consent_id, safe='')}", read_consent, {})

    async def contact(self, account_id: str) -> AccountContact | NotGiven:
        """GET /accounts/{accountId}/contact."""
        return await self._read(_path(account_id, "/contact"), read_contact, {})

    async def payment_networks(self, account_id: str) -> tuple[PaymentNetwork, ...] | NotGiven:
        """GET /accounts/{accountId}/payment-networks."""
        pages = await self._pages(_path(account_id, "/payment-networks"), read_payment_networks, {})
        if isinstance(pages, NotGiven):
            return pages
        return tuple(network for page in pages for network in page.payment_networks)

    async def transactions(
        self, account_id: str, *, from_on: date, to_on: date
    ) -> AsyncIterator[tuple[Transaction, ...] | NotGiven]:
        """GET /accounts/{accountId}/transactions of the days from *from_on* to *to_on*, page by page.

        Both ends are always sent: with neither a bank may answer the last seven
        days, with one it may refuse.
        """
        first, last = from_on.isoformat(), to_on.isoformat()
        window = (
            {"startTime": f"{first}T00:00:00Z", "endTime": f"{last}T23:59:59Z"}
            if self.version == "5"
            else {"startDate": first, "endDate": last}
        )
        path = _path(account_id, "/transactions")
        async for page in self._walk(path, read_transactions, window, pages_max=_TRANSACTION_PAGES_MAX):
            yield page if isinstance(page, NotGiven) else page.transactions

    @property
    def _host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    async def _pages(
        self, path: str, read: Callable[[bytes], _PagedRead], query: _Query
    ) -> list[_PagedRead] | NotGiven:
        """Read a whole list, whose pages are few, once more from its beginning if it changed meanwhile."""
        try:
            return await self._read_pages(path, read, query)
        except ListChanged:
            return await self._read_pages(path, read, query)

    async def _read_pages(
        self, path: str, read: Callable[[bytes], _PagedRead], query: _Query
    ) -> list[_PagedRead] | NotGiven:
        pages: list[_PagedRead] = []
        refused: NotGiven | None = None
        async for page in self._walk(path, read, query, pages_max=_PAGES_MAX):
            if isinstance(page, NotGiven):
                refused = page
            else:
                pages.append(page)
        return pages if refused is None else refused

    async def _walk(
        self, path: str, read: Callable[[bytes], _PagedRead], query: _Query, *, pages_max: int
    ) -> AsyncIterator[_PagedRead | NotGiven]:
        """Yield the pages of a list to its end, or fail: a list cut short would pass for a complete one."""
        seen: set[tuple[str, str]] = set()
        following: _Query = query
        for _ in range(pages_max):
            page = await self._read(path, read, following)
            if isinstance(page, NotGiven) and following is not query and page.status in _OF_A_LOST_PAGE:
                raise ListChanged(
                    f"{self._host} answered {page.status} to a key of its own for the next page"
                )
            yield page
            cursor = None if isinstance(page, NotGiven) else page.page.next_query
            if cursor is None:
                return
            if cursor in seen:
                raise InstitutionBrokeProtocol(f"{self._host} sends the same page of a list again")
            seen.add(cursor)
            following = {**query, cursor[0]: cursor[1]}
        raise InstitutionBrokeProtocol(f"{self._host} sends more than {pages_max} pages of one list")

    async def _read(self, path: str, read: Callable[[bytes], _Read], query: _Query) -> _Read | NotGiven:
        url = self.base_url.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")
        headers = {"accept": "application/json", "authorization": self.authorization}
        response = await self.transport.send(Request(method="GET", url=url, headers=headers))
        if response.status == HTTPStatus.NOT_IMPLEMENTED:
            return NotGiven(response.status, None)
        failure = service_failure(response, self._host)
        if isinstance(failure, InstitutionUnavailable) and _fdx_code(response) == _MAINTENANCE:
            failure.is_planned = True
        if failure is not None:
            raise failure
        if response.status == HTTPStatus.UNAUTHORIZED:
            raise CredentialsRejected(f"{self._host} no longer accepts the access token")
        if response.status >= HTTPStatus.BAD_REQUEST:
            return NotGiven(response.status, _fdx_code(response))
        return read(response.body)


def _path(account_id: str, resource: str = "") -> str:
    """Write the path of a resource; the id is the bank's own text and may hold any character."""
    return f"/accounts/{quote(account_id, safe='')}{resource}"


def _fdx_code(response: Response) -> int | None:
    try:
        return read_error(response.body).code
    except MalformedField:
        return None
