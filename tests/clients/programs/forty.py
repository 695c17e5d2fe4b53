"""Forty calls through the official package, written as one could have written them in 2022.

Run with the address of a server, an API key, and the version to speak; an
empty one is the version that the package pins. Lines on standard output ask
for what a program cannot do, each answered by a line on standard input; the
last one tells in a few words what every call gave.
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import stripe

# Any: the package of 2022 has no types, and today's has others.
OFFICIAL: Any = stripe
Customer: Any = stripe.Customer
Session: Any = stripe.financial_connections.Session
Account: Any = stripe.financial_connections.Account


class Transaction(stripe.financial_connections.Account):
    """A resource that the package of 2022 does not know, reached the way it reaches its own."""

    OBJECT_NAME: ClassVar[Any] = "financial_connections.transaction"


def ask(**what: Any) -> None:
    """Let the test do something, and wait until it is done."""
    print(json.dumps(what), flush=True)
    sys.stdin.readline()


class Told:
    """Makes calls, and keeps what each of them gave."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, call: Callable[..., Any], *arguments: Any, **params: Any) -> Any:
        """Make one call; return what it gave, be it an error."""
        try:
            found = call(*arguments, **params)
        except Exception as error:  # noqa: BLE001 - its class has another module in each package
            found = error
        self.lines.append(in_words(found))
        return found


def in_words(found: Any) -> str:
    """Return what matters of an answer, without what differs from run to run."""
    if isinstance(found, Exception):
        error: Any = found
        about = getattr(error, "param", None) or "-"
        return f"{type(error).__name__} {error.http_status} {error.code} {about}"
    if found.object == "list":
        kinds = sorted({each.object for each in found.data}) or ["nothing"]
        return f"{len(found.data)} {' '.join(kinds)}, {'more' if found.has_more else 'the last'}"
    return " ".join([found.object, *_details(json.loads(str(found)))])


def _details(shown: dict[str, Any]) -> Iterator[str]:
    """Yield what a program would look at: how things stand, and what is there in full."""
    for name in ("name", "metadata"):
        if shown.get(name):
            yield str(shown[name])
    if shown.get("deleted"):
        yield "deleted"
    if shown["object"] == "financial_connections.session":
        yield f"accounts={len(shown['accounts']['data'])}"
    if shown["object"] == "financial_connections.account":
        yield from _of_account(shown)


def _of_account(shown: dict[str, Any]) -> Iterator[str]:
    yield f"{shown['status']} {shown['subcategory']}"
    for name in ("balance", "ownership"):
        if shown[f"{name}_refresh"]:
            yield f"{name}={shown[f'{name}_refresh']['status']}"
    if isinstance(shown["ownership"], dict):
        yield f"owners={len(shown['ownership']['owners']['data'])}"


def main(server: str, key: str, version: str) -> list[str]:
    """Make forty calls, and return what they gave."""
    OFFICIAL.api_base, OFFICIAL.api_key = server, key
    OFFICIAL.api_version = version or OFFICIAL.api_version
    told = Told()
    robin = customers(told)
    link(told, robin)
    account = accounts(told, robin)
    data(told, account, robin)
    end(told, account, robin)
    return told.lines


def customers(told: Told) -> Any:
    """Make, repeat, change and page through customers."""
    robin = told(Customer.create, name="Robin Park", idempotency_key="robin")
    told(Customer.create, name="Robin Park", idempotency_key="robin")
    told(Customer.create, name="Somebody Else", idempotency_key="robin")
    told(Customer.retrieve, robin.id)
    told(Customer.modify, robin.id, metadata={"order": "6735"})
    avery = told(Customer.create, name="Avery Lindqvist", email="avery@example.com")
    told(Customer.list, limit=1)
    told(Customer.list, limit=1, starting_after=avery.id)
    told(Customer.retrieve, robin.id, api_key="sk_live_of_nobody_here")
    return robin


def link(told: Told, robin: Any) -> None:
    """Make Sessions, wrong ones too, and let somebody link accounts."""
    wanted = {
        "account_holder": {"type": "customer", "customer": robin.id},
        "permissions": ["balances", "ownership", "transactions"],
    }
    told(Session.create, **wanted | {"permissions": ["balances", "everything"]})
    told(Session.create, **wanted, color="blue")
    told(Session.create, **wanted | {"account_holder": {"type": "customer", "customer": "cus_of_nobody"}})
    told(Session.create, permissions=["balances"])
    made = told(Session.create, **wanted, expand=["account_holder.customer"])
    told(Session.retrieve, made.id)
    ask(link=made.client_secret)
    told(Session.retrieve, made.id)
    told(Session.retrieve, made.id, expand=["accounts.data.ownership"])
    told(Session.retrieve, "fcsess_of_nobody")
    told(Account.list, session=made.id)


def accounts(told: Told, robin: Any) -> Any:
    """Page through the linked accounts both ways, and look at one."""
    holder = {"customer": robin.id}
    first = told(Account.list, account_holder=holder, limit=1).data[0]
    second = told(Account.list, account_holder=holder, limit=1, starting_after=first.id).data[0]
    told(Account.list, account_holder=holder, limit=1, ending_before=second.id)
    told(Account.list, limit=1, starting_after="fca_of_nobody")
    told(Account.list, limit=101)
    told(Account.retrieve, first.id)
    told(Account.retrieve, "fca_of_nobody")
    told(Account.retrieve, first.id, expand=["balance"])
    return first


def data(told: Told, account: Any, robin: Any) -> None:
    """Refresh an account, and read its owners and transactions."""
    told(Transaction.list, account=account.id)
    told(Account.refresh_account, account.id, features=["balance", "ownership", "transactions"])
    ask(settle=account.id)
    fresh = told(Account.retrieve, account.id, expand=["ownership"])
    told(Account.list, account_holder={"customer": robin.id}, expand=["data.ownership"])
    told(Account.list_owners, account.id, ownership=fresh.ownership.id)
    page = told(Transaction.list, account=account.id, limit=3)
    told(Transaction.list, account=account.id, limit=3, starting_after=page.data[-1].id)
    told(Transaction.list, account=account.id, transacted_at={"gt": page.data[0].transacted_at})
    told(Transaction.retrieve, page.data[0].id)


def end(told: Told, account: Any, robin: Any) -> None:
    """End access, and forget the customer."""
    told(Account.disconnect, account.id)
    told(Account.refresh_account, account.id, features=["balance"])
    told(Customer.delete, robin.id)
    told(Customer.retrieve, robin.id)


if __name__ == "__main__":
    print(json.dumps({"told": main(*sys.argv[1:])}))
