"""Writes what a SimpleFIN server answers, in the form of either protocol."""

from collections.abc import Iterable

import msgspec

from linkspan.standards.simplefin.records import AccountSet


def write_account_set(accounts: AccountSet) -> bytes:
    """Write the answer to GET /accounts in the protocol of its ``version``.

    An account of protocol 1 must say its ``org``, one of protocol 2 its ``conn_id``.
    """
    missing = "org" if accounts.version == "1" else "conn_id"
    for account in accounts.accounts:
        if getattr(account, missing) is None:
            raise ValueError(f"{missing} is missing on account {account.id}")
    if accounts.version == "1":
        errors = [trouble.msg for trouble in accounts.troubles]
        return msgspec.json.encode({"errors": errors, "accounts": accounts.accounts})
    return msgspec.json.encode(
        {
            "errlist": accounts.troubles,
            "connections": accounts.connections,
            "accounts": accounts.accounts,
        }
    )


def write_info(versions: Iterable[str]) -> bytes:
    """Write the answer to GET /info."""
    return msgspec.json.encode({"versions": list(versions)})
