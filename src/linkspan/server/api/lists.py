"""The parameters and the envelope that lists have in common."""

from collections.abc import Sequence
from typing import Any, Final

from linkspan.server.api.params import Param, hash_of, id_of_one, integer, reads
from linkspan.server.core.refusals import ExclusiveParameters
from linkspan.server.operations.pages import Between, Paging

LIMIT_DEFAULT: Final = 10
# Long after any bank's last day.
_INSTANT_MAX: Final = 10**12

_instant: Final = integer(at_least=0, at_most=_INSTANT_MAX)
_bounds: Final = hash_of({name: Param(_instant) for name in ("gt", "gte", "lt", "lte")})

PAGING: Final = {
    "limit": Param(
        integer(at_least=1, at_most=100), about=f"How many objects to return; {LIMIT_DEFAULT} if not said."
    ),
    "starting_after": Param(id_of_one, about="Id of an object of the list: only what follows it."),
    "ending_before": Param(id_of_one, about="Id of an object of the list: only what comes before it."),
}


@reads({"anyOf": [_instant.schema, _bounds.schema]}, unsets=True)
def instant_or_range(raw: Any, path: str) -> Between:
    """Read one instant, or a hash of bounds."""
    if isinstance(raw, dict):
        return Between(**_bounds(raw, path))
    instant = _instant(raw, path)
    return Between(gte=instant, lte=instant)


def paging_of(values: dict[str, Any]) -> Paging:
    """Return the paging parameters of a list, defaults filled in."""
    after, before = values.get("starting_after"), values.get("ending_before")
    if after is not None and before is not None:
        raise ExclusiveParameters("starting_after", "ending_before")
    return Paging(limit=values.get("limit") or LIMIT_DEFAULT, starting_after=after, ending_before=before)


def envelope(url: str, docs: Sequence[bytes], *, has_more: bool) -> bytes:
    """Return the list of *docs*, which are written as they are kept."""
    more = b"true" if has_more else b"false"
    return b'{"object":"list","data":[%b],"has_more":%b,"url":"%b"}' % (b",".join(docs), more, url.encode())
