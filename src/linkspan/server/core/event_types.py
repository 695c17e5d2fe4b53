"""The types of events this server tells of."""

from collections.abc import Mapping
from typing import Final

from linkspan.objects import EVENT_TYPES, PREVIEW_EVENT_TYPES, THIN_EVENT_TYPES

TYPES: Final[tuple[str, ...]] = (
    "account.updated",
    "customer.created",
    "customer.deleted",
    "customer.updated",
    *EVENT_TYPES,
    *PREVIEW_EVENT_TYPES,
    "payment_intent.canceled",
    "payment_intent.created",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.succeeded",
    "payment_method.attached",
    "payment_method.automatically_updated",
    "payment_method.detached",
    "payment_method.updated",
    "setup_intent.canceled",
    "setup_intent.created",
    "setup_intent.requires_action",
    "setup_intent.setup_failed",
    "setup_intent.succeeded",
)

# What a destination is sent by hand, to see whether it answers.
PING: Final = "v2.core.event_destination.ping"

_ANY: Final = "*"
_THIN: Final = "v1."

WHOLE_OF_THIN: Final[Mapping[str, str]] = {name: name.removeprefix(_THIN) for name in THIN_EVENT_TYPES}
"""The types of events that are told without their object, by the name they have then."""
THIN_ONLY: Final = frozenset(WHOLE_OF_THIN.values()) - frozenset(TYPES)
"""Those that are never told with it: how a refresh ended, which any Event about it shows."""


def matching(pattern: str) -> tuple[str, ...]:
    """Return the types *pattern* means: one by its name, or a group with ``*`` for any letters."""
    first, *others = pattern.split(_ANY)
    if not others:
        return (pattern,)
    return tuple(name for name in TYPES if name.startswith(first) and _follow(others, name[len(first) :]))


def _follow(parts: list[str], rest: str) -> bool:
    """Tell whether *parts* follow one another in *rest*, the last one at its end."""
    *inner, last = parts
    for part in inner:
        found = rest.find(part)
        if found < 0:
            return False
        rest = rest[found + len(part) :]
    return rest.endswith(last)


def thin_name(event_type: str) -> str | None:
    """Return what a type is called where it is told without its object; none where it is not."""
    name = _THIN + event_type
    return name if name in WHOLE_OF_THIN else None
