"""Writes lists in Stripe's envelope."""

from collections.abc import Sequence
from typing import Any, Final

from linkspan.server.api.params import Param, id_of_one, integer
from linkspan.server.core.refusals import ExclusiveParameters
from linkspan.server.operations.pages import Paging

LIMIT_DEFAULT: Final = 10

PAGING: Final = {
    "limit": Param(integer(at_least=1, at_most=100)),
    "starting_after": Param(id_of_one),
    "ending_before": Param(id_of_one),
}


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
