"""Lets each key ask only so often, by a token bucket of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from linkspan.server.api.auth import Client, Keys
from linkspan.server.core.access import Access
from linkspan.server.core.refusals import RateLimited
from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx

_BUCKETS_MAX: Final = 10_000
# A bucket holds what its key may ask in a second, so an empty one is full after that.
_FULL_AFTER_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Rates:
    """How many requests a second a key may make, by its mode; 0 for as many as it likes."""

    live: int
    test: int


STRIPES_RATES: Final = Rates(live=100, test=25)
"""Those of Stripe's own API."""


class LimitedKeys:
    """Keys that may each ask so often of this process.

    A bucket holds the requests of one second, so who was silent may ask that
    often at once. A request takes from it before anything else is done, unless
    its key opens nothing.
    """

    __slots__ = ("_buckets", "_keys", "_now", "_rates")

    def __init__(self, keys: Keys, rates: Rates, now: Callable[[], float]) -> None:
        self._keys = keys
        self._rates = rates
        self._now = now
        # What each key has left, and when that was.
        self._buckets: dict[str, tuple[float, float]] = {}

    def known(self, key: str, client: Client) -> Access | None:
        """Return what *key* opens to *client* if it is known, unless it asks too often."""
        access = self._keys.known(key, client)
        if access is not None:
            self._take(access)
        return access

    async def look_up(self, key: str, client: Client) -> Access:
        """Return what *key* opens to *client*, unless it asks too often."""
        access = await self._keys.look_up(key, client)
        self._take(access)
        return access

    async def check_publishable(self, tx: Tx, key: str, scope: Scope, origin: str) -> None:
        """Refuse what the keys themselves refuse: people are not limited."""
        await self._keys.check_publishable(tx, key, scope, origin)

    async def check_page_key(self, tx: Tx, key: str, scope: Scope) -> None:
        """Refuse the same: what a page may ask for is one thing, which counts wrong answers itself."""
        await self._keys.check_page_key(tx, key, scope)

    async def origins_of(self, key: str) -> Sequence[str]:
        """Return what the keys themselves list."""
        return await self._keys.origins_of(key)

    def _take(self, access: Access) -> None:
        """Take one request out of the bucket of a key, or refuse it."""
        rate = self._rates.live if access.scope.livemode else self._rates.test
        if not rate:
            return
        now = self._now()
        left, then = self._buckets.get(access.key, (rate, now))
        # A clock that was set back fills nothing, and empties nothing.
        left = min(rate, left + max(0.0, now - then) * rate)
        is_refused = left < 1
        self._keep(access.key, left if is_refused else left - 1, now)
        if is_refused:
            raise RateLimited(access.scope.tenant, livemode=access.scope.livemode)

    def _keep(self, key: str, left: float, now: float) -> None:
        """Write down what is left, making room by forgetting what is full by now."""
        if len(self._buckets) >= _BUCKETS_MAX and key not in self._buckets:
            buckets = self._buckets.items()
            self._buckets = {of: one for of, one in buckets if now - one[1] < _FULL_AFTER_SECONDS}
        self._buckets[key] = (left, now)
