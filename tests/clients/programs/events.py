"""Reads what happened through the official package of any year, and prints it as JSON.

Run as `calls.py` is, against a server whose accounts speak the version of that year.
"""

import json
import sys
from typing import Any

import stripe

# Any: each year's package has types of its own, and the first one has none.
OFFICIAL: Any = stripe
CONNECTIONS: Any = stripe.financial_connections


def link(client_secret: str) -> None:
    """Let the test link accounts, and wait until it is done."""
    print(json.dumps({"link": client_secret}), flush=True)
    sys.stdin.readline()


def main(server: str, key: str, version: str) -> dict[str, Any]:
    """Link accounts, and return the events of that as the package decodes them."""
    OFFICIAL.api_base, OFFICIAL.api_key = server, key
    OFFICIAL.api_version = version or OFFICIAL.api_version
    customer = OFFICIAL.Customer.create(name="Robin Park")
    session = CONNECTIONS.Session.create(
        account_holder={"type": "customer", "customer": customer.id}, permissions=["balances"]
    )
    link(session.client_secret)
    listed = OFFICIAL.Event.list(type="financial_connections.account.created")
    alone = OFFICIAL.Event.retrieve(listed.data[0].id)
    return {
        "kinds": sorted({type(event.data.object).__name__ for event in listed.data}),
        "versions": sorted({event.api_version for event in listed.data}),
        "is_alike": str(alone) == str(listed.data[0]),
        "account": json.loads(str(alone.data.object)),
    }


if __name__ == "__main__":
    print(json.dumps({"told": main(*sys.argv[1:])}))
