"""Answers as an FDX bank with one account and as many transactions as asked for, a hundred a page.

Every answer is made before the first request, so that the bank costs next to nothing.
"""

import json
import sys
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs

import uvicorn
import uvloop

from benchmarks.linkspan_here import SOURCE_ID
from benchmarks.samples import PAGE_LENGTH, transaction
from linkspan.cli.serving import listen, origin_of
from linkspan.standards.fdx import AccountContact, Currency, DepositAccount, Transaction
from linkspan.standards.fdx.writer import (
    write_account,
    write_accounts,
    write_contact,
    write_payment_networks,
    write_transactions,
)

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_CENTS: Final = 100
# All of them within the half year that a first refresh asks for.
_APART_SECONDS: Final = 150


class BusyBank:
    """The answers of the bank by path, and by page key."""

    def __init__(self, origin: str, rows: int) -> None:
        now = datetime.now(UTC).replace(microsecond=0).timestamp()
        account = DepositAccount(
            account_id=SOURCE_ID,
            account_type="CHECKING",
            status="OPEN",
            currency=Currency(currency_code="USD"),
            current_balance=Decimal(1000),
        )
        self._pages = [_page(first, rows, now) for first in range(0, rows, PAGE_LENGTH)]
        self._answers: Mapping[str, bytes] = {
            "/directory.json": json.dumps([_entry(origin)]).encode(),
            "/fdx/accounts": write_accounts([account], version="6"),
            f"/fdx/accounts/{SOURCE_ID}": write_account(account, version="6"),
            f"/fdx/accounts/{SOURCE_ID}/contact": write_contact(AccountContact()),
            f"/fdx/accounts/{SOURCE_ID}/payment-networks": write_payment_networks([], version="6"),
        }

    async def __call__(self, scope: Message, _receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["path"].endswith("/transactions"):
            (key,) = parse_qs(scope["query_string"].decode()).get("pageKey", ["0"])
            body = self._pages[int(key)]
        else:
            body = self._answers[scope["path"]]
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _page(first: int, rows: int, now: float) -> bytes:
    last = min(first + PAGE_LENGTH, rows)
    shown = (_row(number, now) for number in range(first, last))
    more = str(last // PAGE_LENGTH) if last < rows else None
    return write_transactions(shown, version="6", next_page=more)


def _row(number: int, now: float) -> Transaction:
    """Write one of the sample transactions as its bank would."""
    told = transaction(number)
    at = datetime.fromtimestamp(now - number * _APART_SECONDS, UTC)
    return Transaction(
        account_category="DEPOSIT_ACCOUNT",
        transaction_id=f"post-{number}",
        reference_transaction_id=f"auth-{number}",
        transaction_timestamp=at,
        posted_timestamp=at,
        description=told.description,
        debit_credit_memo="DEBIT",
        status="POSTED",
        amount=Decimal(-told.amount) / _CENTS,
    )


def _entry(origin: str) -> dict[str, Any]:
    return {
        "slug": SOURCE_ID,
        "name": "Busy Bank",
        "connector": "fdx",
        "color": "#3f4652",
        "url": "https://busy.example",
        "countries": ["US"],
        "routing_numbers": ["130090003"],
        "aliases": [],
        "featured": True,
        "issuer": origin,
        "authorization_endpoint": f"{origin}/oauth/authorize",
        "token_endpoint": f"{origin}/oauth/token",
        "revocation_endpoint": f"{origin}/oauth/revoke",
        "base_url": f"{origin}/fdx",
        "scope": "read",
        "version": "6",
    }


async def main(rows: int) -> None:
    """Serve until told to end."""
    listening = listen("127.0.0.1", 0)
    origin = origin_of(listening)
    config = uvicorn.Config(BusyBank(origin, rows), access_log=False, log_level="error", lifespan="off")
    print(json.dumps({"url": origin}), flush=True)
    await uvicorn.Server(config).serve(sockets=[listening])


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
