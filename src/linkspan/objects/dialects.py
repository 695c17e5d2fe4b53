"""How objects were spelled by an earlier API, as data.

The newest API version is the only one the structs know. A `Spelling` beside a
struct says what differed in "2022-05", the months in which Stripe's account
linking was documented with new ids under old names (``link_account_session``,
``accountholder``, ``linked_accounts``). Nothing remembers which spelling an
object was read from: both are written from the same fields.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeAlias, get_args

import msgspec

from linkspan.objects.frozen_map import FrozenMap

Dialect: TypeAlias = Literal["2022-05"]
DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)

Members: TypeAlias = dict[str, Any]  # Any: the members of a JSON object, not yet decoded


def _unchanged(members: Members) -> Members:
    """Return *members*: most objects differ in names alone."""
    return members


class Spelling(msgspec.Struct, frozen=True, kw_only=True):
    """What "2022-05" wrote differently in one object."""

    name: str | None = None
    """The value of ``object``, where it differed."""

    keys: Mapping[str, str] = FrozenMap()
    """The key of "2022-05" under today's key."""

    values_up: Callable[[Members], Members] = _unchanged
    """Turns values into today's; raises `ValueError` where they contradict each other."""

    values_down: Callable[[Members], Members] = _unchanged
    """Turns values into those of "2022-05"."""

    def up(self, found: Mapping[str, Any]) -> Members:  # Any: as in Members
        """Return the members *found* under today's keys, whichever spelling they came in."""
        members = dict(found)
        for today, then in self.keys.items():
            if then not in members:
                continue
            value = members.pop(then)
            if members.setdefault(today, value) != value:
                raise ValueError(f"`{today}` and `{then}` are the same field and disagree")
        return self.values_up(members)

    def down(self, members: Members) -> Members:
        """Return *members* as "2022-05" wrote them."""
        return {self.keys.get(key, key): value for key, value in self.values_down(members).items()}


AS_TODAY: Final = Spelling()
