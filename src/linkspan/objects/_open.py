"""Enumerations that may grow: a type checker sees the known values, the decoder sees text."""

from typing import TYPE_CHECKING, TypeAlias, TypeVar

_Known = TypeVar("_Known", bound=str)

if TYPE_CHECKING:
    Open: TypeAlias = _Known | str
else:

    class Open:
        """``Open[Literal["a", "b"]]`` is ``str``, so a value of a later API version never fails."""

        def __class_getitem__(cls, known: object) -> type[str]:
            return str
