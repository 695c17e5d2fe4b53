"""Who is asking, and which request it is."""

from dataclasses import dataclass

from linkspan.server.core.scope import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """One authenticated request; events remember what it was caused by."""

    scope: Scope
    request_id: str
    idempotency_key: str | None = None
