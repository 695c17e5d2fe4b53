"""A business connected to the platform, as far as account linking needs it."""

from typing import ClassVar, Literal

from linkspan.objects._base import ApiObject


class ConnectedAccount(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="account"):
    """A platform's connected account, met where ``account_holder.account`` is expanded.

    Only its identity is modeled; everything else the API sends is in ``extra``.
    """

    object: ClassVar[Literal["account"]] = "account"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``acct_…``. Since 2022-05."""
