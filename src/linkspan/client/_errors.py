"""Everything that can go wrong in a call, as one tree.

LinkspanError
├── APIConnectionError       no usable answer arrived
├── InvalidRequestError      400, 404: the request cannot be accepted as it is
├── IdempotencyError         an idempotency key was used for a different request
├── AuthenticationError      401: the API key is missing, unknown or withdrawn
├── CardError                402: a payment was declined
├── PermissionDeniedError    403: the API key may not do this
├── RateLimitError           429: too many requests at once
└── APIError                 409, 5xx, or an answer that could not be understood
"""

from __future__ import annotations

from typing import Final


class LinkspanError(Exception):
    """A call did not give what was asked for.

    `request_id` is what to quote when asking the server's operator for help.
    It is known, as is `http_status`, whenever an answer arrived.
    """

    def __init__(
        self,
        message: str,
        *,
        http_status: int | None = None,
        request_id: str | None = None,
        code: str | None = None,
        param: str | None = None,
        type: str | None = None,  # noqa: A002 - the member's name on the wire
    ) -> None:
        super().__init__(message)
        self.message: Final = message
        self.http_status: Final = http_status
        self.request_id: Final = request_id
        self.code: Final = code
        self.param: Final = param
        self.type: Final = type

    def __str__(self) -> str:
        return f"Request {self.request_id}: {self.message}" if self.request_id else self.message

    def __repr__(self) -> str:
        told = [f"{name}={value!r}" for name, value in self._facts().items() if value is not None]
        return f"{type(self).__name__}({', '.join([repr(self.message), *told])})"

    def __reduce__(self) -> tuple[object, ...]:
        # Task queues and process pools carry exceptions as pickles, which by
        # default forget keyword arguments.
        return _rebuilt, (type(self), self.message, self._facts())

    def _facts(self) -> dict[str, object]:
        return {
            "http_status": self.http_status,
            "request_id": self.request_id,
            "code": self.code,
            "param": self.param,
            "type": self.type,
        }


class APIConnectionError(LinkspanError):
    """The server could not be reached, or the connection broke before its answer was complete."""

    def __init__(self, message: str, *, should_retry: bool = True) -> None:
        super().__init__(message)
        self.should_retry: Final = should_retry

    def _facts(self) -> dict[str, object]:
        return {"should_retry": self.should_retry}


class InvalidRequestError(LinkspanError):
    """The request was understood and cannot be accepted; `param` names what to change."""


class IdempotencyError(LinkspanError):
    """The idempotency key belongs to an earlier, different request."""


class AuthenticationError(LinkspanError):
    """The API key is missing, unknown or withdrawn."""


class CardError(LinkspanError):
    """A payment was declined."""


class PermissionDeniedError(LinkspanError):
    """The API key is valid and may not do this."""


class RateLimitError(LinkspanError):
    """The server asks for fewer requests at a time."""


class APIError(LinkspanError):
    """The server failed, or its answer could not be understood."""


def _rebuilt(kind: type[LinkspanError], message: str, facts: dict[str, object]) -> LinkspanError:
    return kind(message, **facts)  # type: ignore[arg-type]  # the facts are the class's own, from __reduce__
