"""A page of objects that knows the addresses of its neighbors."""

from typing import Generic, TypeVar

from linkspan.objects._base import ApiObject

T = TypeVar("T")


class LinkedPage(ApiObject, Generic[T], frozen=True, kw_only=True):
    """One page of a list of the second generation of the API; it has no ``object``."""

    data: tuple[T, ...]
    """The objects of this page, in the order of the list. Since 2024-09-30.acacia."""

    next_page_url: str | None
    """Path with a query, without host, of the page that follows; null on the last one. Since
    2024-09-30.acacia."""

    previous_page_url: str | None
    """Path with a query, without host, of the page before; null on the first one. Since
    2024-09-30.acacia."""
