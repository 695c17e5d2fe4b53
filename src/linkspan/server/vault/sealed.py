"""Envelope encryption: master keys wrap a data key for each tenant and mode, which seals its values.

What is in the database is wrapped or sealed; what unwraps it is not there. The keys
unwrapped so far are remembered, so that sealing costs what one AES-GCM does.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from linkspan.server.core.scope import Scope
from linkspan.server.vault import first_format
from linkspan.server.vault.data_keys import ID_BYTES, DataKey
from linkspan.server.vault.data_keys import NONCE_BYTES as NONCE_OF_A_VALUE_BYTES
from linkspan.server.vault.masters import KEY_BYTES, NONCE_BYTES, MasterKey, WeakKey
from linkspan.server.vault.places import CannotOpen, Place, bound

K = TypeVar("K")
V = TypeVar("V")

__all__ = ["CannotOpen", "Place", "Vault", "WeakKey"]

# Another process may have begun to replace data keys; after this long everybody knows.
KNOWN_SECONDS: Final = 2.0
# A kilobyte each; a server with more tenants than this unwraps some of them again.
_REMEMBERED_MAX: Final = 10_000


class Vault:
    """The master keys of one process, and the data keys that they have unwrapped."""

    __slots__ = ("_current", "_known", "_random_bytes", "master", "masters")

    def __init__(
        self, master_key: bytes, random_bytes: Callable[[int], bytes], *, former: Iterable[bytes] = ()
    ) -> None:
        self.master: Final = MasterKey(master_key)
        """What wraps keys from now on, unless the database says that it is not yet to."""
        held = [self.master, *map(MasterKey, former)]
        self.masters: Final[Mapping[bytes, MasterKey]] = {each.id: each for each in reversed(held)}
        self._random_bytes = random_bytes
        self._current: dict[Scope, tuple[float, DataKey]] = {}
        self._known: dict[tuple[Scope, bytes], DataKey] = {}

    def __repr__(self) -> str:
        return f"Vault({', '.join(each.hex() for each in self.masters)})"

    def wrap(self, master_id: bytes, key: bytes, purpose: bytes) -> bytes:
        """Return *key* wrapped by one of the master keys for *purpose*."""
        return self._held(master_id).wrap(key, purpose, self._random_bytes(NONCE_BYTES))

    def unwrap(self, master_id: bytes, wrapped: bytes, purpose: bytes) -> bytes:
        """Return a key that was wrapped for *purpose*."""
        return self._held(master_id).unwrap(wrapped, purpose)

    def new_key(self) -> bytes:
        """Return a key that nobody has."""
        return self._random_bytes(KEY_BYTES)

    def new_id(self) -> bytes:
        """Return the id of a new data key; two of one tenant never meet."""
        return self._random_bytes(ID_BYTES)

    def current(self, scope: Scope, now: float) -> DataKey | None:
        """Return what seals the values of *scope*, if that is surely known at the instant *now*."""
        found = self._current.get(scope)
        if found is None or abs(now - found[0]) >= KNOWN_SECONDS:
            return None
        return found[1]

    def known(self, scope: Scope, key_id: bytes) -> DataKey | None:
        """Return the data key of *scope* with an id, if it was unwrapped before."""
        return self._known.get((scope, key_id))

    def remember(self, scope: Scope, key: DataKey, *, current_at: float | None = None) -> None:
        """Keep an unwrapped key, also as what seals the values of *scope* at an instant."""
        if current_at is not None:
            _put(self._current, scope, (current_at, key))
        _put(self._known, (scope, key.id), key)

    def forget_current(self) -> None:
        """Ask the database again which keys seal."""
        self._current.clear()

    def seal(self, key: DataKey, secret: bytes, place: Place) -> bytes:
        """Return *secret* sealed with a data key for *place*."""
        return key.seal(secret, place, self._random_bytes(NONCE_OF_A_VALUE_BYTES))

    def open_first_format(self, sealed: bytes, place: Place) -> bytes:
        """Return what a value of the first format holds."""
        master_id = first_format.master_id_in(sealed)
        if master_id is None:
            raise CannotOpen("not a sealed value")
        return first_format.opened(self._held(master_id), sealed, place)

    def _held(self, master_id: bytes) -> MasterKey:
        found = self.masters.get(master_id)
        if found is None:
            raise CannotOpen(f"the master key {master_id.hex()} is not here")
        return found


def purpose_of(scope: Scope, key_id: bytes) -> bytes:
    """Return what a data key is wrapped for: to be this one, of this tenant in this mode."""
    return bound(b"linkspan data key" + key_id, scope)


def _put(into: dict[K, V], name: K, value: V) -> None:
    if len(into) >= _REMEMBERED_MAX:
        into.clear()
    into[name] = value
