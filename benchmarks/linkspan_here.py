"""Starts ``linkspan dev`` on a file, with something in it to ask for."""

import asyncio
import os
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from benchmarks.pinned import Running, started
from benchmarks.samples import account, ownership, transaction
from linkspan import Client
from linkspan.cli.opening import bare_context
from linkspan.objects import Account, encode
from linkspan.server.api.auth import AnyTestKey
from linkspan.server.config import MasterKeys
from linkspan.server.connectors.tokens import Tokens, grant_of
from linkspan.server.core.ledger import Entry
from linkspan.server.core.scope import Scope
from linkspan.server.operations import bank_details, master_key, sealing
from linkspan.server.operations.bank_details import BankDetails
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import ownerships as ownership_rows
from linkspan.server.store import transaction_refreshes as refresh_rows
from linkspan.server.store import transactions as transaction_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.sqlite import open_store
from linkspan.server.vault.sealed import Place

KEY: Final = "sk_test_benchmark"
INSTITUTION: Final = "fcinst_busy"
SOURCE_ID: Final = "busy"
"""What the account's bank, if it is running, calls it."""
_AUTHORIZATION: Final = "fcauth_benchmark"
_OWNERSHIP: Final = "fcaowns_1Q9cC2L8zK3vYw7RkN5tHb2M"
_ROWS_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Linkspan:
    """A running server, and what it knows."""

    server: Running
    customer: str
    session: str
    account: str
    """One with owners, and with as many transactions as were asked for."""


@contextmanager
def linkspan(
    folder: Path, *, processor: int | None, transactions: int = 0, bank: str | None = None
) -> Iterator[Linkspan]:
    """Run a server whose database is a file in *folder*, synced at each commit.

    Its account is kept by the busy bank at *bank*, if one is running.
    """
    key = os.urandom(32)
    database = folder / "linkspan.db"
    linked = replace(account(), ownership=_OWNERSHIP)
    asyncio.run(_insert(database, key, linked, transactions))
    command = ["-m", "linkspan.cli", "dev", "--port", "0", "--json", "--database", f"sqlite:///{database}"]
    command += ["--bank", bank, "--bank-secret", "benchmark"] if bank else []
    environment = {"LINKSPAN_MASTER_KEY": urlsafe_b64encode(key).decode()}
    with (
        started([sys.executable, *command], processor=processor, environment=environment) as server,
        Client(KEY, base_url=server.url) as client,
    ):
        customer = client.customers.create(name="Ada Lovelace", email="ada@example.com")
        session = client.sessions.create(
            account_holder={"type": "customer", "customer": customer.id},
            permissions=["balances", "transactions"],
        )
        yield Linkspan(server, customer.id, session.id, linked.id)


async def _insert(database: Path, key: bytes, linked: Account, transactions: int) -> None:
    """Keep one linked account with its owners and its transactions, as linking would have."""
    store = open_store(str(database))
    try:
        context = await master_key.hold(bare_context(store, MasterKeys(key)))
        scope = AnyTestKey(context.digests).scope_of(KEY)
        await store.write(lambda tx: _insert_account(tx, context, scope, linked))
        if transactions:
            await store.write(lambda tx: _insert_refresh(tx, scope, linked.id))
        for first in range(0, transactions, _ROWS_AT_ONCE):
            numbers = range(first, min(first + _ROWS_AT_ONCE, transactions))
            await store.write(partial(_insert_transactions, scope, linked.id, numbers))
    finally:
        await store.aclose()


async def _insert_account(tx: Tx, context: Context, scope: Scope, linked: Account) -> None:
    doc, details = encode(linked), BankDetails(SOURCE_ID, (), "usd")
    await account_rows.insert(
        tx,
        scope,
        linked.id,
        doc,
        session="fcsess_benchmark",
        holder="cus_benchmark",
        authorization=_AUTHORIZATION,
        status=linked.status,
        bank_details=await bank_details.sealed(tx, context, scope, linked.id, details),
    )
    await ownership_rows.insert(tx, scope, _OWNERSHIP, encode(ownership(_OWNERSHIP)), account=linked.id)
    grant = grant_of(Tokens(access_token="at-0", refresh_token=None, expires_at=None, scope=None))
    place = Place("authorizations", "granted", _AUTHORIZATION, scope)
    granted = await sealing.seal(tx, context, place, grant)
    await authorization_rows.insert(tx, scope, _AUTHORIZATION, institution=INSTITUTION, granted=granted)


async def _insert_refresh(tx: Tx, scope: Scope, account_id: str) -> None:
    """Note that the account's transactions were read once."""
    refresh = transaction(0).transaction_refresh
    await refresh_rows.insert(tx, scope, refresh, account=account_id, started_at=0)
    await refresh_rows.succeed(tx, scope, refresh)


async def _insert_transactions(scope: Scope, account_id: str, numbers: range, tx: Tx) -> None:
    rows = [replace(transaction(number), account=account_id) for number in numbers]
    entries = [Entry(transaction=row, source_id=row.id) for row in rows]
    await transaction_rows.insert(tx, scope, entries)
