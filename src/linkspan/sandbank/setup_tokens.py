"""Setup tokens and the access they are claimed for, kept in memory for as long as the bank runs."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Setup:
    """What one setup token is good for, once."""

    brand: str
    username: str
    is_claimed: bool = False


class SetupTokens:
    """One-time words that became access; secrets are kept as digests only."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        self._random_bytes = random_bytes
        self._setups: dict[bytes, _Setup] = {}
        self._access: dict[bytes, _Setup] = {}

    def mint(self, brand: str, username: str) -> str:
        """Return a word that can be claimed once."""
        word = self._secret()
        self._setups[_digest(word)] = _Setup(brand, username)
        return word

    def claim(self, brand: str, word: str) -> tuple[str, str] | None:
        """Return user name and password of the access; None for a word that is not good, or no more."""
        setup = self._setups.get(_digest(word))
        if setup is None or setup.brand != brand or setup.is_claimed:
            return None
        setup.is_claimed = True
        name, password = self._secret(), self._secret()
        self._access[_digest(f"{name}:{password}")] = setup
        return name, password

    def person_of(self, brand: str, name: str, password: str) -> str | None:
        """Return whose accounts an access shows, if it is one of this brand's."""
        setup = self._access.get(_digest(f"{name}:{password}"))
        return setup.username if setup is not None and setup.brand == brand else None

    def _secret(self) -> str:
        return base64.urlsafe_b64encode(self._random_bytes(32)).rstrip(b"=").decode()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
