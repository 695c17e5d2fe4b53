"""What later refreshes and payments need of the bank, sealed beside each Account."""

import msgspec

from linkspan.objects import decode_as, encode
from linkspan.server.core.found import FoundNumber
from linkspan.server.core.scope import Scope
from linkspan.server.operations import sealing
from linkspan.server.operations.context import Context
from linkspan.server.store import accounts as account_rows
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place


class BankDetails(msgspec.Struct, frozen=True):
    """The bank's own id of an account, and the digits money reaches it with."""

    source_id: str
    numbers: tuple[FoundNumber, ...]
    currency: str | None = None
    """Lower-case ISO 4217 code of what moves on the account, where the bank told it."""


async def sealed(tx: Tx, context: Context, scope: Scope, account_id: str, details: BankDetails) -> bytes:
    """Return *details* so that they open for this Account only."""
    return await sealing.seal(tx, context, _place(scope, account_id), encode(details))


async def of(tx: Tx, context: Context, scope: Scope, account_id: str) -> BankDetails | None:
    """Return the details of an Account; none once it is disconnected."""
    kept = await account_rows.get_bank_details(tx, scope, account_id)
    if kept is None:
        return None
    opened = await sealing.opened(tx, context, _place(scope, account_id), kept)
    return decode_as(opened, BankDetails)


def _place(scope: Scope, account_id: str) -> Place:
    return Place("accounts", "bank_details", account_id, scope)
