"""What JSON is made of, told to the type checker too."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether *value* is a JSON object."""
    return isinstance(value, Mapping)


def is_array(value: object) -> TypeGuard[Sequence[Any]]:
    """Tell whether *value* is a JSON array; text is none."""
    return isinstance(value, list | tuple)
