"""Remembers which Customer each visitor is, by a cookie nobody can guess."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

COOKIE: Final = "rocket_rides_visitor"

# 256 bits, as for any bearer token.
_TOKEN_BYTES: Final = 32
# An example needs no database; it must not grow without end either.
_VISITORS_MAX: Final = 10_000


class Visitors:
    """The visitors of one shop, forgotten when it stops."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        self._random_bytes = random_bytes
        self._customers: OrderedDict[str, str] = OrderedDict()

    def customer_of(self, cookie: str | None) -> str | None:
        """Return the id of the visitor's Customer, or None for someone new."""
        return None if cookie is None else self._customers.get(cookie)

    def welcome(self, customer: str) -> str:
        """Remember a new visitor's Customer; return the cookie that stands for it."""
        cookie = urlsafe_b64encode(self._random_bytes(_TOKEN_BYTES)).rstrip(b"=").decode()
        self._customers[cookie] = customer
        if len(self._customers) > _VISITORS_MAX:
            self._customers.popitem(last=False)
        return cookie
