"""Starts ``linkspan dev`` on a file, with something in it to ask for."""

import asyncio
import os
import secrets
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.pinned import Running, started
from benchmarks.samples import account
from linkspan import Client
from linkspan.objects import Account, encode
from linkspan.server.api.auth import AnyTestKey
from linkspan.server.core.scope import Scope
from linkspan.server.store import accounts as account_rows
from linkspan.server.store.sqlite import open_store
from linkspan.server.vault.digests import Digests

KEY: Final = "sk_test_benchmark"


@dataclass(frozen=True, slots=True)
class Linkspan:
    """A running server, and what it knows."""

    server: Running
    customer: str
    session: str
    account: str


@contextmanager
def linkspan(folder: Path, *, processor: int | None) -> Iterator[Linkspan]:
    """Run a server whose database is a file in *folder*, synced at each commit."""
    master_key = os.urandom(32)
    database = folder / "linkspan.db"
    linked = account()
    scope = AnyTestKey(Digests(master_key)).scope_of(KEY)
    asyncio.run(_insert(database, scope, linked))
    command = ["-m", "linkspan.cli", "dev", "--port", "0", "--json", "--database", f"sqlite:///{database}"]
    environment = {"LINKSPAN_MASTER_KEY": urlsafe_b64encode(master_key).decode()}
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


async def _insert(database: Path, scope: Scope, linked: Account) -> None:
    """Keep one linked account, as linking would have."""
    store = open_store(str(database))
    try:
        await store.write(
            lambda tx: account_rows.insert(
                tx,
                scope,
                linked.id,
                encode(linked),
                session="fcsess_benchmark",
                holder="cus_benchmark",
                authorization="fcauth_benchmark",
                status=linked.status,
                bank_details=secrets.token_bytes(400),
            )
        )
    finally:
        await store.aclose()
