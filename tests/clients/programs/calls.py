"""What a program does with this API through the official package, of any year, printed as JSON.

Run with the address of a server, an API key, and the version to speak; an
empty one is the version that the package pins. Lines on standard output ask for what a program cannot
do, each answered by a line on standard input; the last one tells what was seen.
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args, get_origin

import stripe

# Any: each year's package has types of its own, and the first one has none.
OFFICIAL: Any = stripe
CONNECTIONS: Any = stripe.financial_connections
FEATURES = ["balance", "ownership", "transactions"]
PERMISSIONS = ["balances", "ownership", "payment_method", "transactions"]


def ask(**what: Any) -> None:
    """Let the test do something, and wait until it is done."""
    print(json.dumps(what), flush=True)
    sys.stdin.readline()


def plain(found: Any) -> Any:
    """Return what the package decoded as JSON."""
    return json.loads(str(found))


def refusal(call: Callable[[], Any]) -> dict[str, Any]:
    """Return what the package raises, as a program looks at it."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - its class has another module in each package
        told: Any = error
        shown = {name: getattr(told, name, None) for name in ("code", "param", "http_status")}
        return {"class": type(error).__name__, "has_request_id": told.request_id[:4] == "req_", **shown}
    return {}


def surprises(found: Any, shown: Any, path: str) -> Iterator[str]:
    """Yield where an object is not what the package's own types say; the first package has no types."""
    if isinstance(shown, list):
        for item, each in zip(found, shown, strict=True):
            yield from surprises(item, each, path)
    elif isinstance(shown, dict):
        annotated = getattr(type(found), "__annotations__", {})
        types = {name: kind for name, kind in annotated.items() if name.islower() and name[0] != "_"}
        yield from (f"{path}.{name} is {wrong}" for name, wrong in _wrong(types, shown))
        for name, value in shown.items():
            yield from surprises(getattr(found, name, None), value, f"{path}.{name}")


def _wrong(types: dict[str, Any], shown: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields of one object that its types do not allow, with what is wrong."""
    if types:
        yield from ((name, "unknown") for name in shown if name not in {*types, "object"})
    for name, kind in types.items():
        if name not in shown and type(None) not in get_args(kind):
            yield name, "missing"
        words = _words(kind)
        if words and not words.issuperset(_texts(shown.get(name))):
            yield name, f"{shown[name]}"


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _words(kind: Any) -> set[str]:
    """Return the texts a field may have; none where it may have any."""
    if get_origin(kind) is Literal:
        return set(get_args(kind))
    parts = [part for part in get_args(kind) if part is not type(None)]
    words = [_words(part) for part in parts]
    return set().union(*words) if all(words) else set()


def awaiting_deposits() -> Any:
    """Return a SetupIntent whose account was typed, so that its holder has to tell of deposits."""
    intent = OFFICIAL.SetupIntent.create(
        payment_method_data={
            "type": "us_bank_account",
            "us_bank_account": {"account_number": "000123456789", "routing_number": "110000000"},
            "billing_details": {"name": "Robin Park"},
        },
    )
    return OFFICIAL.SetupIntent.confirm(intent.id)


def neighbors(account: str) -> dict[str, Any]:
    """Return what else there is around an account."""
    method = OFFICIAL.PaymentMethod.create(
        type="us_bank_account",
        us_bank_account={"financial_connections_account": account},
        billing_details={"name": "Robin Park"},
    )
    numbers = {"account_number": "000123456789", "routing_number": "110000000", "country": "US"}
    intent = OFFICIAL.PaymentIntent.create(amount=5000, currency="usd", payment_method=method.id)
    found = {
        "payment_intent": OFFICIAL.PaymentIntent.confirm(intent.id),
        "payment_method": method,
        "setup_intent": awaiting_deposits(),
        "token": OFFICIAL.Token.create(bank_account=numbers),
    }
    if hasattr(CONNECTIONS, "Transaction"):  # releases before December 2023 know none
        found["transactions"] = CONNECTIONS.Transaction.list(account=account, limit=3)
    return found


def main(server: str, key: str, version: str) -> dict[str, Any]:
    """Create, retrieve, list, page, expand, refresh and fail; return what was seen."""
    OFFICIAL.api_base, OFFICIAL.api_key = server, key
    OFFICIAL.api_version = version or OFFICIAL.api_version
    filters = {"country": "US"} if OFFICIAL.api_version >= "2026-09-30" else {"countries": ["US"]}

    customer = OFFICIAL.Customer.create(name="Robin Park", idempotency_key="a customer")
    again = OFFICIAL.Customer.create(name="Robin Park", idempotency_key="a customer")
    holder = {"type": "customer", "customer": customer.id}
    session = CONNECTIONS.Session.create(account_holder=holder, permissions=PERMISSIONS, filters=filters)
    ask(link=session.client_secret)
    session = CONNECTIONS.Session.retrieve(session.id)

    listed = CONNECTIONS.Account.list(account_holder={"customer": customer.id}, limit=1)
    walked = [account.id for account in listed.auto_paging_iter()]
    started = CONNECTIONS.Account.refresh_account(walked[0], features=FEATURES)
    ask(settle=walked[0])
    account = CONNECTIONS.Account.retrieve(walked[0], expand=["ownership"])
    owners = CONNECTIONS.Account.list_owners(walked[0], ownership=account.ownership.id)
    seen = {
        "customer": customer,
        "session": session,
        "account": account,
        "owners": owners,
        **neighbors(walked[0]),
    }
    gone = CONNECTIONS.Account.disconnect(walked[-1])
    return {
        "version": session.last_response.headers["stripe-version"],
        "is_replayed": again.id == customer.id
        and again.last_response.headers["idempotent-replayed"] == "true",
        "collected": [each.id for each in session.accounts.data],
        "page": [len(listed.data), listed.has_more],
        "walked": walked,
        "started": [started.balance_refresh.status, started.ownership_refresh.status],
        "ended": [account.balance_refresh.status, account.ownership_refresh.status],
        "names": [owner.name for owner in owners.data],
        "expanded": [owner.name for owner in account.ownership.owners.data],
        "gone": [gone.id, gone.status],
        "missing": refusal(lambda: CONNECTIONS.Account.retrieve("fca_of_nobody")),
        "wrong": refusal(lambda: CONNECTIONS.Session.create(account_holder=holder, permissions=["all"])),
        "shown": {name: plain(found) for name, found in seen.items()},
        "surprises": [each for name, found in seen.items() for each in surprises(found, plain(found), name)],
    }


if __name__ == "__main__":
    print(json.dumps({"told": main(*sys.argv[1:])}))
