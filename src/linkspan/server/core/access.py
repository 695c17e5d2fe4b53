"""What an API key opens."""

from dataclasses import dataclass

from linkspan.server.core.scope import Scope
from linkspan.server.core.version import NEWEST


@dataclass(frozen=True, slots=True)
class Access:
    """A tenant in one mode, and what may be done there."""

    scope: Scope
    key: str
    """Which key it is, without being the key."""
    rights: frozenset[str] | None = None
    """The rights of a restricted key; a secret key has all of them, for which None stands."""
    version: str = NEWEST
    """The API version of requests that name none."""
