"""Enumerations that may grow: a type checker sees the known values, the decoder sees text."""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, TypeVar, get_args, get_origin

from msgspec import Meta

_Known = TypeVar("_Known", bound=str)

if TYPE_CHECKING:
    Open: TypeAlias = _Known | str
else:

    class Open:
        """``Open[Literal["a", "b"]]`` is ``str``, so a value of a later API version never fails.

        The known values stay with it as JSON Schema, for those who describe the API.
        """

        def __class_getitem__(cls, known: object) -> object:
            return Annotated[str, Meta(extra_json_schema={"enum": _values(known)})]


def _values(known: object) -> list[str]:
    """Return the values of a literal type, or of a union of some."""
    if get_origin(known) is Literal:
        return list(get_args(known))
    return [value for arm in get_args(known) for value in _values(arm)]
