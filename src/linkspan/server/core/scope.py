"""Whose data an operation may touch."""

from msgspec import Struct


class Scope(Struct, frozen=True, cache_hash=True):
    """A tenant (``acct_…``) in one mode; objects never cross either border."""

    tenant: str
    livemode: bool
