"""Lists of the second generation of the API: each page tells the addresses of its neighbors."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from linkspan.server.api.lists import LIMIT_DEFAULT, PAGING
from linkspan.server.api.params import Param, filled, reads
from linkspan.server.core.refusals import BadParameter, ExclusiveParameters
from linkspan.server.operations.pages import Between, Page, Paging

_PREFIX: Final = "page_"
_LIMIT_MAX: Final = 100


class Bounds(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A stretch of time, in Unix seconds."""

    gt: int | None = None
    gte: int | None = None
    lt: int | None = None
    lte: int | None = None

    @property
    def between(self) -> Between:
        """The stretch, as lists are asked for it."""
        return Between(gt=self.gt, gte=self.gte, lt=self.lt, lte=self.lte)


class Token(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What the address of a page says: where it begins, and what its list was asked for."""

    starting_after: str | None = None
    ending_before: str | None = None
    limit: int = LIMIT_DEFAULT
    include: tuple[str, ...] = ()
    types: tuple[str, ...] | None = None
    object_id: str | None = None
    created: Bounds | None = None

    @property
    def paging(self) -> Paging:
        """The page that is asked for."""
        return Paging(limit=self.limit, starting_after=self.starting_after, ending_before=self.ending_before)


class _Id(msgspec.Struct):
    id: str


@reads({"type": "string", "pattern": "^page_[A-Za-z0-9_=-]+$"})
def _token(raw: Any, path: str) -> Token:
    """Read the end of a page's address; it comes back from outside, so all of it is checked."""
    text = filled(raw, path).removeprefix(_PREFIX)
    try:
        token = msgspec.json.decode(urlsafe_b64decode(text), type=Token)
    except (ValueError, msgspec.DecodeError):
        token = Token(limit=0)
    if not 1 <= token.limit <= _LIMIT_MAX or (token.starting_after is None) == (token.ending_before is None):
        raise BadParameter(f"Invalid {path}: must come from the address of a page.", param=path)
    return token


LINKED: Final = {
    "limit": PAGING["limit"],
    "page": Param(_token, about="The end of the address of another page; it goes alone."),
}


def asked_for(values: Mapping[str, Any]) -> Token:
    """Return which page is wanted, of which list."""
    token: Token | None = values.get("page")
    if token is None:
        return Token(**{name: value for name, value in values.items() if value is not None})
    others = [name for name in values if name != "page"]
    if others:
        raise ExclusiveParameters("page", others[0])
    return token


def envelope(path: str, page: Page, token: Token) -> bytes:
    """Return one page with the addresses of its neighbors."""
    is_back = token.ending_before is not None
    has_next = is_back or page.has_more
    has_previous = page.has_more if is_back else token.starting_after is not None
    following = previous = None
    if page.docs and has_next:
        following = _address(path, token, starting_after=_id_of(page.docs[-1]))
    if page.docs and has_previous:
        previous = _address(path, token, ending_before=_id_of(page.docs[0]))
    return b'{"data":[%b],"next_page_url":%b,"previous_page_url":%b}' % (
        b",".join(page.docs),
        msgspec.json.encode(following),
        msgspec.json.encode(previous),
    )


def _address(
    path: str, token: Token, *, starting_after: str | None = None, ending_before: str | None = None
) -> str:
    there = msgspec.structs.replace(token, starting_after=starting_after, ending_before=ending_before)
    return f"{path}?page={_PREFIX}{urlsafe_b64encode(msgspec.json.encode(there)).decode()}"


def _id_of(doc: bytes) -> str:
    return msgspec.json.decode(doc, type=_Id).id
