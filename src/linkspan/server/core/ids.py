"""Identifiers that follow time: Stripe's prefix, a time-ordered part, then randomness."""

from functools import lru_cache
from typing import Final

from linkspan.server.core.world import World

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

# Microseconds since 2020 need 9 base-62 digits until the year 2448; base 62 in
# ASCII order sorts as the number does, which keeps the primary keys of one
# refresh beside each other and the events of one request in their order.
_EPOCH_SECONDS: Final = 1_577_836_800
_TIME_DIGITS: Final = 9
_RANDOM_DIGITS: Final = 15
# As many as Stripe's client secrets have.
_SECRET_DIGITS: Final = 24
_MARK_DIGITS: Final = 16

# A key lives for years and opens everything: 40 letters are worth 227 bits.
_KEY_DIGITS: Final = 40
# Standard Webhooks reads what follows the prefix as base64, and wants 24 bytes at least.
_WEBHOOK_SECRET_DIGITS: Final = 32

# One letter for each random byte. 256 is no multiple of 62, so eight letters are
# a little likelier than the rest: a letter is worth at least 5.6 bits, the random
# part of an id 85, a secret 136.
_LETTER_OF_BYTE: Final = bytes(ord(_ALPHABET[byte % 62]) for byte in range(256))

# Digits are written two at a time, and the five that change every 15 seconds are kept:
# every request has an id, and its time part was as expensive as finding its row.
_PAIRS: Final = tuple(high + low for high in _ALPHABET for low in _ALPHABET)
_FOUR_DIGITS: Final = 62**4


def new_id(prefix: str, world: World) -> str:
    """Return a new identifier such as ``fca_03pW…``: *prefix*, ``_``, 24 characters."""
    return id_at(prefix, world.now(), world)


def id_at(prefix: str, now: float, world: World) -> str:
    """Return a new identifier of what happens at the instant *now*."""
    microseconds = int((now - _EPOCH_SECONDS) * 1_000_000)
    return f"{prefix}_{_base62(microseconds)}{_letters(world.random_bytes(_RANDOM_DIGITS))}"


def first_id_of(prefix: str, seconds: int) -> str:
    """Return what sorts before every identifier made at an instant or later, and after all before it."""
    return f"{prefix}_{_base62((seconds - _EPOCH_SECONDS) * 1_000_000)}"


def new_secret(prefix: str, world: World) -> str:
    """Return a value nobody can guess: *prefix*, ``_``, 24 random characters."""
    return secret_from(prefix, world.random_bytes(_SECRET_DIGITS))


def new_key(prefix: str, world: World) -> str:
    """Return an API key: *prefix*, ``_``, 40 random characters."""
    return f"{prefix}_{_letters(world.random_bytes(_KEY_DIGITS))}"


def new_webhook_secret(world: World) -> str:
    """Return what webhooks are signed with: ``whsec_`` and 32 random characters."""
    return f"whsec_{_letters(world.random_bytes(_WEBHOOK_SECRET_DIGITS))}"


def secret_from(prefix: str, digest: bytes) -> str:
    """Return the secret that *digest*, of at least 24 bytes, stands for."""
    return f"{prefix}_{_letters(digest[:_SECRET_DIGITS])}"


def timed_secret_from(prefix: str, identifier: str, digest: bytes) -> str:
    """Return a secret of 24 letters: 9 of the time in *identifier*, 15 that *digest* stands for."""
    return f"{prefix}_{time_in(identifier)}{_letters(digest[:_RANDOM_DIGITS])}"


def time_in(text: str) -> str:
    """Return the part of an identifier, or of a timed secret, that follows time."""
    return text.rpartition("_")[2][:_TIME_DIGITS]


def mark_from(digest: bytes) -> str:
    """Return 16 letters that stand for *digest*, such as a fingerprint."""
    return _letters(digest[:_MARK_DIGITS])


def _letters(random: bytes) -> str:
    return random.translate(_LETTER_OF_BYTE).decode()


def _base62(number: int) -> str:
    """Write the low nine base-62 digits of *number*."""
    slow, quick = divmod(number, _FOUR_DIGITS)
    high, low = divmod(quick, 62 * 62)
    return _first_digits(slow) + _PAIRS[high] + _PAIRS[low]


@lru_cache(maxsize=4)
def _first_digits(number: int) -> str:
    """Write the low five base-62 digits of *number*."""
    upper, low = divmod(number, 62 * 62)
    upper, high = divmod(upper, 62 * 62)
    return _ALPHABET[upper % 62] + _PAIRS[high] + _PAIRS[low]
