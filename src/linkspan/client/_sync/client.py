# Written by tools/unasync.py from ../_async/client.py: change that file, then run the tool.
"""Opens the way to one Financial Connections server."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import TracebackType
from typing import Self

from linkspan.client._breaking import Foresight, OnBreaking
from linkspan.client._codec import Codec
from linkspan.client._pause import Pause, pause
from linkspan.client._settings import Settings, settle
from linkspan.client._sync.accounts import Accounts
from linkspan.client._sync.authorizations import Authorizations
from linkspan.client._sync.caller import Caller
from linkspan.client._sync.connected_accounts import ConnectedAccounts
from linkspan.client._sync.customers import Customers
from linkspan.client._sync.event_destinations import EventDestinations
from linkspan.client._sync.events import Events
from linkspan.client._sync.institutions import Institutions
from linkspan.client._sync.payment_intents import PaymentIntents
from linkspan.client._sync.payment_methods import PaymentMethods
from linkspan.client._sync.sessions import Sessions
from linkspan.client._sync.setup_intents import SetupIntents
from linkspan.client._sync.thin_events import ThinEvents
from linkspan.client._sync.tokens import Tokens
from linkspan.client._sync.transactions import Transactions
from linkspan.client._transport import Transport
from linkspan.client._version import NEWEST_VERSION


class Client:
    """Calls a Financial Connections server, a Linkspan or Stripe's own.

    `api_key` and `base_url` are read from LINKSPAN_API_KEY and
    LINKSPAN_API_BASE when not given, then from STRIPE_API_KEY and
    STRIPE_API_BASE. Connections stay open between calls; `close`, or
    `with`, lets go of them. One client may be shared by the whole
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
        transport: Transport | None = None,
        sleep: Pause = pause,
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
        self._caller = Caller(
            transport or _http(timeout, self._settings),
            Codec(self._settings, random_bytes),
            Foresight(version, on_breaking),
            retries=max_network_retries,
            pause=sleep,
            random_bytes=random_bytes,
        )
        self.accounts = Accounts(self._caller)
        self.authorizations = Authorizations(self._caller)
        self.connected_accounts = ConnectedAccounts(self._caller)
        self.customers = Customers(self._caller)
        self.event_destinations = EventDestinations(self._caller)
        self.events = Events(self._caller)
        self.institutions = Institutions(self._caller)
        self.payment_intents = PaymentIntents(self._caller)
        self.payment_methods = PaymentMethods(self._caller)
        self.sessions = Sessions(self._caller, version)
        self.setup_intents = SetupIntents(self._caller)
        self.thin_events = ThinEvents(self._caller)
        self.tokens = Tokens(self._caller)
        self.transactions = Transactions(self._caller)

    def close(self) -> None:
        """Let go of every connection. The client cannot be used afterwards."""
        self._caller.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings!r})"


def _http(timeout: float, settings: Settings) -> Transport:
    # Imported when first wanted, so that `import linkspan` stays light.
    from linkspan.client._sync.transport import HttpTransport  # noqa: PLC0415

    return HttpTransport(timeout, is_loopback=settings.is_loopback)
