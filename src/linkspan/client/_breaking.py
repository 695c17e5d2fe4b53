"""Warns a program of calls that would break in a newer version than the one it pins."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Literal, TypeAlias

from linkspan.versions import breaks_after

OnBreaking: TypeAlias = Literal["warn"]

# The check itself, the method of the client that asked for it, and then the program.
_LEVEL_OF_THE_PROGRAM = 3


class BreakingChangeWarning(FutureWarning):
    """A call works in the API version its client pins, and breaks in a newer one.

    Python shows it once for each place that makes such a call; with
    ``warnings.simplefilter("error", BreakingChangeWarning)`` it is raised.
    """


class Foresight:
    """Looks at calls in one version for what newer ones break."""

    def __init__(self, version: str, on_breaking: OnBreaking | None) -> None:
        if on_breaking not in {None, "warn"}:
            raise ValueError(f'on_breaking must be "warn" or None, not {on_breaking!r}')
        self._version = version
        self._is_asked_for = on_breaking is not None

    def check(self, call: str, params: Mapping[str, object]) -> None:
        """Warn where the program calls one of our methods in a way that breaks; *params* as it wrote them."""
        if not self._is_asked_for:
            return
        for each in breaks_after(self._version, call, params):
            message = f"{call} breaks in API version {each.since}: {each.advice}"
            warnings.warn(message, BreakingChangeWarning, stacklevel=_LEVEL_OF_THE_PROGRAM)
