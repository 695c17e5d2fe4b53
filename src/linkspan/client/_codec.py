"""Turns arguments into a request, a response into an object or an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from urllib.parse import quote

import msgspec

from linkspan.client._errors import (
    APIError,
    AuthenticationError,
    CardError,
    IdempotencyError,
    InvalidRequestError,
    LinkspanError,
    PermissionDeniedError,
    RateLimitError,
)
from linkspan.client._form import encode_form
from linkspan.client._settings import Settings
from linkspan.client._transport import Request, Response
from linkspan.client._version import __version__
from linkspan.objects import ApiError, DecodeError, ErrorBody, decode_as

T = TypeVar("T")

Params = Mapping[str, object]

# Stripe's limit for an idempotency key, in characters.
_KEY_LENGTH_MAX: Final = 255

# RFC 9110, 15.3.
_SUCCESS: Final = range(200, 300)

_BY_STATUS: Final[Mapping[int, type[LinkspanError]]] = {
    400: InvalidRequestError,
    401: AuthenticationError,
    402: CardError,
    403: PermissionDeniedError,
    404: InvalidRequestError,
    429: RateLimitError,
}


class Codec:
    """Writes the requests and reads the responses of one client."""

    def __init__(self, settings: Settings, random_bytes: Callable[[int], bytes]) -> None:
        self._settings = settings
        self._random_bytes = random_bytes
        self._headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {settings.api_key}",
            "Stripe-Version": settings.version,
            "User-Agent": f"linkspan-python/{__version__}",
        }
        if settings.account is not None:
            self._headers["Stripe-Account"] = settings.account

    def get(self, path: str, params: Params) -> Request:
        """Return the request that reads *path*."""
        query = encode_form(params)
        url = f"{self._settings.base_url}{path}{'?' if query else ''}{query}"
        return Request(method="GET", url=url, headers=self._headers)

    def get_at(self, address: str) -> Request:
        """Return the request that reads *address*, a path with a query that the server gave."""
        # Anything else could lead the key to another host.
        if not address.startswith("/"):
            raise APIError(f"The server's answer names an address that is no path: {address[:100]!r}")
        return Request(method="GET", url=self._settings.base_url + address, headers=self._headers)

    def post_json(self, path: str, members: Params, idempotency_key: str | None) -> Request:
        """Return the request that changes *path* in JSON, always with an idempotency key."""
        headers = {**self._changing(idempotency_key), "Content-Type": "application/json"}
        given = {name: value for name, value in members.items() if value is not None}
        body = msgspec.json.encode(given).decode()
        return Request(method="POST", url=self._settings.base_url + path, headers=headers, body=body)

    def post(self, path: str, params: Params, idempotency_key: str | None) -> Request:
        """Return the request that changes *path*, always with an idempotency key."""
        headers = {
            **self._changing(idempotency_key),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        url = self._settings.base_url + path
        return Request(method="POST", url=url, headers=headers, body=encode_form(params))

    def _changing(self, idempotency_key: str | None) -> dict[str, str]:
        key = self._new_key() if idempotency_key is None else _checked(idempotency_key)
        return {**self._headers, "Idempotency-Key": key}

    def delete(self, path: str) -> Request:
        """Return the request that deletes what *path* names."""
        return Request(method="DELETE", url=self._settings.base_url + path, headers=self._headers)

    def object_from(self, response: Response, kind: type[T]) -> T:
        """Return the object in *response*, or raise the error it tells of."""
        if response.status not in _SUCCESS:
            raise self._error_from(response)
        try:
            return decode_as(response.body, kind)
        except DecodeError as mismatch:
            raise _misunderstood(response, f"could not be read: {mismatch}") from mismatch

    def _error_from(self, response: Response) -> LinkspanError:
        try:
            told = decode_as(response.body, ErrorBody).error
        except DecodeError:
            # A proxy's page, most often. What it says helps nobody who reads the error.
            return _misunderstood(response, f"was {response.status} without an error object")
        # A server that repeats the key must not bring it into a log.
        message = (told.message or "(no message)").replace(self._settings.api_key, self._settings.masked_key)
        return _kind_of(response.status, told)(
            message,
            http_status=response.status,
            request_id=response.header("request-id"),
            code=told.code,
            param=told.param,
            type=told.type,
        )

    def _new_key(self) -> str:
        # Shaped as a random UUID (RFC 9562, 5.4), which is what Stripe's
        # clients send; uuid itself would be one more import.
        octets = bytearray(self._random_bytes(16))
        octets[6] = octets[6] & 0x0F | 0x40
        octets[8] = octets[8] & 0x3F | 0x80
        text = octets.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def path_to(collection: str, known_as: str, action: str = "") -> str:
    """Return the path of one object; an empty id would name the whole collection."""
    if not known_as:
        raise ValueError("id must not be empty")
    return f"{collection}/{quote(known_as, safe='')}{action}"


def _checked(idempotency_key: str) -> str:
    fits = 0 < len(idempotency_key) <= _KEY_LENGTH_MAX
    if not (fits and idempotency_key.isascii() and idempotency_key.isprintable()):
        raise ValueError(f"idempotency_key must be 1 to {_KEY_LENGTH_MAX} printable ASCII characters")
    return idempotency_key


def _misunderstood(response: Response, how: str) -> APIError:
    return APIError(
        f"The server's answer {how}.", http_status=response.status, request_id=response.header("request-id")
    )


def _kind_of(status: int, told: ApiError) -> type[LinkspanError]:
    if told.type == "idempotency_error":
        return IdempotencyError
    if told.code == "rate_limit":
        # The spelling of a time before status 429.
        return RateLimitError
    return _BY_STATUS.get(status, APIError)
