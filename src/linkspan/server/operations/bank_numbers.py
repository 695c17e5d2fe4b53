"""Keeps the digits of bank accounts sealed, and tells equal ones by a mark."""

from linkspan.objects import decode_as, encode
from linkspan.server.core.found import FoundNumber
from linkspan.server.core.ids import mark_from
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.vault.sealed import Place


def sealed(context: Context, scope: Scope, table: str, row_id: str, number: FoundNumber) -> bytes:
    """Return *number* so that it opens for this row of *table* only."""
    return context.vault.seal(encode(number), Place(table, "numbers", row_id, scope))


def opened(context: Context, scope: Scope, table: str, row_id: str, kept: bytes) -> FoundNumber:
    """Return the number that was sealed for a row."""
    return decode_as(context.vault.open(kept, Place(table, "numbers", row_id, scope)), FoundNumber)


def fingerprint(context: Context, scope: Scope, number: FoundNumber) -> str:
    """Return what is equal for equal numbers of one tenant in one mode, and says nothing of them."""
    mode = "live" if scope.livemode else "test"
    secret = f"{scope.tenant} {mode} {number.routing_number} {number.account_number}"
    return mark_from(context.digests.of(b"bank account", secret))
