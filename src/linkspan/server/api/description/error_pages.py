"""The pages that errors lead their readers to."""

import re
from typing import Final

from linkspan.server.api.description.markup import el, joined, page, prose
from linkspan.server.api.description.refused import explained, refusals
from linkspan.server.api.description.texts import sentences
from linkspan.server.api.errors import row_of

_REQUEST_ID: Final = re.compile(r"req_[0-9A-Za-z]{1,64}")


def errors_page() -> bytes:
    """Return the page about every code, and about refusals that have none."""
    rows = [
        el(
            "article",
            el("h2", el("code", row.code)),
            el("p", f"Status {' or '.join(map(str, row.statuses))}, type ", el("code", row.error_type)),
            el("p", prose(row.text)),
            id=row.code,
        )
        for row in explained()
    ]
    others = [
        joined(
            el("dt", f"{row_of(cls)[0]} ", el("code", row_of(cls)[1])),
            el("dd", prose(sentences(cls.__doc__))),
        )
        for cls in refusals()
        if cls.code is None
    ]
    main = el(
        "main",
        el("h1", "Errors"),
        el("p", prose(_OPENING)),
        rows,
        el("h2", "Without a code", id="without-a-code"),
        el("dl", others),
        el("p", el("a", "API reference", href="/docs")),
    )
    return page("Errors", main)


def request_page(request_id: str) -> bytes | None:
    """Return the page about one request, None where no request can have that id.

    It tells how to find the request and nothing about it: whoever follows the
    link has shown no key.
    """
    if not _REQUEST_ID.fullmatch(request_id):
        return None
    line = f'"request":"{request_id}"'
    main = el(
        "main",
        el("h1", "Request ", el("code", request_id)),
        el("p", "The log of this server has one line for every request. The line of this one has"),
        el("pre", el("code", line)),
        el("p", "Whoever runs the server finds it there; quote the id when you ask about the request."),
        el("p", el("a", "Errors", href="/docs/errors"), " · ", el("a", "API reference", href="/docs")),
    )
    return page(f"Request {request_id}", main)


_OPENING: Final = (
    "An error has a `type`, a `message` for the developer and, where there is one, a `code` for programs and "
    "the `param` at fault. The `Request-Id` of the answer names the request in the log of the server."
)
