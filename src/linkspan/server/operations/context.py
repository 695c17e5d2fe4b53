"""What operations are given to work with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from linkspan.server.connectors.base import Connector
from linkspan.server.connectors.registry import Institutions
from linkspan.server.core.retention import Retention
from linkspan.server.core.version import NEWEST
from linkspan.server.core.world import World
from linkspan.server.operations.changes import Changes
from linkspan.server.operations.directory import Directory
from linkspan.server.operations.outcomes import Pending
from linkspan.server.operations.platforms import Platforms
from linkspan.server.outbound.egress import Egress
from linkspan.server.store.driver import Store
from linkspan.server.telemetry.metrics import Metrics
from linkspan.server.vault.digests import Digests, NotHeld
from linkspan.server.vault.sealed import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One server's parts, put together once when it starts."""

    world: World
    store: Store
    vault: Vault
    institutions: Institutions
    connectors: Mapping[str, Connector]
    public_url: str
    """The origin browsers reach this server at, without a trailing slash."""
    merchant_name: str
    """What end users know the tenant as."""
    version: str = NEWEST
    """The API version that tenants speak who chose none."""
    digests: Digests = field(default_factory=NotHeld)
    """Those of the database, once it is held to its master key."""
    retention: Retention = field(default_factory=Retention)
    changes: Changes = field(default_factory=Changes)
    metrics: Metrics = field(default_factory=Metrics)
    platforms: Platforms = field(default_factory=Platforms)
    directory: Directory = field(default_factory=Directory)
    outcomes: Pending = field(default_factory=Pending)
    egress: Egress = field(default_factory=Egress)
    """Which addresses webhook endpoints may have."""

    @property
    def redirect_uri(self) -> str:
        """Where banks send people back to; registered with each of them."""
        return f"{self.public_url}/link/callback"
