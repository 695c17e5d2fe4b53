"""Adds what only preview versions show to what every version does.

Documents are kept as the newest version writes them, so that it goes on costing
nothing; what previews show besides stands in columns beside them.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from linkspan.objects import Account, Session
from linkspan.server.core.deactivation import action_after
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.operations.session_secrets import url_of
from linkspan.server.operations.whole_sessions import as_of, whole
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import sessions as session_rows
from linkspan.server.store import subscriptions as subscription_rows
from linkspan.server.store.driver import Tx

_OF_SESSIONS: Final = (
    "hosted",
    "relink_options",
    "relink_result",
    "status",
    "status_details",
    "ui_mode",
    "url",
)


async def shown(tx: Tx, context: Context, scope: Scope, body: bytes) -> bytes:
    """Return *body* as the newest preview version writes it."""
    answer = msgspec.json.decode(body)
    for found in _objects_in(answer):
        if found["object"] == Account.object:
            await _add_to_account(tx, scope, found)
        elif found["object"] == Session.object:
            await _add_to_session(tx, context, scope, found)
    return msgspec.json.encode(answer)


def _objects_in(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield every object with a name in an answer, at any depth."""
    if isinstance(answer, list):
        for item in answer:
            yield from _objects_in(item)
    elif isinstance(answer, dict):
        for value in answer.values():
            yield from _objects_in(value)
        if isinstance(answer.get("object"), str):  # in an event's data, the object itself has that key
            yield answer


async def _add_to_account(tx: Tx, scope: Scope, account: dict[str, Any]) -> None:
    beside = await account_rows.get_beside(tx, scope, account["id"])
    if beside is None:
        return
    standing = await authorization_rows.get_standing(tx, scope, beside.authorization)
    account["authorization"] = beside.authorization
    account["institution"] = None if standing is None else standing.institution
    if "inferred_balances_refresh" not in account:  # an event shows it as it was
        refresh = beside.inferred_balances_refresh
        account["inferred_balances_refresh"] = None if refresh is None else msgspec.Raw(refresh)
    account["subscriptions"] = await subscription_rows.of_account(tx, scope, account["id"])
    if account["status"] == "inactive":
        cause = beside.inactive_cause or "unspecified"
        inactive = {"action": action_after(cause), "cause": cause}
        account["status_details"] = {**account.get("status_details", {}), "inactive": inactive}


async def _add_to_session(tx: Tx, context: Context, scope: Scope, session: dict[str, Any]) -> None:
    row = await session_rows.get_whole(tx, scope, session["id"])
    if row is None:
        return
    now = context.world.seconds()
    session_now = as_of(whole(row), expires_at=row.expires_at, now=now)
    complete = replace(session_now, url=url_of(context, row)).to_dict()
    session.update({name: complete[name] for name in _OF_SESSIONS if name in complete})
    session["filters"] = {**session["filters"], **complete["filters"]}
