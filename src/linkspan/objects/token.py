"""A token that stands for bank account details."""

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects.bank_account import BankAccount


class Token(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="token"):
    """A single-use token, met as a Session's ``bank_account_token``."""

    object: ClassVar[Literal["token"]] = "token"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``btok_…`` or ``tok_…``. Since 2022-05."""

    client_ip: str | None
    """Address of the client that made the token; null when unknown. Since 2022-05."""

    created: int
    """When the token was made, in Unix seconds. Since 2022-05."""

    livemode: bool
    """True in live mode, false in test mode. Since 2022-05."""

    type: str
    """What the token stands for, such as ``bank_account``. Since 2022-05."""

    used: bool
    """True when the token was used; it cannot be used again. Since 2022-05."""

    bank_account: BankAccount | UnsetType = UNSET
    """The bank account without its digits; absent unless ``type`` is ``bank_account``. Since
    2022-05."""
