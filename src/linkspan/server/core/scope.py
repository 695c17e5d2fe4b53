"""Whose data an operation may touch."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """A tenant (``acct_…``) in one mode; objects never cross either border."""

    tenant: str
    livemode: bool
