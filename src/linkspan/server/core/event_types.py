"""The types of events this server tells of."""

from typing import Final

from linkspan.objects import EVENT_TYPES, PREVIEW_EVENT_TYPES

TYPES: Final[tuple[str, ...]] = (
    "account.updated",
    "customer.created",
    "customer.deleted",
    "customer.updated",
    *EVENT_TYPES,
    *PREVIEW_EVENT_TYPES,
    "payment_method.attached",
    "payment_method.automatically_updated",
    "payment_method.detached",
    "payment_method.updated",
)

_ANY: Final = "*"


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
