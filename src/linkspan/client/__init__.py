"""Calls any Financial Connections server, this one or Stripe's."""

from typing import TYPE_CHECKING

from linkspan.client._breaking import BreakingChangeWarning
from linkspan.client._errors import (
    APIConnectionError,
    APIError,
    AuthenticationError,
    CardError,
    IdempotencyError,
    InvalidRequestError,
    LinkspanError,
    PermissionDeniedError,
    RateLimitError,
)
from linkspan.client._transport import AsyncTransport, Request, Response, Transport
from linkspan.client._version import NEWEST_VERSION, __version__

if TYPE_CHECKING:
    from linkspan.client._async.client import AsyncClient
    from linkspan.client._async.pages import AsyncPage
    from linkspan.client._sync.client import Client
    from linkspan.client._sync.pages import Page

__all__ = [
    "NEWEST_VERSION",
    "APIConnectionError",
    "APIError",
    "AsyncClient",
    "AsyncPage",
    "AsyncTransport",
    "AuthenticationError",
    "BreakingChangeWarning",
    "CardError",
    "Client",
    "IdempotencyError",
    "InvalidRequestError",
    "LinkspanError",
    "Page",
    "PermissionDeniedError",
    "RateLimitError",
    "Request",
    "Response",
    "Transport",
    "__version__",
]


def __getattr__(name: str) -> object:
    """Import a client when it is first wanted: few programs use both, and each is half of the room."""
    match name:
        case "Client" | "Page":
            from linkspan.client._sync import client, pages  # noqa: PLC0415 - the point of the function

            loaded = {"Client": client.Client, "Page": pages.Page}
        case "AsyncClient" | "AsyncPage":
            from linkspan.client._async import client as async_client  # noqa: PLC0415 - the same
            from linkspan.client._async import pages as async_pages  # noqa: PLC0415 - the same

            loaded = {"AsyncClient": async_client.AsyncClient, "AsyncPage": async_pages.AsyncPage}
        case _:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals().update(loaded)
    return loaded[name]
