"""Who is asking, and which request it is."""

from msgspec import Struct

from linkspan.server.core.scope import Scope


class Caller(Struct, frozen=True):
    """One authenticated request; events remember what it was caused by."""

    scope: Scope
    request_id: str | None
    """None where no request asked: a schedule, or a bank that answered later."""
    idempotency_key: str | None = None
    version: str | None = None
    """The API version that the caller's account speaks by default; None where that has to be looked up."""
