"""The schemas of requests, from the tables of parameters that read them."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final, TypeAlias, get_args, get_origin

from linkspan.objects import LinkedPage, List, PaymentMethod
from linkspan.server.api.description.answers import Schema, name_of, referred
from linkspan.server.api.description.texts import as_parameter
from linkspan.server.api.expand import EXPAND
from linkspan.server.api.params import schema_of
from linkspan.server.api.routing import Route

Answers: TypeAlias = Mapping[str, Schema]

# What a hash makes that is no field of the answer.
_MADE: Final[Mapping[str, str]] = {"payment_method_data": PaymentMethod.__name__}

_EXPAND_TEXT: Final = "Which ids to replace by the objects they name."


def request_schema(route: Route, answers: Answers) -> Schema:
    """Return what a route takes in the newest version; a parameter without a text has that of its field."""
    schema = deepcopy(schema_of(route.params))
    _tell(schema, answer_name(route), answers)
    if route.expandable:
        schema["properties"]["expand"] = _expand(route)
    return schema


def answer_name(route: Route) -> str:
    """Return the schema of the object a route answers, or lists."""
    kind = next(iter(get_args(route.returns)), route.returns)
    return name_of(kind)


def is_list(route: Route) -> bool:
    """Tell whether a route answers a list."""
    return get_origin(route.returns) in {LinkedPage, List}


def _expand(route: Route) -> Schema:
    """Return the schema of ``expand``, which names the paths that this route can expand."""
    (param,) = EXPAND.values()
    prefix = "data." if is_list(route) else ""
    items = {"type": "string", "enum": sorted(f"{prefix}{path}" for path in route.expandable)}
    return {**param.read.schema, "items": items, "description": _EXPAND_TEXT}


def _tell(schema: Schema, answer: str | None, answers: Answers) -> None:
    """Give every property without a text that of the field it becomes."""
    fields = {} if answer is None else answers[answer]["properties"]
    for hash_ in _hashes(schema):
        for name, inner in hash_["properties"].items():
            field = fields.get(name, {})
            text = as_parameter(field.get("description", ""))
            if text:
                inner.setdefault("description", text)
            _tell(inner, referred(field) or _MADE.get(name), answers)


def _hashes(schema: Schema) -> Iterator[dict[str, Any]]:
    """Yield *schema* and the alternatives in it that have properties of their own."""
    return (arm for arm in (schema, *schema.get("anyOf", ())) if "properties" in arm)
