"""Erases what belongs to a deleted tenant, or hangs on a deleted customer, to the last row."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from linkspan.server.core.caller import Caller
from linkspan.server.core.retention import DELETED_SECONDS
from linkspan.server.core.scope import Scope
from linkspan.server.operations import accounts, pruning, revocations
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import leftovers
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import deletions as deletion_rows
from linkspan.server.store import erasing
from linkspan.server.store.deletions import EVERYTHING
from linkspan.server.store.driver import Tx

# A person who is at a bank comes back within ten minutes, with a grant that is to be ended there.
SETTLED_SECONDS: Final = 15 * 60
_READ_AT_ONCE: Final = 500
_ID: Final = re.compile(rb"\b(?:cus|fca|fcsess|pi|pm|seti)_[A-Za-z0-9]+")
# What hangs on an account, and on a Session.
_OF_ACCOUNT: Final = (
    "inferred_balances",
    "ownerships",
    "refreshes",
    "relinks",
    "subscriptions",
    "transaction_refreshes",
    "transactions",
)
_OF_SESSION: Final = ("attempts", "links", "relinks")
_OF_EVENT: Final = ("deliveries", "delivery_attempts")


async def delete_tenant(tx: Tx, context: Context, scope: Scope) -> None:
    """Let nobody in as this tenant in this mode any more, end every permission, and erase the rest.

    The accounts connected to a platform are tenants of their own and go with it.
    """
    connected = await erasing.all_ids(tx, scope, "connected_accounts")
    for each in (scope, *(Scope(account, scope.livemode) for account in connected)):
        await erasing.erase_some(tx, each, "keys", limit=_READ_AT_ONCE)
        await authorization_rows.mark_all_revoking(tx, each)
        await leftovers.end_all(tx, context, each)
        await deletion_rows.insert(tx, each, EVERYTHING, deleted_at=context.world.seconds())
    tx.ring(revocations.BELL)


async def left_of(tx: Tx, scope: Scope) -> int:
    """Return how many permissions of a deleted tenant banks are still to be told of."""
    return len(await erasing.all_ids(tx, scope, "authorizations"))


async def is_any_due(tx: Tx, context: Context) -> bool:
    """Tell whether anything is to be erased now."""
    until = context.world.seconds() - DELETED_SECONDS
    return bool(await deletion_rows.due(tx, customers_until=until))


async def carry_out(context: Context, *, kept_seconds: int = DELETED_SECONDS) -> int:
    """Erase what is to be erased; return how many rows that was.

    What hangs on a customer goes when that was deleted *kept_seconds* ago.
    """
    until = context.world.seconds() - kept_seconds
    customers: dict[Scope, list[str]] = defaultdict(list)
    count = 0
    for one in await context.store.read(partial(deletion_rows.due, customers_until=until)):
        if one.customer == EVERYTHING:
            count += await _erase_tenant(context, one.scope)
        else:
            customers[one.scope].append(one.customer)
    for scope, some in customers.items():
        count += await _erase_customers(context, scope, some)
    return count


async def _erase_tenant(context: Context, scope: Scope) -> int:
    """Erase all rows of a tenant but what banks are still to be told with, and what unseals that."""
    count = 0
    for table in erasing.TABLES:
        if table != "data_keys":
            count += await pruning.little_by_little(
                context, partial(erasing.erase_some, scope=scope, table=table)
            )
    if count == 0:
        await context.store.write(lambda tx: _finish(tx, context, scope))
    return count


async def _finish(tx: Tx, context: Context, scope: Scope) -> None:
    """Forget the tenant's keys, and that it was to be erased, once nobody can come back any more."""
    left = await erasing.all_ids(tx, scope, "authorizations")
    settled = context.world.seconds() - SETTLED_SECONDS
    if not left and await deletion_rows.is_before(tx, scope, EVERYTHING, at=settled):
        await erasing.erase_some(tx, scope, "data_keys", limit=_READ_AT_ONCE)
        await deletion_rows.done(tx, scope, EVERYTHING)


