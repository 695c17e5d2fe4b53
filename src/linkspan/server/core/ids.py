"""Identifiers that follow time: Stripe's prefix, a time-ordered part, then randomness."""

from typing import Final

from linkspan.server.core.world import World

_ALPHABET: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

# Microseconds since 2020 need 9 base-62 digits until the year 2448; base 62 in
# ASCII order sorts as the number does, which keeps the primary keys of one
# refresh beside each other and the events of one request in their order.
_EPOCH_SECONDS: Final = 1_577_836_800
_TIME_DIGITS: Final = 9
_RANDOM_DIGITS: Final = 15
# As many as Stripe's client secrets have.
_SECRET_DIGITS: Final = 24

# One letter for each random byte. 256 is no multiple of 62, so eight letters are
# a little likelier than the rest: a letter is worth at least 5.6 bits, the random
# part of an id 85, a secret 136.
_LETTER_OF_BYTE: Final = bytes(_ALPHABET[byte % 62] for byte in range(256))


def new_id(prefix: str, world: World) -> str:
    """Return a new identifier such as ``fca_03pW…``: *prefix*, ``_``, 24 characters."""
    microseconds = int((world.now() - _EPOCH_SECONDS) * 1_000_000)
    return f"{prefix}_{_base62(microseconds)}{_letters(world.random_bytes(_RANDOM_DIGITS))}"


def new_secret(prefix: str, world: World) -> str:
    """Return a value nobody can guess: *prefix*, ``_``, 24 random characters."""
    return secret_from(prefix, world.random_bytes(_SECRET_DIGITS))


def secret_from(prefix: str, digest: bytes) -> str:
    """Return the secret that *digest*, of at least 24 bytes, stands for."""
    return f"{prefix}_{_letters(digest[:_SECRET_DIGITS])}"


def _letters(random: bytes) -> str:
    return random.translate(_LETTER_OF_BYTE).decode()


def _base62(number: int) -> str:
    """Write the low nine base-62 digits of *number*."""
    written = bytearray(_TIME_DIGITS)
    for place in range(_TIME_DIGITS - 1, -1, -1):
        number, digit = divmod(number, 62)
        written[place] = _ALPHABET[digit]
    return written.decode()
