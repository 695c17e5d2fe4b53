"""Puts the description of one version of the API together, as an OpenAPI 3.1 document."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from linkspan.objects import ErrorBody
from linkspan.server.api import versions
from linkspan.server.api.description.answers import Schema, components, reference, schema_of
from linkspan.server.api.description.examples import example_of
from linkspan.server.api.description.history import take_back_fields, take_back_parameters
from linkspan.server.api.description.refused import refused_example, statuses, statuses_of, told
from linkspan.server.api.description.requests import request_schema
from linkspan.server.api.description.texts import sentences, summary
from linkspan.server.api.idempotency import KEY_LENGTH_MAX
from linkspan.server.api.routes import served
from linkspan.server.api.routing import Route
from linkspan.server.core.event_types import TYPES

_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_ABOUT: Final = (
    "The account-linking API of this server, in the version that `Stripe-Version` names. Generated from the "
    "code that serves it. Bodies are forms in which hashes and arrays are spelled in brackets: "
    "`account_holder[type]=customer`, `permissions[]=balances`; below `/v2/` they are JSON."
)
_LEGACY: Final = "The address that this method had in 2022."
_KEY: Final = "Idempotency-Key"
_HEADERS: Final[Mapping[str, tuple[str, Schema]]] = {
    "Stripe-Version": (
        "The version of the API that the request is written in, and its answer.",
        {"type": "string"},
    ),
    "Stripe-Account": ("The connected account that a platform acts for.", {"type": "string"}),
    "Stripe-Context": ("The same, as event notifications give it.", {"type": "string"}),
    _KEY: (
        "A word of the caller's own: the request is carried out once, however often it is sent with it.",
        {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH_MAX},
    ),
}
_SECURITY: Final = {
    "basicAuth": {"type": "http", "scheme": "basic", "description": "The API key as the user, no password."},
    "bearerAuth": {"type": "http", "scheme": "bearer", "description": "The API key."},
}
_REQUEST_ID: Final = {
    "Request-Id": {
        "description": "The id of the request, which every answer has.",
        "schema": {"type": "string", "pattern": "^req_"},
    }
}


def document(version: str, server: str) -> dict[str, Any]:
    """Return the document of *version*, of the server at that address."""
    routes = served(in_previews=versions.is_preview(version))
    answers = components([*(route.returns for route in routes), ErrorBody])
    # A customer's events are told of as well as those that the structs know by name.
    answers["Event"]["properties"]["type"]["enum"] = sorted(TYPES)
    requests = {route.name: request_schema(route, answers) for route in routes}
    changes = versions.since(version)
    if not versions.is_preview(version):
        changes = (*versions.PREVIEW_CHANGES, *changes)
    for route in routes:
        take_back_parameters(route.name, requests[route.name], changes)
    take_back_fields(answers, changes)
    paths = _paths(routes, requests, version)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Linkspan", "version": version, "description": _ABOUT},
        "servers": [{"url": server}],
        "security": [{name: []} for name in _SECURITY],
        "tags": [{"name": resource} for resource in dict.fromkeys(route.resource for route in routes)],
        "paths": paths,
        "components": {
            "schemas": _reached(paths, answers),
            "parameters": _headers(version),
            "responses": {str(status): _refused(status, server) for status in statuses()},
            "securitySchemes": _SECURITY,
        },
    }


def _headers(version: str) -> dict[str, Any]:
    """Return the headers that methods take; one says the version that is described."""
    return {
        name: {
            "name": name,
            "in": "header",
            "description": text,
            "schema": {**schema, "enum": [version]} if name == "Stripe-Version" else schema,
        }
        for name, (text, schema) in _HEADERS.items()
    }


def _paths(routes: Sequence[Route], requests: dict[str, Schema], version: str) -> dict[str, Any]:
    """Return the operations by address and method."""
    paths: dict[str, Any] = {}
    for route in routes:
        operation = _operation(route, requests[route.name], example_of(route, version))
        paths.setdefault(route.template, {})[route.method.lower()] = operation
        if route.legacy is not None:
            old = {"operationId": f"{operation['operationId']}_legacy", "deprecated": True}
            text = {"description": f"{operation.get('description', '')} {_LEGACY}".strip()}
            paths.setdefault(route.legacy, {})[route.method.lower()] = operation | old | text
    return paths


def _operation(route: Route, request: Schema, example: Any) -> dict[str, Any]:
    doc = inspect.getdoc(route.run)
    operation: dict[str, Any] = {
        "operationId": route.name.replace(".", "_"),
        "tags": [route.resource],
        "summary": summary(doc),
        "parameters": [*_path_parameters(route), *_header_parameters(route)],
        "responses": {
            "200": {
                "description": "Success.",
                "headers": _REQUEST_ID,
                "content": {_JSON: {"schema": schema_of(route.returns, {}), "example": example}},
            },
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses_of(route)},
        },
    }
    more = sentences((doc or "").partition("\n\n")[2])
    if more:
        operation["description"] = more
    if route.method == "POST":
        operation["requestBody"] = _body(request, is_json=route.is_second)
    else:
        operation["parameters"] += _query_parameters(request)
    return operation


def _path_parameters(route: Route) -> Iterator[dict[str, Any]]:
    for part in route.template.split("/"):
        if part.startswith("{"):
            yield {
                "name": part[1:-1],
                "in": "path",
                "required": True,
                "description": f"Id of the {part[1:-1].replace('_', ' ')}.",
                "schema": {"type": "string", "minLength": 1},
            }


def _header_parameters(route: Route) -> Iterator[dict[str, Any]]:
    for name in _HEADERS:
        if name != _KEY or route.takes_key:
            yield {"$ref": f"#/components/parameters/{name}"}


def _query_parameters(request: Schema) -> Iterator[dict[str, Any]]:
    """Yield each property as a parameter of its own, hashes and arrays spelled in brackets."""
    for name, schema in request["properties"].items():
        plain = {key: value for key, value in schema.items() if key != "description"}
        parameter = {"name": name, "in": "query", "required": name in request["required"], "schema": plain}
        if "description" in schema:
            parameter["description"] = schema["description"]
        if _is_nested(schema):
            parameter |= {"style": "deepObject", "explode": True}
        yield parameter


def _body(request: Schema, *, is_json: bool) -> dict[str, Any]:
    """Return the form that a request is, hashes and arrays spelled in brackets, or its JSON."""
    if is_json:
        return {"required": bool(request["required"]), "content": {_JSON: {"schema": request}}}
    nested = [name for name, schema in request["properties"].items() if _is_nested(schema)]
    encoding = {name: {"style": "deepObject", "explode": True} for name in nested}
    return {
        "required": bool(request["required"]),
        "content": {_FORM: {"schema": request, "encoding": encoding}},
    }


def _is_nested(schema: Schema) -> bool:
    return any(arm.get("type") in {"array", "object"} for arm in (schema, *schema.get("anyOf", ())))


def _refused(status: int, server: str) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": reference("ErrorBody")}
    example = refused_example(status, server)
    if example is not None:
        content["example"] = example
    return {"description": told(status), "headers": _REQUEST_ID, "content": {_JSON: content}}


def _reached(paths: dict[str, Any], answers: dict[str, Schema]) -> dict[str, Schema]:
    """Return the schemas that *paths* and errors lead to: only those that the version has."""
    reached: dict[str, Schema] = {}
    waiting = [*_references(paths), "ErrorBody"]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in answers:
            reached[name] = answers[name]
            waiting += _references(answers[name])
    return dict(sorted(reached.items()))


def _references(value: Any) -> Iterator[str]:
    """Yield the name of every schema that *value* refers to, at any depth."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
