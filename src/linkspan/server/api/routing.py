"""Which function answers which address."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import UnionType
from typing import Any, Literal, TypeAlias

from linkspan.objects import ApiObject
from linkspan.server.api.expand import EXPAND
from linkspan.server.api.params import Params
from linkspan.server.core.caller import Caller
from linkspan.server.core.refusals import NoSuchRoute
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx

Method: TypeAlias = Literal["DELETE", "GET", "POST"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, decoded."""

    context: Context
    caller: Caller
    path: Mapping[str, str]
    values: dict[str, Any]


Run: TypeAlias = Callable[[Tx, Asked], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Route:
    """One method of the API; the docstring of *run* says what it does."""

    name: str
    method: Method
    template: str
    run: Run
    params: Params = field(default_factory=dict)
    expandable: frozenset[str] = frozenset()
    """Paths within one object that ``expand`` may name."""
    legacy: str | None = None
    """The address this method had in 2022, which Stripe's own description still publishes."""
    rings: str | None = None
    """The bell of work that this method leaves for later."""
    returns: type[ApiObject] | UnionType | None = None
    """What the answer is in the newest version, such as ``Account`` or ``List[Account]``."""

    @property
    def resource(self) -> str:
        """What the method belongs to: the first word of its name."""
        return self.name.partition(".")[0]


class Router:
    """Finds a route by walking the parts of a path."""

    __slots__ = ("_routes",)

    def __init__(self, routes: Sequence[Route]) -> None:
        # By method and number of parts, so that a look-up compares a few rows.
        self._routes: dict[tuple[str, int], list[tuple[Route, list[str]]]] = {}
        for plain in routes:
            route = replace(plain, params={**plain.params, **EXPAND})  # every route may be asked to expand
            for template in filter(None, (route.template, route.legacy)):
                parts = template.split("/")
                self._routes.setdefault((route.method, len(parts)), []).append((route, parts))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route for *path* and what its placeholders stand for."""
        asked = path.split("/")
        if "\0" in path:  # no id has one, and PostgreSQL would not even look it up
            raise NoSuchRoute(method, path)
        for route, parts in self._routes.get((method, len(asked)), ()):
            values = _match(parts, asked)
            if values is not None:
                return route, values
        raise NoSuchRoute(method, path)


def _match(parts: list[str], asked: list[str]) -> dict[str, str] | None:
    values = {}
    for part, word in zip(parts, asked, strict=True):
        if part.startswith("{") and word:
            values[part[1:-1]] = word
        elif part != word:
            return None
    return values
