"""JSON objects with keys of their own choosing, read once and never changed."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar, final

from linkspan.objects._json import is_array, is_object

_Value_co = TypeVar("_Value_co", covariant=True)


class FrozenMap(Mapping[str, _Value_co]):
    """A mapping that cannot change, so that the object holding it can be hashed.

    It equals any mapping with the same items. Values must be hashable where the
    hash is asked for; those of a decoded object always are.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, _Value_co] | None = None) -> None:
        self._items: dict[str, _Value_co] = dict(items or {})

    def __getitem__(self, key: str) -> _Value_co:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._items!r})"

    def __reduce__(self) -> str | tuple[Any, ...]:
        return type(self), (self._items,)


@final
class Extra(FrozenMap[Any]):
    """The fields of an object that this version of the library does not know."""

    __slots__ = ()

    def __reduce__(self) -> str | tuple[Any, ...]:
        # The encoder leaves a field out when it *is* its default, so the one
        # empty instance must survive pickling as itself.
        return super().__reduce__() if self else "NO_EXTRA"


NO_EXTRA: Final = Extra()


def freeze(value: Any) -> Any:  # Any: JSON of no known shape
    """Return JSON *value* with lists as tuples and objects as `FrozenMap`, at every depth."""
    if is_object(value):
        return FrozenMap({key: freeze(item) for key, item in value.items()})
    if is_array(value):
        return tuple(freeze(item) for item in value)
    return value


def thaw(value: Any) -> Any:  # Any: JSON of no known shape
    """Return the JSON value that `freeze` was given, with lists and dicts again."""
    if is_object(value):
        return {key: thaw(item) for key, item in value.items()}
    if is_array(value):
        return [thaw(item) for item in value]
    return value
