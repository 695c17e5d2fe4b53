"""Documents of every shape the API knows, for property tests."""

from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import hypothesis.strategies as st
from msgspec import UnsetType
from msgspec.structs import fields

from linkspan.objects import FrozenMap, Resource
from linkspan.objects._base import EXTRA_KEY
from linkspan.objects._shapes import is_subject

# Words that a lenient reader could take for something else.
_TEXT = st.text(max_size=8) | st.sampled_from(
    ["0", "1", "12", "true", "null", "", "US", "/v1/financial_connections/accounts?session=fcsess_1"]
)
_INTEGERS = st.integers(-(2**53), 2**53)
SCALARS = st.none() | st.booleans() | _INTEGERS | _TEXT
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)

# Keys that are fields elsewhere, or in another object, are the unknown keys most likely to be lost.
_UNKNOWN_KEYS = st.sampled_from(["created", "object", "status", "url", "extra", "new", EXTRA_KEY, ""])
_OTHER_SPELLINGS = {"accountholder", "linked_accounts", "countries"}


_SCALAR: Final[dict[Any, st.SearchStrategy[Any]]] = {
    str: _TEXT,
    int: _INTEGERS,
    bool: st.booleans(),
    type(None): st.none(),
    Any: ANY_JSON,
}


def json_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return documents in today's spelling that *kind* accepts, unknown fields among them."""
    if get_origin(kind) is Annotated:
        kind = kind.__origin__
    if kind in _SCALAR:
        return _SCALAR[kind]
    if is_subject(kind):
        return st.deferred(lambda: json_of(Resource)) | st.dictionaries(_TEXT, ANY_JSON, max_size=3)
    arguments = [json_of(argument) for argument in get_args(kind) if argument not in {UnsetType, ...}]
    if get_origin(kind) in {Union, UnionType}:
        return st.one_of(arguments)
    if get_origin(kind) is tuple:
        return st.lists(*arguments, max_size=2)
    if get_origin(kind) is FrozenMap:
        return st.dictionaries(_TEXT, *arguments, max_size=2)
    return _struct(kind)


def _struct(kind: Any) -> st.SearchStrategy[Any]:
    config = (get_origin(kind) or kind).__struct_config__
    parts = {field.name: field for field in fields(kind) if field.name != "extra"}
    named = {} if config.tag is None else {config.tag_field: st.just(config.tag)}
    required = {key: json_of(field.type) for key, field in parts.items() if field.required}
    optional = {key: json_of(field.type) for key, field in parts.items() if not field.required}
    known = {*parts, *named, *_OTHER_SPELLINGS}
    unknown = st.dictionaries(_UNKNOWN_KEYS.filter(lambda key: key not in known), ANY_JSON, max_size=2)
    return st.builds(
        lambda members, extra: {**members, **extra},
        st.fixed_dictionaries({**named, **required}, optional=optional),
        unknown,
    )
