"""Reads posted forms, without the multipart parser that Starlette would ask for."""

from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request

# The longest form is a consent with every account ticked: well under a kilobyte.
_BYTES_MAX: Final = 16 * 1024
_FIELDS_MAX: Final = 64


class UnreadableForm(Exception):
    """The body is too long, or not a form."""


async def read_form(request: Request) -> ImmutableMultiDict[str, str]:
    """Return the fields of an application/x-www-form-urlencoded body."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BYTES_MAX:
            raise UnreadableForm("the body is too long")
    try:
        return ImmutableMultiDict(
            parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_MAX)
        )
    except ValueError:
        raise UnreadableForm("the body is no form") from None
