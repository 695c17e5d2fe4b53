"""Reads form bodies and query strings with nested brackets, in linear time.

``a[b][c]=x`` nests, ``a[]=x`` appends, ``a[0]=x`` places; ``a[][b]=x`` adds to the
last element until that has a ``b``; a repeated plain key keeps its last value,
as Stripe's servers do. `;` separates nothing.
"""

from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import unquote_plus

from linkspan.server.core.refusals import BadParameter

Form: TypeAlias = "dict[str, str | Form]"

# No route takes more; a request beyond these is a mistake or an attack.
_PAIRS_MAX: Final = 1_000
_DEPTH_MAX: Final = 5
_KEY_LENGTH_MAX: Final = 500
# The same few names come with every request, spelled the same way; one that is refused is not kept.
_NAMES_CACHED_MAX: Final = 1_024


def read_form(text: str) -> Form:
    """Return the nested form that *text* spells; an array is a form keyed by index."""
    form: Form = {}
    if not text:
        return form
    if text[0] == "{":
        raise BadParameter(
            "Invalid request (check that your POST content type is application/x-www-form-urlencoded).",
            param="",
        )
    pairs = text.split("&", _PAIRS_MAX)
    if len(pairs) > _PAIRS_MAX:
        raise BadParameter(f"A request may have at most {_PAIRS_MAX} parameters.", param="")
    for pair in pairs:
        if pair:
            spelled, _, value = pair.partition("=")
            key, path = _parameter(spelled)
            _place(form, key, path, _unquoted(value, key))
    return form


@lru_cache(maxsize=_NAMES_CACHED_MAX)
def _parameter(spelled: str) -> tuple[str, tuple[str, ...]]:
    """Return the name that *spelled* stands for, and its parts."""
    key = _unquoted(spelled, spelled)
    if len(key) > _KEY_LENGTH_MAX:
        raise BadParameter(f"Parameter names have at most {_KEY_LENGTH_MAX} characters.", param=key[:100])
    return key, _path(key) if "[" in key else (key,)


def _unquoted(text: str, key: str) -> str:
    """Return what *text* spells; refuse what a database could not give back as it came."""
    try:
        plain = unquote_plus(text, errors="strict") if "%" in text or "+" in text else text
    except UnicodeDecodeError:
        raise BadParameter("Invalid string: value is not UTF-8.", param=key[:100]) from None
    if "\0" in plain:
        raise BadParameter("Invalid string: value may not have null characters.", param=key[:100])
    return plain


def _place(form: Form, key: str, path: tuple[str, ...], value: str) -> None:
    """Put *value* at *path*, which *key* spells."""
    inner, (*parents, last) = form, path
    for place, part in enumerate(parents, 1):
        below = inner.setdefault(part or _element(inner, path[place:], key), {})
        if isinstance(below, str):
            raise _ambiguous(key)
        inner = below
    if parents:
        last = last or _next_index(inner, key)
    if isinstance(inner.get(last), dict):
        raise _ambiguous(key)
    inner[last] = value


def _path(key: str) -> tuple[str, ...]:
    """Return the parts of ``a[b][]``: ``("a", "b", "")``."""
    head, _, rest = key.partition("[")
    parts = rest.removesuffix("]").split("][")
    if not head or "]" in head or not rest.endswith("]") or any("[" in part or "]" in part for part in parts):
        raise BadParameter(f"Invalid parameter name: {key}", param=key[:100])
    if len(parts) >= _DEPTH_MAX:
        raise BadParameter(f"Parameters nest at most {_DEPTH_MAX} deep.", param=key[:100])
    return (head, *parts)


def _element(array: Form, rest: tuple[str, ...], key: str) -> str:
    """Return the index of the element that has *rest*: the last one while it lacks that, or a new one."""
    index = str(len(array) - 1)
    last = array.get(index)
    return index if isinstance(last, dict) and not _has(last, rest) else _next_index(array, key)


def _has(form: Form, path: tuple[str, ...]) -> bool:
    """Tell whether *form* has a value at *path*; one that appends is never there yet."""
    inner: Form | str | None = form
    for part in path:
        inner = inner.get(part) if isinstance(inner, dict) else None
    return inner is not None


def _next_index(form: Form, key: str) -> str:
    """Return the index of what ``[]`` appends."""
    following = str(len(form))
    if following in form:
        raise _ambiguous(key)
    return following


def _ambiguous(key: str) -> BadParameter:
    return BadParameter(f"Invalid parameter: {key} was sent in two ways that differ.", param=key[:100])