async def _erase_customers(context: Context, scope: Scope, customers: Sequence[str]) -> int:
    """Erase what hangs on customers: accounts, Sessions, payment methods, and events that show them."""
    store, count = context.store, 0
    linked, methods = [], []
    for customer in customers:
        linked += await store.read(partial(_ids, scope, "accounts", "holder", customer))
        methods += await store.read(partial(_ids, scope, "payment_methods", "former_customer", customer))
    for account in linked:
        await store.write(partial(_disconnect, context=context, scope=scope, account=account))
        methods += await store.read(partial(_ids, scope, "payment_methods", "account", account))
    intents = await _mentioning(context, scope, "intents", ("doc",), (*customers, *methods))
    methods += [each for one in intents for each in await store.read(partial(_paid_with, scope, one))]
    sessions = await _mentioning(context, scope, "sessions", ("doc", "preview"), customers)
    named = (*customers, *linked, *methods, *intents, *sessions)
    events = await _mentioning(context, scope, "events", ("doc", "previewed"), named)
    await store.write(partial(leftovers.end_all, context=context, scope=scope, sessions=sessions))
    for account in linked:
        count += await store.write(partial(_erase, scope, "accounts", "account", account, _OF_ACCOUNT))
    for table, column, rows, hanging in (
        ("payment_methods", "", methods, ()),
        ("intents", "", intents, ()),
        ("sessions", "session", sessions, _OF_SESSION),
        ("events", "event", events, _OF_EVENT),
    ):
        for row in rows:
            count += await store.write(partial(_erase, scope, table, column, row, hanging))
    for customer in customers:
        await store.write(partial(deletion_rows.done, scope=scope, customer=customer))
    return count


async def erase_session(context: Context, scope: Scope, session: str) -> int:
    """Erase a Session, with the accounts it collected, which nobody is connected with any more."""
    linked = await context.store.read(partial(_ids, scope, "accounts", "session", session))
    count = 0
    for account in linked:
        count += await context.store.write(
            partial(_erase, scope, "accounts", "account", account, _OF_ACCOUNT)
        )
    return count + await context.store.write(
        partial(_erase, scope, "sessions", "session", session, _OF_SESSION)
    )


async def _ids(scope: Scope, table: str, column: str, value: str, tx: Tx) -> list[str]:
    return await erasing.ids_where(tx, scope, table, column, value)


async def _paid_with(scope: Scope, intent: str, tx: Tx) -> list[str]:
    """Return the payment methods that an intent names, which may be attached to nobody."""
    docs = await erasing.documents_of(tx, scope, "intents", intent)
    return [name.decode() for doc in docs for name in _ID.findall(doc) if name.startswith(b"pm_")]


async def _erase(scope: Scope, table: str, column: str, row: str, hanging: Iterable[str], tx: Tx) -> int:
    """Erase one row, and what hangs on it by a column of theirs."""
    count = sum([await erasing.erase(tx, scope, each, column, row) for each in hanging])
    return count + await erasing.erase(tx, scope, table, "id", row)


async def _disconnect(tx: Tx, context: Context, scope: Scope, account: str) -> None:
    """End an account whose customer was deleted by a release that left it connected."""
    await accounts.disconnect(tx, context, Caller(scope, None), account)


async def _mentioning(
    context: Context, scope: Scope, table: str, columns: Sequence[str], names: Iterable[str]
) -> list[str]:
    """Return the ids of a tenant's documents that name any of *names*."""
    wanted, found, after = {name.encode() for name in names}, [], ""
    while some := await context.store.read(
        partial(
            erasing.documents, scope=scope, table=table, columns=columns, after=after, limit=_READ_AT_ONCE
        )
    ):
        after = some[-1][0]
        found += [row for row, text in some if not wanted.isdisjoint(_ID.findall(text))]
    return found
