"""The FDX resources of a brand, for whoever brings an access token."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from linkspan.sandbank.bank import bank_of, brand_of
from linkspan.sandbank.brand import Answer
from linkspan.sandbank.people import PEOPLE
from linkspan.sandbank.reading import Reading, Refused, authorized
from linkspan.sandbank.statements import consent, descriptor, detail, payment_networks, transactions
from linkspan.standards.fdx import Customer, Error
from linkspan.standards.fdx.writer import (
    write_account,
    write_accounts,
    write_consent,
    write_contact,
    write_customer,
    write_error,
    write_payment_networks,
    write_transactions,
)

_HEADERS: Final = {"content-type": "application/json", "cache-control": "no-store"}

Endpoint = Callable[[Request], Awaitable[Response]]


def _resource(write: Callable[[Reading], bytes], scope: str, *, is_slow: bool = False) -> Endpoint:
    """Return an endpoint that answers what *write* says, or why it may not."""

    async def endpoint(request: Request) -> Response:
        bank, conduct = bank_of(request), brand_of(request).conduct
        if is_slow and conduct.pause_seconds:
            await bank.pause(conduct.pause_seconds)
        if conduct.answers != "as asked":
            return _unhelpful(conduct.answers, bank.time())
        try:
            return Response(write(authorized(request, scope)), headers=_HEADERS)
        except Refused as refused:
            challenge = {"www-authenticate": refused.challenge} if refused.challenge else {}
            return Response(write_error(refused.error), refused.status, {**_HEADERS, **challenge})

    return endpoint


def _unhelpful(answer: Answer, now: datetime) -> Response:
    """Answer what has nothing to do with the question."""
    match answer:
        case "maintenance":
            # Every maintenance ends with the next hour.
            wait = 2 * 3600 - now.minute * 60 - now.second
            error = Error(code=503, message="Scheduled Maintenance")
            return Response(write_error(error), 503, {**_HEADERS, "retry-after": str(wait)})
        case "too many":
            return Response(status_code=429, headers={"retry-after": "60"})
        case "unheard of":
            error = Error(code=1999, message="Something")  # no code of FDX
            return Response(write_error(error), 400, _HEADERS)
        case _:
            return HTMLResponse("<!doctype html><title>Welcome to online banking</title>")


def _customer(reading: Reading) -> bytes:
    return write_customer(Customer(customer_id=f"customer-{reading.person.username}"))


def _accounts(reading: Reading) -> bytes:
    """Write what was shared, without balances: a list promises none."""
    rows, next_page = reading.page(reading.accounts, lambda account: account.id)
    return write_accounts(map(descriptor, rows), version=reading.brand.version, next_page=next_page)


def _account(reading: Reading) -> bytes:
    return write_account(detail(reading.account(), reading.now), version=reading.brand.version)


def _contact(reading: Reading) -> bytes:
    match reading.account().plan.owners:
        case "the person":
            return write_contact(reading.person.contact)
        case "two":
            return write_contact(PEOPLE["avery"].contact)
        case "a business":
            return write_contact(PEOPLE["harborfinch"].contact)
        case "untold":
            raise Refused(404, 601, "Data not found", "nobody is known to own the account")
        case "unreadable":
            return b'{"holders": "not told"}'


def _payment_networks(reading: Reading) -> bytes:
    held = reading.account(is_closed_refused=True)
    if held.plan.payment == "untold":
        raise Refused(404, 601, "Data not found", "the numbers of the account are not given")
    consent_age = int(reading.now.timestamp() - reading.grant.begins_at)
    networks = payment_networks(held, consent_age=consent_age)
    return write_payment_networks(networks, version=reading.brand.version)


def _transactions(reading: Reading) -> bytes:
    """Write the transactions of the dates asked for, newest first."""
    held = reading.account(is_closed_refused=True)
    rows = reading.within_dates(transactions(held, reading.now))
    if reading.brand.is_unsteady:
        shown, next_page = reading.unsteady_page(rows)
    else:
        shown, next_page = reading.page(rows, lambda row: row.transaction_id)
    return write_transactions(shown, version=reading.brand.version, next_page=next_page)


def _consent(reading: Reading) -> bytes:
    """Write the consent that the token came from, and no other."""
    if not reading.brand.has_consent_records:
        raise Refused(501, 1107, "Not implemented", "this bank keeps no records of consents")
    if reading.request.path_params["consent_id"] != reading.grant.id:
        raise Refused(404, 601, "Data not found", "the consent does not exist or is another one's")
    return write_consent(consent(reading.grant))


# Below a brand's base URL: the path, what answers it, the scope it needs.
RESOURCES: Final[tuple[tuple[str, Endpoint], ...]] = (
    ("/customers/current", _resource(_customer, "accounts")),
    ("/consents/{consent_id}", _resource(_consent, "accounts")),
    ("/accounts", _resource(_accounts, "accounts", is_slow=True)),
    ("/accounts/{account_id}", _resource(_account, "accounts")),
    ("/accounts/{account_id}/contact", _resource(_contact, "customers")),
    ("/accounts/{account_id}/payment-networks", _resource(_payment_networks, "accounts")),
    ("/accounts/{account_id}/transactions", _resource(_transactions, "transactions")),
)
