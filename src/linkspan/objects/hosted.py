"""How a hosted Session reaches its end user, and where it leaves them."""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open

DeliveryMethod: TypeAlias = Literal["email", "url"]
DELIVERY_METHODS: Final[tuple[DeliveryMethod, ...]] = get_args(DeliveryMethod)


class Hosted(ApiObject, frozen=True, kw_only=True):
    """What is particular to a Session whose panes are a page of the server's own."""

    delivery_method: Open[DeliveryMethod] | UnsetType = UNSET
    """``email`` when the server writes to the end user, ``url`` when the program passes on the address;
    absent unless the Session relinks. Since 2026-03-25.preview."""

    return_url: str | None
    """Where the end user is sent afterwards; null when the page is the end. Since 2026-03-25.preview."""
