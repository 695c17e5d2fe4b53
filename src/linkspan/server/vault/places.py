"""Where a sealed value lives, and so where alone it opens."""

from msgspec import Struct

from linkspan.server.core.scope import Scope


class CannotOpen(Exception):
    """A sealed value was changed, moved, or sealed with a key that is not here."""


class Place(Struct, frozen=True):
    """The table, column and row of a sealed value, and whose row that is."""

    table: str
    column: str
    row: str
    scope: Scope

    def bound_to(self, header: bytes) -> bytes:
        """Return the additional data that ties a value to this place."""
        return bound(header, self.table, self.column, self.row, self.scope)


def bound(header: bytes, *parts: str | Scope) -> bytes:
    """Return *header* and *parts* as one text that no other parts have.

    Each part is preceded by its length, so that none runs into the next.
    """
    texts: list[str] = []
    for part in parts:
        texts += [part] if isinstance(part, str) else [part.tenant, "live" if part.livemode else "test"]
    return header + b"".join([len(text).to_bytes(2) + text.encode() for text in texts])
