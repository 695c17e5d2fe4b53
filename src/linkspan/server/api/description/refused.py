"""What can be refused, with which status, type and code, from the table that refusals are rendered by."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import msgspec

from linkspan.server.api.error_codes import CODES
from linkspan.server.api.errors import OF_THE_MODAL, RENDERED, render, row_of
from linkspan.server.api.routing import Route
from linkspan.server.core.refusals import (
    BadParameter,
    IdempotencyInUse,
    MissingParameter,
    NoKey,
    NoSuchObject,
    Refusal,
)

_BUG: Final = 500
# An id in the address may be unknown; only a POST has a body and an idempotency key.
_OF_AN_ID: Final = frozenset({404})
_OF_A_POST: Final = frozenset({409, 413})


@dataclass(frozen=True, slots=True)
class Explained:
    """One code of the API's errors."""

    code: str
    error_type: str
    statuses: tuple[int, ...]
    text: str


def refusals() -> tuple[type[Refusal], ...]:
    """Return every refusal that a method of the API may answer, in the order of the table."""
    return tuple(cls for parent in RENDERED if parent not in OF_THE_MODAL for cls in _family(parent))


def _family(parent: type[Refusal]) -> Iterator[type[Refusal]]:
    """Yield *parent* and what has no row of its own below it."""
    yield parent
    for cls in parent.__subclasses__():
        if cls not in RENDERED:
            yield from _family(cls)


def explained() -> tuple[Explained, ...]:
    """Return every code by its name; one that no refusal has for itself is a bad parameter's."""
    rows = []
    for code, text in sorted(CODES.items()):
        known: list[type[Refusal]] = [*refusals(), *OF_THE_MODAL]
        classes = [cls for cls in known if cls.code == code] or [BadParameter]
        (_, error_type), *_ = (row_of(cls) for cls in classes)
        rows.append(Explained(code, error_type, tuple(sorted({row_of(cls)[0] for cls in classes})), text))
    return tuple(rows)


def statuses() -> tuple[int, ...]:
    """Return every status that is not a success."""
    return (*sorted({row_of(cls)[0] for cls in refusals()}), _BUG)


def statuses_of(route: Route) -> tuple[int, ...]:
    """Return every status but success that a route may answer."""
    impossible = set() if "{" in route.template else set(_OF_AN_ID)
    if route.method != "POST":
        impossible |= _OF_A_POST
    return tuple(status for status in statuses() if status not in impossible)


def told(status: int) -> str:
    """Return what a status means, in words, with the codes it comes with."""
    meaning = f"{HTTPStatus(status).phrase}: {_MEANINGS[status]}"
    codes = [row.code for row in explained() if status in row.statuses and not _is_modals(row.code)]
    return f"{meaning} Codes: {', '.join(f'`{code}`' for code in codes)}." if codes else meaning


def refused_example(status: int, server: str) -> Any:
    """Return the body of an error of that status, as this server writes it; None where nobody wrote one."""
    refusal = _EXAMPLES.get(status)
    if refusal is None:
        return None
    return msgspec.json.decode(render(refusal, server=server, request_id=_REQUEST)[1])


def _is_modals(code: str) -> bool:
    """Tell whether only the modal is answered *code*."""
    return any(cls.code == code for cls in OF_THE_MODAL)


_REQUEST: Final = "req_1TqVXyAbCdEfGhIjKlMnOpQr"
_EXAMPLES: Final = {
    400: MissingParameter("account_holder"),
    401: NoKey(),
    404: NoSuchObject("customer", "cus_TqVXyAbCdEfGhI", param="id"),
    409: IdempotencyInUse("order-7"),
}
_MEANINGS: Final = {
    400: "the request cannot be carried out as it is.",
    401: "who is asking is not established.",
    403: "the key may not do this.",
    404: "nothing that the key can see has this id.",
    409: "another request with the same idempotency key is under way.",
    413: "the body is longer than any request.",
    429: "too many requests; try again a little later.",
    500: "a mistake of the server's; the request may be sent again with its idempotency key.",
}
