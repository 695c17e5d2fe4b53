"""Opens the way to one Financial Connections server."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import TracebackType
from typing import Self

from linkspan.client._async.accounts import AsyncAccounts
from linkspan.client._async.authorizations import AsyncAuthorizations
from linkspan.client._async.caller import AsyncCaller
from linkspan.client._async.connected_accounts import AsyncConnectedAccounts
from linkspan.client._async.customers import AsyncCustomers
from linkspan.client._async.event_destinations import AsyncEventDestinations
from linkspan.client._async.events import AsyncEvents
from linkspan.client._async.institutions import AsyncInstitutions
from linkspan.client._async.payment_intents import AsyncPaymentIntents
from linkspan.client._async.payment_methods import AsyncPaymentMethods
from linkspan.client._async.sessions import AsyncSessions
from linkspan.client._async.setup_intents import AsyncSetupIntents
from linkspan.client._async.thin_events import AsyncThinEvents
from linkspan.client._async.tokens import AsyncTokens
from linkspan.client._async.transactions import AsyncTransactions
from linkspan.client._breaking import Foresight, OnBreaking
from linkspan.client._codec import Codec
from linkspan.client._pause import AsyncPause, pause_async
from linkspan.client._settings import Settings, settle
from linkspan.client._transport import AsyncTransport
from linkspan.client._version import NEWEST_VERSION


class AsyncClient:
    """Calls a Financial Connections server, a Linkspan or Stripe's own.

    `api_key` and `base_url` are read from LINKSPAN_API_KEY and
    LINKSPAN_API_BASE when not given, then from STRIPE_API_KEY and
    STRIPE_API_BASE. Connections stay open between calls; `close`, or
    `async with`, lets go of them. One client may be shared by the whole
    program.

    With `on_breaking="warn"` each call that would break in a newer version
    than `version` is told of in a `BreakingChangeWarning`.
    """

    def __init__(  # noqa: PLR0913 - all but the key are named, and few programs name more than two
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        version: str = NEWEST_VERSION,
        on_breaking: OnBreaking | None = None,
        account: str | None = None,
        max_network_retries: int = 2,
        timeout: float = 80.0,
        transport: AsyncTransport | None = None,
        sleep: AsyncPause = pause_async,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._settings = settle(
            os.environ,
            api_key=api_key,
            base_url=base_url,
            version=version,
            account=account,
            max_network_retries=max_network_retries,
        )
        self._caller = AsyncCaller(
            transport or _http(timeout, self._settings),
            Codec(self._settings, random_bytes),
            Foresight(version, on_breaking),
            retries=max_network_retries,
            pause=sleep,
            random_bytes=random_bytes,
        )
        self.accounts = AsyncAccounts(self._caller)
        self.authorizations = AsyncAuthorizations(self._caller)
        self.connected_accounts = AsyncConnectedAccounts(self._caller)
        self.customers = AsyncCustomers(self._caller)
        self.event_destinations = AsyncEventDestinations(self._caller)
        self.events = AsyncEvents(self._caller)
        self.institutions = AsyncInstitutions(self._caller)
        self.payment_intents = AsyncPaymentIntents(self._caller)
        self.payment_methods = AsyncPaymentMethods(self._caller)
        self.sessions = AsyncSessions(self._caller, version)
        self.setup_intents = AsyncSetupIntents(self._caller)
        self.thin_events = AsyncThinEvents(self._caller)
        self.tokens = AsyncTokens(self._caller)
        self.transactions = AsyncTransactions(self._caller)

    async def close(self) -> None:
        """Let go of every connection. The client cannot be used afterwards."""
        await self._caller.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings!r})"


def _http(timeout: float, settings: Settings) -> AsyncTransport:
    # Imported when first wanted, so that `import linkspan` stays light.
    from linkspan.client._async.transport import AsyncHttpTransport  # noqa: PLC0415

    return AsyncHttpTransport(timeout, is_loopback=settings.is_loopback)
