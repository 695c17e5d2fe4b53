"""Who pays with a PaymentMethod: a Customer, or an Account that is used as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from linkspan.objects import PaymentMethod
from linkspan.server.core.refusals import ExclusiveParameters, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.operations import connected_accounts
from linkspan.server.store import customers as customer_rows
from linkspan.server.store.driver import Tx

Field: TypeAlias = Literal["customer", "customer_account"]
FIELDS: Final[tuple[Field, ...]] = ("customer", "customer_account")


@dataclass(frozen=True, slots=True)
class Payer:
    """Whom a PaymentMethod is attached to, or is to be."""

    field: Field
    """The name of the parameter, and of the field it becomes."""
    id: str


def payer_of(method: PaymentMethod) -> Payer | None:
    """Return whom *method* is attached to; none when it is to nobody."""
    if method.customer is not None:
        return Payer("customer", str(method.customer))
    return Payer("customer_account", method.customer_account) if method.customer_account else None


def wanted_one(wanted: Mapping[str, Any]) -> Payer | None:
    """Return who is named to pay, as a Customer or as an Account used as one."""
    given = [Payer(field, wanted[field]) for field in FIELDS if field in wanted]
    if len(given) > 1:
        raise ExclusiveParameters(given[0].field, given[1].field)
    return given[0] if given else None


async def check(tx: Tx, scope: Scope, payer: Payer) -> None:
    """Refuse a parameter that names nobody who could pay."""
    if payer.field == "customer_account":
        await connected_accounts.check(tx, scope, payer.id, param=payer.field)
    elif await customer_rows.get(tx, scope, payer.id) is None:
        raise NoSuchReference("customer", payer.id, param=payer.field)
