"""Replaces ids by the objects they name, where the caller asks for it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from linkspan.server.api.params import Param, array_of, text
from linkspan.server.core.refusals import BadParameter
from linkspan.server.core.scope import Scope
from linkspan.server.operations import connected_accounts, institutions
from linkspan.server.operations.context import Context
from linkspan.server.store import customers as customer_rows
from linkspan.server.store import ownerships as ownership_rows
from linkspan.server.store import payment_methods as payment_method_rows
from linkspan.server.store.driver import Tx

EXPAND: Final = {"expand": Param(array_of(text, most=20))}

_Get: TypeAlias = Callable[[Tx, Context, Scope, str], Awaitable[bytes | None]]


def _row(get: Callable[[Tx, Scope, str], Awaitable[bytes | None]]) -> _Get:
    """Return a getter of what is kept in rows."""
    return lambda tx, _context, scope, row_id: get(tx, scope, row_id)


async def _method(tx: Tx, _context: Context, scope: Scope, method_id: str) -> bytes | None:
    row = await payment_method_rows.get(tx, scope, method_id)
    return None if row is None else row.doc


# How each property that can be expanded is read, and the resource it belongs to.
_EXPANDED: Final[Mapping[str, tuple[_Get, str]]] = {
    "account": (connected_accounts.find, "connected_accounts"),
    "customer": (_row(customer_rows.get), "customers"),
    "payment_method": (_method, "payment_methods"),
    "ownership": (_row(ownership_rows.get), "accounts"),
    "institution": (institutions.shown, "institutions"),
}


def check(paths: tuple[str, ...], expandable: frozenset[str], *, is_list: bool) -> None:
    """Refuse a path that this route cannot expand."""
    for index, path in enumerate(paths):
        within = path.removeprefix("data.") if is_list else path
        if within not in expandable or (is_list and within == path):
            raise BadParameter(f"This property cannot be expanded ({path}).", param=f"expand[{index}]")


def resources(paths: tuple[str, ...]) -> set[str]:
    """Return what has to be read to expand *paths*."""
    return {_EXPANDED[path.rpartition(".")[2]][1] for path in paths}


async def expand(tx: Tx, context: Context, scope: Scope, body: bytes, paths: tuple[str, ...]) -> bytes:
    """Return *body* with the objects that *paths* name in full."""
    answer = msgspec.json.decode(body)
    for path in paths:
        await _expand(tx, context, scope, answer, path.split("."))
    return msgspec.json.encode(answer)


async def _expand(tx: Tx, context: Context, scope: Scope, value: Any, parts: list[str]) -> None:
    if isinstance(value, list):
        for item in value:
            await _expand(tx, context, scope, item, parts)
    elif isinstance(value, dict) and len(parts) > 1:
        await _expand(tx, context, scope, value.get(parts[0]), parts[1:])
    elif isinstance(value, dict) and isinstance(value.get(parts[0]), str):
        get, _ = _EXPANDED[parts[0]]
        doc = await get(tx, context, scope, value[parts[0]])
        if doc is not None:
            value[parts[0]] = msgspec.json.decode(doc)
