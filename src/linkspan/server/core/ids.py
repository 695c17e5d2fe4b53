"""Identifiers that follow time: Stripe's prefix, a time-ordered part, then randomness."""

from typing import Final

from linkspan.server.core.world import World

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

# Milliseconds since 2020 need 8 base-62 digits until the year 8937; base 62 in
# ASCII order sorts as the number does, which keeps the primary keys of one
# refresh beside each other (docs/decisions: ids follow time).
_EPOCH_MILLISECONDS: Final = 1_577_836_800_000
_TIME_DIGITS: Final = 8
# 16 digits of base 62 hold 95 bits: no two ids meet, and none is guessed.
_RANDOM_DIGITS: Final = 16
_RANDOM_BYTES: Final = 12
# A secret carries 24 digits, 142 bits, as Stripe's client secrets do.
_SECRET_DIGITS: Final = 24
_SECRET_BYTES: Final = 18


def _base62(number: int, digits: int) -> str:
    """Write the low *digits* base-62 digits of *number*."""
    written = []
    for _ in range(digits):
        number, digit = divmod(number, 62)
        written.append(_ALPHABET[digit])
    return "".join(reversed(written))


def new_id(prefix: str, world: World) -> str:
    """Return a new identifier such as ``fca_1aB…``: *prefix*, ``_``, 24 characters."""
    milliseconds = int(world.now() * 1000) - _EPOCH_MILLISECONDS
    tail = int.from_bytes(world.random_bytes(_RANDOM_BYTES))
    return f"{prefix}_{_base62(milliseconds, _TIME_DIGITS)}{_base62(tail, _RANDOM_DIGITS)}"


def new_secret(prefix: str, world: World) -> str:
    """Return a value nobody can guess: *prefix*, ``_``, 24 random characters."""
    return secret_from(prefix, world.random_bytes(_SECRET_BYTES))


def secret_from(prefix: str, digest: bytes) -> str:
    """Return the secret that *digest*, of at least 18 bytes, stands for."""
    return f"{prefix}_{_base62(int.from_bytes(digest), _SECRET_DIGITS)}"
