"""Reads what a SimpleFIN server answers, protocol 1 or 2, without being told which.

Protocol 2 has ``errlist`` and ``connections`` where protocol 1 has ``errors``
and ``org``. Anything else is a MalformedField, for any bytes.
"""

from functools import partial
from typing import Annotated

import msgspec

from linkspan.standards.json_documents import read_json
from linkspan.standards.simplefin.records import (
    ACCOUNTS_MAX,
    TEXT_LENGTH_MAX,
    Account,
    AccountSet,
    Connection,
    Text,
    Trouble,
)

_read = partial(read_json, "simplefin")

# What a text of protocol 1 says is never known; this says no more than that something is wrong.
UNTOLD = "gen."


class _Document(msgspec.Struct, frozen=True):
    accounts: Annotated[tuple[Account, ...], msgspec.Meta(max_length=ACCOUNTS_MAX)]
    errors: Annotated[tuple[Text, ...], msgspec.Meta(max_length=ACCOUNTS_MAX)] = ()
    errlist: Annotated[tuple[Trouble, ...], msgspec.Meta(max_length=ACCOUNTS_MAX)] | None = None
    connections: Annotated[tuple[Connection, ...], msgspec.Meta(max_length=ACCOUNTS_MAX)] | None = None


class _Info(msgspec.Struct, frozen=True):
    versions: Annotated[tuple[Text, ...], msgspec.Meta(max_length=TEXT_LENGTH_MAX)]


def read_account_set(data: bytes) -> AccountSet:
    """Read the answer to GET /accounts.

    The texts of protocol 1's ``errors`` become troubles with the code ``gen.``.
    """
    found = _read(data, _Document)
    if found.errlist is None and found.connections is None:
        troubles = tuple(Trouble(code=UNTOLD, msg=text) for text in found.errors)
        return AccountSet(version="1", accounts=found.accounts, troubles=troubles)
    return AccountSet(
        version="2",
        accounts=found.accounts,
        connections=found.connections or (),
        troubles=found.errlist or (),
    )


def read_info(data: bytes) -> tuple[str, ...]:
    """Read the answer to GET /info: the versions of the protocol that the server speaks."""
    return _read(data, _Info).versions
