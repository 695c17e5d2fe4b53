"""The schemas of answers, from the structs that they are written from."""

from collections.abc import Callable, Iterable
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeAlias, Union, get_args, get_origin

import msgspec
from msgspec import UnsetType

from linkspan.objects import ApiObject, Extra, FrozenMap
from linkspan.server.api.description.texts import field_texts, sentences

Schema: TypeAlias = dict[str, Any]
Args: TypeAlias = tuple[Any, ...]

_SCALARS: Final[dict[Any, Schema]] = {
    Any: {},
    NoneType: {"type": "null"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    int: {"type": "integer"},
    str: {"type": "string"},
}
_WHERE: Final = "#/components/schemas/"


def components(kinds: Iterable[Any]) -> dict[str, Schema]:
    """Return the schema of every struct in *kinds* and within them, by name."""
    found: dict[str, Schema] = {}
    for kind in kinds:
        schema_of(kind, found)
    return dict(sorted(found.items()))


def schema_of(kind: Any, found: dict[str, Schema]) -> Schema:
    """Return the schema of a type, after putting those of its structs into *found*."""
    origin = get_origin(kind)
    if kind in _SCALARS:
        return dict(_SCALARS[kind])
    if origin in _COMPOUNDS:
        return _COMPOUNDS[origin](get_args(kind), found)
    if issubclass(origin or kind, ApiObject):
        return _struct(kind, found)
    return {"type": "object"}  # an event's subject: any object of the API


def name_of(kind: Any) -> str:
    """Return what the schema of a struct is called; that of ``List[Account]`` is ``AccountList``."""
    held = "".join(arg.__name__ for arg in get_args(kind))
    return held + str((get_origin(kind) or kind).__name__)


def reference(name: str) -> Schema:
    """Return the schema that stands for the one called *name*."""
    return {"$ref": _WHERE + name}


def referred(schema: Schema) -> str | None:
    """Return the name of the schema that *schema* stands for, alone or beside null and ids."""
    for arm in (schema, *schema.get("anyOf", ())):
        if "$ref" in arm:
            return str(arm["$ref"]).removeprefix(_WHERE)
    return None


def _annotated(args: Args, found: dict[str, Schema]) -> Schema:
    schema = schema_of(args[0], found)
    for meta in args[1:]:
        schema |= meta.extra_json_schema or {}
    return schema


def _array(args: Args, found: dict[str, Schema]) -> Schema:
    return {"type": "array", "items": schema_of(args[0], found)}


def _literal(args: Args, _found: dict[str, Schema]) -> Schema:
    return {"type": "boolean" if args == (True,) else "string", "enum": list(args)}


def _map(args: Args, found: dict[str, Schema]) -> Schema:
    return {"type": "object", "additionalProperties": schema_of(args[0], found)}


def _union(args: Args, found: dict[str, Schema]) -> Schema:
    arms = [schema_of(arm, found) for arm in args if arm is not UnsetType]
    return arms[0] if len(arms) == 1 else {"anyOf": arms}


_COMPOUNDS: Final[dict[Any, Callable[[Args, dict[str, Schema]], Schema]]] = {
    Annotated: _annotated,
    FrozenMap: _map,
    Literal: _literal,
    Union: _union,
    UnionType: _union,
    tuple: _array,
}


def _struct(kind: Any, found: dict[str, Schema]) -> Schema:
    """Return a reference to the schema of a struct, after making it unless it is made already."""
    name = name_of(kind)
    if name not in found:
        found[name] = {}  # so that an object within itself ends here
        found[name] = _members(kind, found)
    return reference(name)


def _members(kind: Any, found: dict[str, Schema]) -> Schema:
    plain: type[msgspec.Struct] = get_origin(kind) or kind
    texts = field_texts(plain)
    properties: dict[str, Schema] = {}
    required: list[str] = []
    tag = plain.__struct_config__.tag
    if tag is not None:
        properties["object"] = {"type": "string", "const": tag, "description": texts.get("object", "")}
        required.append("object")
    for field in msgspec.structs.fields(kind):
        if field.type is Extra:
            continue
        about = {"description": texts[field.name]} if field.name in texts else {}
        properties[field.encode_name] = schema_of(field.type, found) | about
        if field.required:
            required.append(field.encode_name)
    return {
        "type": "object",
        "title": name_of(kind),
        "description": sentences(plain.__doc__),
        "properties": properties,
        "required": required,
    }
