"""Calls any Financial Connections server, this one or Stripe's."""

from linkspan.client._async.client import AsyncClient
from linkspan.client._async.pages import AsyncPage
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
from linkspan.client._settings import NEWEST_VERSION
from linkspan.client._sync.client import Client
from linkspan.client._sync.pages import Page
from linkspan.client._transport import AsyncTransport, Request, Response, Transport

__all__ = [
    "NEWEST_VERSION",
    "APIConnectionError",
    "APIError",
    "AsyncClient",
    "AsyncPage",
    "AsyncTransport",
    "AuthenticationError",
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
]
