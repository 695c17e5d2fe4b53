"""Reads form bodies and query strings with nested brackets, in linear time.

``a[b][c]=x`` nests, ``a[]=x`` appends, ``a[0]=x`` places; ``a[][b]=x`` adds to the
last element until that has a ``b``; a repeated plain key keeps its last value,
as Stripe's servers do. `;` separates nothing.
"""

from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias, cast
from urllib.parse import unquote_plus

from linkspan.server.core.refusals import BadParameter

Form: TypeAlias = "dict[str, str | Form]"
_Shape: TypeAlias = "dict[str, int | _Shape]"

# No route takes more; a request beyond these is a mistake or an attack.
_PAIRS_MAX: Final = 1_000
_DEPTH_MAX: Final = 6
_KEY_LENGTH_MAX: Final = 500
# Programs spell the same few forms again and again; at the very worst these take twelve megabytes.
_LAYOUTS_CACHED_MAX: Final = 256
_CACHED_PAIRS_MAX: Final = 32


class _Layout(NamedTuple):
    """Where the values of a form belong, which its names alone decide."""

    keys: tuple[str, ...]
    """What each of the names spells."""
    forms: int
    """How many forms there are, with those inside: the first is the whole one."""
    steps: tuple[tuple[int, str, int], ...]
    """Into what, under which name, goes what: a value by its place, or a form counted on from there."""


def read_form(text: str) -> Form:
    """Return the nested form that *text* spells; an array is a form keyed by index."""
    if not text:
        return {}
    if text[0] == "{":
        raise BadParameter(
            "Invalid request (check that your POST content type is application/x-www-form-urlencoded).",
            param="",
        )
    pairs = text.split("&", _PAIRS_MAX)
    if len(pairs) > _PAIRS_MAX:
        raise BadParameter(f"A request may have at most {_PAIRS_MAX} parameters.", param="")
    parts = [pair.partition("=") for pair in pairs if pair]
    if not parts:
        return {}
    names, _, values = zip(*parts, strict=True)
    layout = (_layout if len(names) <= _CACHED_PAIRS_MAX else _layout.__wrapped__)(names)
    if "%" in text or "+" in text or "\0" in text:
        values = tuple(map(_unquoted, values, layout.keys))
    return _filled(layout, values)


@lru_cache(maxsize=_LAYOUTS_CACHED_MAX)
def _layout(names: tuple[str, ...]) -> _Layout:
    """Return where the values belong that have these names; a form that is refused is not kept."""
    keys = tuple(map(_key, names))
    shape: _Shape = {}
    for place, key in enumerate(keys):
        _place(shape, key, _path(key), place)
    forms, steps = [shape], []
    for into, form in enumerate(forms, len(keys)):
        for name, inside in form.items():
            if isinstance(inside, dict):
                forms.append(inside)
                steps.append((into, name, len(keys) + len(forms) - 1))
            else:
                steps.append((into, name, inside))
    return _Layout(keys, len(forms), tuple(steps))


def _filled(layout: _Layout, values: tuple[str, ...]) -> Form:
    """Return the form that has *values* where its layout says."""
    found: list[Any] = [*values, *[{} for _ in range(layout.forms)]]
    for into, name, what in layout.steps:
        found[into][name] = found[what]
    return cast("Form", found[len(values)])


def _key(spelled: str) -> str:
    key = _unquoted(spelled, spelled)
    if len(key) > _KEY_LENGTH_MAX:
        raise BadParameter(f"Parameter names have at most {_KEY_LENGTH_MAX} characters.", param=key[:100])
    return key


def _unquoted(text: str, key: str) -> str:
    """Return what *text* spells; refuse what a database could not give back as it came."""
    try:
        plain = unquote_plus(text, errors="strict") if "%" in text or "+" in text else text
    except UnicodeDecodeError:
        raise BadParameter("Invalid string: value is not UTF-8.", param=key[:100]) from None
    if "\0" in plain:
        raise BadParameter("Invalid string: value may not have null characters.", param=key[:100])
    return plain


def _place(shape: _Shape, key: str, path: tuple[str, ...], value: int) -> None:
    """Put *value* at *path*, which *key* spells."""
    inner, (*parents, last) = shape, path
    for place, part in enumerate(parents, 1):
        below = inner.setdefault(part or _element(inner, path[place:], key), {})
        if isinstance(below, int):
            raise _ambiguous(key)
        inner = below
    if parents:
        last = last or _next_index(inner, key)
    if isinstance(inner.get(last), dict):
        raise _ambiguous(key)
    inner[last] = value


def _path(key: str) -> tuple[str, ...]:
    """Return the parts of ``a[b][]``: ``("a", "b", "")``."""
    if "[" not in key:
        return (key,)
    head, _, rest = key.partition("[")
    parts = rest.removesuffix("]").split("][")
    if not head or "]" in head or not rest.endswith("]") or any("[" in part or "]" in part for part in parts):
        raise BadParameter(f"Invalid parameter name: {key}", param=key[:100])
    if len(parts) >= _DEPTH_MAX:
        raise BadParameter(f"Parameters nest at most {_DEPTH_MAX} deep.", param=key[:100])
    return (head, *parts)


def _element(array: _Shape, rest: tuple[str, ...], key: str) -> str:
    """Return the index of the element that has *rest*: the last one while it lacks that, or a new one."""
    index = str(len(array) - 1)
    last = array.get(index)
    return index if isinstance(last, dict) and not _has(last, rest) else _next_index(array, key)


def _has(shape: _Shape, path: tuple[str, ...]) -> bool:
    """Tell whether *shape* has a value at *path*; one that appends is never there yet."""
    inner: _Shape | int | None = shape
    for part in path:
        inner = inner.get(part) if isinstance(inner, dict) else None
    return inner is not None


def _next_index(array: _Shape, key: str) -> str:
    """Return the index of what ``[]`` appends."""
    following = str(len(array))
    if following in array:
        raise _ambiguous(key)
    return following


def _ambiguous(key: str) -> BadParameter:
    return BadParameter(f"Invalid parameter: {key} was sent in two ways that differ.", param=key[:100])
