"""Keeps the digits of bank accounts sealed, and tells equal ones by a mark."""

from linkspan.objects import decode_as, encode
from linkspan.server.core.found import FoundNumber
from linkspan.server.core.ids import mark_from
from linkspan.server.core.scope import Scope
from linkspan.server.operations import sealing
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place


async def sealed(tx: Tx, context: Context, place: Place, number: FoundNumber) -> bytes:
    """Return *number* so that it opens in *place* only."""
    return await sealing.seal(tx, context, place, encode(number))


async def opened(tx: Tx, context: Context, place: Place, kept: bytes) -> FoundNumber:
    """Return the number that was sealed in *place*."""
    return decode_as(await sealing.opened(tx, context, place, kept), FoundNumber)


def fingerprint(context: Context, scope: Scope, number: FoundNumber) -> str:
    """Return what is equal for equal numbers of one tenant in one mode, and says nothing of them."""
    mode = "live" if scope.livemode else "test"
    secret = f"{scope.tenant} {mode} {number.routing_number} {number.account_number}"
    return mark_from(context.digests.of(b"bank account", secret))
