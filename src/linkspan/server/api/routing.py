"""Which function answers which address."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import UnionType
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from linkspan.objects import ApiObject
from linkspan.server.api.expand import EXPAND
from linkspan.server.api.params import Params
from linkspan.server.core.caller import Caller
from linkspan.server.core.refusals import NoSuchRoute, Refusal
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx

Method: TypeAlias = Literal["DELETE", "GET", "POST"]


class Asked(Struct, frozen=True):
    """One request, decoded."""

    context: Context
    caller: Caller
    path: Mapping[str, str]
    values: dict[str, Any]


Run: TypeAlias = Callable[[Tx, Asked], Awaitable[bytes | Refusal]]
"""Answers a request; a refusal that is returned, and not raised, keeps what was changed."""


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
    returns: type[ApiObject] | UnionType | None = None
    """What the answer is in the newest version, such as ``Account`` or ``List[Account]``."""
    is_record: bool = False
    """Whether the answer was written once and for all, in a version of its own."""
    writes: bool = False
    """Whether a GET may write; every other method does."""

    opens_to_pages: bool = False
    """Whether a publishable key may ask for it together with the client secret of what it asks for."""

    is_preview: bool = False
    """Whether only preview versions have this method."""
    preview_params: Params = field(default_factory=dict)
    """Parameters that preview versions have besides, or read in a way of their own."""
    preview_expandable: frozenset[str] = frozenset()
    """Paths that ``expand`` may name besides in preview versions."""

    # What follows from the rest, asked at every request.
    is_second: bool = field(init=False)
    """Whether it is of the API's second generation, which takes JSON."""
    takes_key: bool = field(init=False)
    """Whether it takes an idempotency key."""

    def __post_init__(self) -> None:
        is_second = self.template.startswith("/v2/")
        object.__setattr__(self, "is_second", is_second)
        takes_key = self.method == "POST" or (is_second and self.method == "DELETE")
        object.__setattr__(self, "takes_key", takes_key)

    @property
    def resource(self) -> str:
        """What the method belongs to: the first word of its name."""
        return self.name.partition(".")[0]


def as_previewed(route: Route) -> Route:
    """Return *route* as preview versions have it."""
    return replace(
        route,
        params={**route.params, **route.preview_params},
        expandable=route.expandable | route.preview_expandable,
    )


class _Node:
    """The routes that end at one place of the tree of addresses, and the places below it."""

    __slots__ = ("below", "placeholder", "routes")

    def __init__(self) -> None:
        self.below: dict[str, _Node] = {}
        self.placeholder: _Node | None = None
        self.routes: dict[str, tuple[Route, tuple[str, ...]]] = {}
        """By method: the route, and the names of the placeholders on the way here."""


class Router:
    """Finds a route by walking down a path, one part at a time.

    A word of the address goes before a placeholder, and is not tried as one again.
    """

    __slots__ = ("_root", "_spelled")

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        self._spelled: dict[str, _Node] = {}
        """The places that no placeholder leads to, by their whole address; most paths end one step below."""
        for plain in routes:
            # Every route of the first generation may be asked to expand.
            route = plain if plain.is_second else replace(plain, params={**plain.params, **EXPAND})
            for template in filter(None, (route.template, route.legacy)):
                self._add(template, route)

    def _add(self, template: str, route: Route) -> None:
        node, names, parts = self._root, [], template.split("/")
        for count, part in enumerate(parts, 1):
            if part.startswith("{"):
                names.append(part[1:-1])
                node.placeholder = node.placeholder or _Node()
                node = node.placeholder
            else:
                node = node.below.setdefault(part, _Node())
            if not names:
                self._spelled["/".join(parts[:count])] = node
        node.routes[route.method] = (route, tuple(names))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route for *path* and what its placeholders stand for."""
        if "\0" in path:  # no id has one, and PostgreSQL would not even look it up
            raise NoSuchRoute(method, path)
        address, _, last = path.rpartition("/")
        node, values = self._spelled.get(address), []
        parts: Iterable[str] = (last,)
        if node is None:
            node, parts = self._root, path.split("/")
        for part in parts:
            below = node.below.get(part)
            if below is None and part:
                below = node.placeholder
                values.append(part)
            if below is None:
                raise NoSuchRoute(method, path)
            node = below
        found = node.routes.get(method)
        if found is None:
            raise NoSuchRoute(method, path)
        route, names = found
        return route, dict(zip(names, values, strict=True))
