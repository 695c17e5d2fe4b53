"""Says which calls a newer version of the API no longer understands as they were meant.

Data below both client and server: the client warns a program with it, the
server's description of its versions prints it, and a test makes every call on a
server in both versions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, cast

import msgspec

Params: TypeAlias = Mapping[str, object]

# A version is its date and a name: 2026-10-28.endive, or 2022-11-15 alone.
_DATE_LENGTH: Final = len("2026-10-28")


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """One way of calling that is refused, or means something else, from a version on."""

    since: str
    """The first version that breaks the call."""

    calls: tuple[str, ...]
    """The methods it is about, by the names the client has for them."""

    example: Params
    """Parameters that break, as the client takes them, beside those the call needs anyway."""

    advice: str
    """What happens, and what to write instead, in one sentence."""

    concerns: Callable[[Params], bool]
    """Whether a call with these parameters breaks."""


def breaks_after(version: str, call: str, params: Params) -> Iterator[Break]:
    """Yield what breaks *call*, made in *version*, in versions newer than that one."""
    for each in BREAKS:
        is_newer = version[:_DATE_LENGTH] < each.since[:_DATE_LENGTH]
        if is_newer and call in each.calls and each.concerns(params):
            yield each


def _part(params: Params, name: str) -> Params:
    value = params.get(name)
    return cast(Params, value) if isinstance(value, Mapping) else {}


def _lists_countries(params: Params) -> bool:
    return "countries" in _part(params, "filters")


def _relies_on_one_account(params: Params) -> bool:
    return _part(params, "account_holder").get("type") == "account" and params.get("limits") is None


def _names_types(params: Params) -> bool:
    return "payment_method_types" in params


_OLD_NAMES: Final = frozenset({"accountholder", "linked_accounts"})


def _expands_an_old_name(params: Params) -> bool:
    paths = cast(Sequence[str], params.get("expand") or ())
    return any(not _OLD_NAMES.isdisjoint(path.split(".")) for path in paths)


BREAKS: Final = (
    Break(
        since="2022-08-01",
        calls=(
            "accounts.disconnect",
            "accounts.list",
            "accounts.refresh",
            "accounts.retrieve",
            "accounts.subscribe",
            "accounts.unsubscribe",
            "sessions.create",
            "sessions.retrieve",
        ),
        example={"expand": ["accountholder.customer"]},
        advice="`accountholder` and `linked_accounts` cannot be expanded: "
        "write `account_holder` and `accounts`.",
        concerns=_expands_an_old_name,
    ),
    Break(
        since="2026-09-30.endive",
        calls=("sessions.create",),
        example={"filters": {"countries": ["US"]}},
        advice="`filters[countries]` is refused: write `filters[country]`, which names one country.",
        concerns=_lists_countries,
    ),
    Break(
        since="2026-09-30.endive",
        calls=("sessions.create",),
        example={"account_holder": {"type": "account"}},
        advice="A Session for a connected account collects any number of accounts instead of one: "
        "write `limits[accounts]` to say how many.",
        concerns=_relies_on_one_account,
    ),
    Break(
        since="2026-09-30.endive",
        calls=(
            "payment_intents.create",
            "payment_intents.update",
            "setup_intents.create",
            "setup_intents.update",
        ),
        example={"payment_method_types": ["us_bank_account"]},
        advice="`payment_method_types` is refused: write `allowed_payment_method_types`.",
        concerns=_names_types,
    ),
)
"""Oldest first."""


def breaks_of(version: str) -> tuple[Break, ...]:
    """Return what broke with one version."""
    return tuple(each for each in BREAKS if each.since == version)
