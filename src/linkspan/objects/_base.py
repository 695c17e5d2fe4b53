"""What every object of the API has in common."""

from typing import Any, ClassVar

import msgspec

from linkspan.objects._writing import plain
from linkspan.objects.dialects import AS_TODAY, Dialect, Spelling
from linkspan.objects.frozen_map import NO_EXTRA, Extra

# Where the reader puts unknown fields while it hands an object to msgspec. An
# object that truly has this key keeps it in `extra`, as any other unknown key.
EXTRA_KEY = "$extra"


class ApiObject(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    repr_omit_defaults=True,
    gc=False,
):
    """One JSON object: typed, frozen, hashable and picklable.

    A field the API may leave out is `msgspec.UNSET` then; the value is falsy.
    """

    # Unknown fields are refused by the fast path and separated by the slow one
    # (`_reading`). No object refers to itself, so none needs the cycle collector.

    in_2022_05: ClassVar[Spelling] = AS_TODAY
    """What the dialect "2022-05" wrote differently."""

    extra: Extra = msgspec.field(default=NO_EXTRA, name=EXTRA_KEY)
    """Fields this version of the library does not know, by wire name; lists are tuples. Since 2022-05."""

    def to_dict(self, *, dialect: Dialect | None = None) -> dict[str, Any]:
        """Return the JSON object as a dict, in the newest API version or in *dialect*, without loss."""
        written: dict[str, Any] = plain(self, dialect)
        return written
