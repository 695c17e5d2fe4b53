"""Reads the forms of the control room."""

from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from linkspan.server.core.refusals import BadParameter, UnknownParameter

_BODY_BYTES_MAX: Final = 16 * 1024


async def read_form(request: Request, known: Collection[str]) -> list[tuple[str, str]]:
    """Return the parameters of a form, each by its name without brackets, in the order they came.

    One that is not *known* is refused, as is a body longer than any that is good.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _BODY_BYTES_MAX:
            raise BadParameter("The request is too long.", param="")
    try:
        sent = parse_qsl(body.decode(), keep_blank_values=True)
    except UnicodeDecodeError:
        raise BadParameter("The request is not UTF-8.", param="") from None
    pairs = [(name.partition("[")[0], value) for name, value in sent]
    for name, _ in pairs:
        if name not in known:
            raise UnknownParameter(name)
    return pairs
