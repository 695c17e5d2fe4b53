"""What one authorized FDX request may see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from starlette.requests import Request

from linkspan.sandbank.accounts import LOOKBACK_DAYS, HeldAccount, accounts_of
from linkspan.sandbank.bank import bank_of, brand_of
from linkspan.sandbank.brand import Brand
from linkspan.sandbank.cursors import read_cursor, write_cursor
from linkspan.sandbank.people import PEOPLE, Person
from linkspan.sandbank.register import Grant
from linkspan.sandbank.unsteady import is_broken, is_empty
from linkspan.standards.fdx import Error, Transaction

_T = TypeVar("_T")

# The page size of a bank that is asked for none, and the most it gives.
_LIMIT: Final = 100
# How many rows of a page an unsteady bank shows again on the next.
_OVERLAP: Final = 3
# Today and the six days before: what a bank shows when no dates are sent.
_DEFAULT_DAYS: Final = 7


class Refused(Exception):
    """A request declined with a code of FDX, which is not the HTTP status."""

    def __init__(self, status: int, code: int, message: str, debug: str, challenge: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.error = Error(code=code, message=message, debug_message=debug)
        self.challenge = challenge


@dataclass(frozen=True, slots=True)
class Reading:
    """Who is asked about, at which brand, when, and which accounts they shared."""

    request: Request
    brand: Brand
    person: Person
    now: datetime
    grant: Grant
    accounts: tuple[HeldAccount, ...]

    def account(self, *, is_closed_refused: bool = False) -> HeldAccount:
        """Return the account of the path; one that was not shared is not there."""
        wanted = self.request.path_params["account_id"]
        for account in self.accounts:
            if account.id == wanted:
                if is_closed_refused and account.plan.status == "CLOSED":
                    raise Refused(409, 705, "Account is closed", "nothing is kept for a closed account")
                return account
        raise Refused(404, 701, "Account not found", "the account does not exist or was not shared")

    def within_dates(self, rows: Sequence[Transaction]) -> list[Transaction]:
        """Return the rows of the days asked for: by posting, else by when they were made."""
        first, last = self._dates()
        return [row for row in rows if first <= _filed_on(row) <= last]

    def page(self, rows: Sequence[_T], id_of: Callable[[_T], str]) -> tuple[Sequence[_T], str | None]:
        """Return the rows of the page asked for, and the key of the next one.

        A key names the last row that was shown, so rows that arrive at the top
        between two requests neither repeat nor hide any.
        """
        rest = rows
        if key := self._page_key():
            ids = [id_of(row) for row in rows]
            last = read_cursor(key)
            if last not in ids:
                raise Refused(404, 601, "Data not found", "the page key is not one of this list")
            rest = rows[ids.index(last) + 1 :]
        limit = self._limit()
        shown = rest[:limit]
        return shown, write_cursor(id_of(shown[-1])) if len(rest) > limit else None

    def unsteady_page(self, rows: Sequence[_T]) -> tuple[Sequence[_T], str | None]:
        """Return a page that begins with the last rows of the one before; its key is good for an hour."""
        hour = self.now.strftime("%Y-%m-%dT%H")
        first, key = 0, self._page_key()
        if is_empty(self.now):
            return (), None
        if key is not None:
            said, _, place = (read_cursor(key) or "").partition("/")
            if said != hour or not place.isdigit():
                raise Refused(404, 601, "Data not found", "the page key is not one of this list any more")
            if is_broken(self.now):
                raise Refused(503, 500, "Internal server error", "the list breaks off here today")
            first = int(place)
        limit = self._limit()
        shown, last = rows[first : first + limit], first + limit
        more = write_cursor(f"{hour}/{last - min(_OVERLAP, limit - 1)}") if last < len(rows) else None
        return shown, more

    def _dates(self) -> tuple[date, date]:
        query = self.request.query_params
        # FDX 5 knows the pair with Time only, and passes over what it does not know.
        pairs = [("startTime", "endTime")]
        if self.brand.version == "6":
            pairs.insert(0, ("startDate", "endDate"))
        today = self.now.date()
        for start, end in pairs:
            if start in query or end in query:
                first, last = _date(query.get(start), start), _date(query.get(end), end)
                if first > last:
                    raise _bad_range(f"{start} is after {end}")
                if first < today - timedelta(days=LOOKBACK_DAYS):
                    raise _bad_range(f"{start} is more than {LOOKBACK_DAYS} days ago")
                return first, last
        return today - timedelta(days=_DEFAULT_DAYS - 1), today

    def _page_key(self) -> str | None:
        query = self.request.query_params
        return (query.get("pageKey") if self.brand.version == "6" else None) or query.get("offset")

    def _limit(self) -> int:
        text = self.request.query_params.get("limit", str(_LIMIT))
        if not text.isascii() or not text.isdigit() or int(text[:9]) == 0:
            raise Refused(400, 601, "Data not found", "limit must be a number from 1")
        return min(int(text[:9]), _LIMIT)


def authorized(request: Request, scope: str) -> Reading:
    """Return what the token of *request* may read, or refuse (RFC 6750 section 3).

    *scope* is the name of a field of ``brands.Scopes``.
    """
    bank, brand = bank_of(request), brand_of(request)
    if request.path_params["version"] != f"v{brand.version}":
        raise Refused(404, 601, "Data not found", f"this bank speaks FDX {brand.version}")
    realm = f'Bearer realm="{brand.slug}"'
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused(401, 602, "Customer not authorized", "no access token", realm)
    grant = bank.register.grant_of(token.strip())
    if grant is None or grant.consent.brand != brand.slug:
        challenge = f'{realm}, error="invalid_token", error_description="the access token has ended"'
        raise Refused(401, 602, "Customer not authorized", "the access token has ended", challenge)
    consent, needed = grant.consent, getattr(brand.scopes, scope)
    if needed not in consent.scopes:
        challenge = f'{realm}, error="insufficient_scope", scope="{needed}"'
        raise Refused(403, 602, "Customer not authorized", f"the token lacks {needed}", challenge)
    person = PEOPLE[consent.username]
    held = accounts_of(person, brand, bank.seed)
    shared = tuple(account for account in held if account.id in consent.accounts)
    if brand.conduct.renames_accounts:
        shared = tuple(replace(account, id=f"{account.id}-{grant.id}") for account in shared)
    return Reading(request, brand, person, bank.time(), grant, shared)


def _filed_on(row: Transaction) -> date:
    filed_at = row.posted_timestamp or row.transaction_timestamp
    if filed_at is None:
        raise ValueError(f"transaction_timestamp is missing on {row.transaction_id}")
    return filed_at.date()


def _date(text: str | None, name: str) -> date:
    if text is None:
        raise _bad_range(f"{name} is missing beside its twin")
    try:
        # A time of day is allowed, and nothing but its date counts.
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise _bad_range(f"{name} is no date") from None


def _bad_range(debug: str) -> Refused:
    return Refused(400, 703, "Invalid date range", debug)
