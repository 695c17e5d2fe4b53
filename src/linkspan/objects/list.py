"""A page of objects."""

import re
from typing import Annotated, ClassVar, Final, Generic, Literal, TypeAlias, TypeVar

from msgspec import UNSET, Meta, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects.dialects import Members, Spelling

T = TypeVar("T")

_PATHS: Final = (
    ("/v1/financial_connections/accounts", "/v1/linked_accounts"),
    ("/v1/financial_connections/sessions", "/v1/link_account_sessions"),
)

# A list may be told from one of "2022-05" by its address alone. Refusing that
# address sends the list the slow way, on which it is turned into today's.
_TODAY: Final = f"^(?!({'|'.join(re.escape(then) for _, then in _PATHS)})([/?]|$))"
_Url: TypeAlias = Annotated[str, Meta(pattern=_TODAY)]


def _moved(url: str, old: str, new: str) -> str | None:
    """Return *url* below *new* instead of *old*, None where it is not below *old*."""
    rest = url.removeprefix(old)
    return new + rest if url.startswith(old) and rest[:1] in {"", "/", "?"} else None


def _url_up(members: Members) -> Members:
    """Return *members* with the address of today."""
    url = members.get("url")
    for today, then in _PATHS:
        if isinstance(url, str) and (moved := _moved(url, then, today)) is not None:
            members["url"] = moved
    return members


def _url_down(members: Members) -> Members:
    """Return *members* with the address of "2022-05"."""
    for today, then in _PATHS:
        if (moved := _moved(members["url"], today, then)) is not None:
            members["url"] = moved
    return members


class List(ApiObject, Generic[T], frozen=True, kw_only=True, tag_field="object", tag="list"):
    """One page of objects; `url` asks for more of them."""

    in_2022_05: ClassVar[Spelling] = Spelling(values_up=_url_up, values_down=_url_down)
    """The paths had other names."""

    object: ClassVar[Literal["list"]] = "list"
    """Type of the object. Since 2022-05."""

    data: tuple[T, ...]
    """The objects of this page, in the order of the list. Since 2022-05."""

    has_more: bool
    """True when objects follow after this page. Since 2022-05."""

    url: _Url
    """Path of the list, without host; may carry a query. A Session's ``accounts.url`` has no filter for
    the Session. Since 2022-05."""

    total_count: int | UnsetType = UNSET
    """How many objects the whole list has, a count; absent unless the server counts them. Since 2022-05."""
