"""What a family of connectors offers, as its manifest.toml declares it."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal

import msgspec

from linkspan.server.core.listed import SignIn
from linkspan.server.core.quota import Kind, Limit, Per

Capability = Literal["accounts", "balances", "ownership", "payment_method", "transactions"]


_HOUR_SECONDS: Final = 60 * 60
_DAY_SECONDS: Final = 24 * _HOUR_SECONDS


class DescribedLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ``[[quota]]`` of a manifest, or ``[[institution.quota]]`` of an operator's entry."""

    times: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    hours: Annotated[int, msgspec.Meta(ge=0)] = 0
    days: Annotated[int, msgspec.Meta(ge=0)] = 0
    per: Per = "account"
    kind: Kind | None = None

    @property
    def seconds(self) -> int:
        """The span that is counted over."""
        return self.hours * _HOUR_SECONDS + self.days * _DAY_SECONDS

    def limit(self) -> Limit:
        """Return it as the rules count it."""
        return Limit(times=self.times, seconds=self.seconds, per=self.per, kind=self.kind)


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The facts about a family that server, documentation and directory go by."""

    family: str
    standard: str
    versions: tuple[str, ...]
    countries: tuple[str, ...]
    sign_in: SignIn
    capabilities: tuple[Capability, ...]
    ends_grants: bool
    """Whether the standard has a way to end a grant at the bank; without one it is only forgotten here."""
    quota: tuple[DescribedLimit, ...] = ()
    """What the standard's servers allow in live mode, where an operator says nothing else."""
    tier: Literal["bronze", "silver", "gold"]
    last_tested_on: date
    tested_against: str

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The quota as the rules count it."""
        return tuple(limit.limit() for limit in self.quota)


@cache
def manifest_of(family: str) -> Manifest:
    """Return the manifest that lies beside the connector of *family*."""
    text = files("linkspan.server.connectors").joinpath(family, "manifest.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Manifest)
