"""Reads JSON bodies, which the second generation of the API takes, into what forms are read into."""

from typing import Any, Final

import msgspec

from linkspan.server.api.forms import Form
from linkspan.server.core.refusals import BadParameter

# As in forms: no route takes more.
_DEPTH_MAX: Final = 5
_MEMBERS_MAX: Final = 1_000


def read_json(body: bytes) -> Form:
    """Return the object that *body* spells; an array is a form keyed by index, null unsets as ``""`` does."""
    if not body:
        return {}
    try:
        spelled = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        spelled = None
    if not isinstance(spelled, dict):
        raise BadParameter(
            "Invalid request (check that your POST content type is application/json and its body an object).",
            param="",
        )
    return _Reading().form(spelled, "", 0)


class _Reading:
    """How many members were read so far."""

    def __init__(self) -> None:
        self._members = 0

    def form(self, members: dict[str, Any], path: str, depth: int) -> Form:
        """Return the members of one object."""
        self._members += len(members)
        if depth >= _DEPTH_MAX or self._members > _MEMBERS_MAX:
            message = f"A request has at most {_MEMBERS_MAX} members, {_DEPTH_MAX} deep."
            raise BadParameter(message, param=path[:100])
        return {
            _checked(name, path): self._value(value, f"{path}[{name}]" if path else name, depth)
            for name, value in members.items()
        }

    def _value(self, value: Any, path: str, depth: int) -> Any:
        if value is None:
            return ""
        if isinstance(value, list):
            value = {str(index): one for index, one in enumerate(value)}
        if isinstance(value, dict):
            return self.form(value, path, depth + 1)
        # Anything but text is left as it is: whoever reads text refuses it by name.
        return _checked(value, path) if isinstance(value, str) else value


def _checked(text: str, path: str) -> str:
    """Return *text*; refuse what a database could not give back as it came."""
    if "\0" in text:
        raise BadParameter("Invalid string: value may not have null characters.", param=path[:100])
    return text
