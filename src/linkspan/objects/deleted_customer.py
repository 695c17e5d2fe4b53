"""What is left of a customer that was deleted."""

from typing import ClassVar, Literal

from linkspan.objects._base import ApiObject


class DeletedCustomer(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="customer"):
    """A Customer that was deleted; nothing of it is kept but that."""

    object: ClassVar[Literal["customer"]] = "customer"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``cus_…``. Since 2022-05."""

    deleted: Literal[True]
    """Always true. Since 2022-05."""
