"""The description of the API as a page to read, made from the document that programs read."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from linkspan.server.api.description.answers import Schema
from linkspan.server.api.description.markup import Html, el, joined, page, prose
from linkspan.server.api.params import TEXT_LENGTH_MAX

_METHODS: Final = ("get", "post", "delete")


def reference_page(document: dict[str, Any], versions: Sequence[str]) -> bytes:
    """Return the page of a document; the form on it leads to those of the other *versions*."""
    version = document["info"]["version"]
    operations = list(_operations(document))
    title = f"API reference {version}"
    main = el(
        "main",
        el("h1", title),
        el("p", prose(document["info"]["description"])),
        _other_versions(version, versions),
        _opening(document),
        *(_resource(tag["name"], operations) for tag in document["tags"]),
        el("h2", "Objects", id="objects"),
        *(_object(name, schema) for name, schema in document["components"]["schemas"].items()),
        id="main",
    )
    return page(title, joined(_skip(), _contents(document, operations), main))


def _skip() -> Html:
    return el("a", "Skip to the text", href="#main", class_="skip")


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, address and operation, without the addresses of 2022."""
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods and not methods[method].get("deprecated"):
                yield method.upper(), path, methods[method]


def _contents(document: dict[str, Any], operations: list[tuple[str, str, dict[str, Any]]]) -> Html:
    groups = []
    for tag in document["tags"]:
        links = [
            el("li", el("a", operation["summary"], href=f"#{operation['operationId']}"))
            for _, _, operation in operations
            if tag["name"] in operation["tags"]
        ]
        if links:
            groups.append(el("li", el("span", _title(tag["name"])), el("ul", links)))
    rest = [el("li", el("a", "Objects", href="#objects")), el("li", el("a", "Errors", href="/docs/errors"))]
    return el("nav", el("ul", groups, rest), aria_label="Contents")


def _other_versions(version: str, versions: Sequence[str]) -> Html:
    options = [
        el("option", each, value=each, **({"selected": ""} if each == version else {}))
        for each in reversed(versions)
    ]
    return el(
        "form",
        el("label", "Version ", el("select", options, name="version")),
        " ",
        el("button", "Show"),
        action="/docs",
    )


def _opening(document: dict[str, Any]) -> Html:
    schemes = document["components"]["securitySchemes"].values()
    headers = document["components"]["parameters"].values()
    limit = f"A text may have up to {TEXT_LENGTH_MAX} characters where nothing else is said."
    return joined(
        el("h2", "Requests", id="requests"),
        el("p", "They go to ", el("code", document["servers"][0]["url"]), f". {limit}"),
        el(
            "dl",
            [
                _term("Authorization", scheme["scheme"].title(), prose(scheme["description"]))
                for scheme in schemes
            ],
            [_term(header["name"], "", prose(header["description"])) for header in headers],
        ),
        el("p", "The same for programs: ", el("a", "openapi.json", href=_openapi(document))),
    )


def _openapi(document: dict[str, Any]) -> str:
    return f"/openapi.json?version={document['info']['version']}"


def _resource(name: str, operations: list[tuple[str, str, dict[str, Any]]]) -> Html:
    mine = [each for each in operations if name in each[2]["tags"]]
    if not mine:
        return Html("")
    return el("section", el("h2", _title(name), id=name), [_operation(*each) for each in mine])


def _operation(method: str, path: str, operation: dict[str, Any]) -> Html:
    answer = operation["responses"]["200"]["content"]["application/json"]
    refused = ", ".join(status for status in operation["responses"] if status != "200")
    return el(
        "article",
        el("h3", el("a", operation["summary"], href=f"#{operation['operationId']}")),
        el("p", el("code", el("b", method), f" {path}")),
        el("p", prose(operation["description"])) if "description" in operation else Html(""),
        _parameters(operation),
        el(
            "p",
            "Returns ",
            _type(answer["schema"]),
            f". Errors: {refused}; ",
            el("a", "codes", href="/docs/errors"),
            ".",
        ),
        _example(answer["example"]),
        id=operation["operationId"],
    )


def _example(answer: Any) -> Html:
    text = msgspec.json.format(msgspec.json.encode(answer), indent=2).decode()
    return el("details", el("summary", "Example of an answer"), el("pre", el("code", text), tabindex="0"))


def _parameters(operation: dict[str, Any]) -> Html:
    """Return what an operation takes, those of a hash by their names in brackets."""
    rows = [
        row
        for each in operation["parameters"]
        if "$ref" not in each
        for row in _rows(each["name"], each["schema"] | _text(each), is_required=each["required"])
    ]
    if "requestBody" in operation:
        (body,) = operation["requestBody"]["content"].values()  # a form, or JSON where v2 takes it
        rows += _rows("", body["schema"], is_required=False)
    return el("dl", rows) if rows else Html("")


def _text(parameter: dict[str, Any]) -> dict[str, str]:
    return {"description": parameter["description"]} if "description" in parameter else {}


def _rows(name: str, schema: Schema, *, is_required: bool) -> Iterator[Html]:
    """Yield a parameter and, of a hash, each of those within."""
    if name:
        yield _term(name, _kind(schema), prose(schema.get("description", "")), is_required=is_required)
    for arm in (schema, *schema.get("anyOf", ())):
        for inner, field in arm.get("properties", {}).items():
            path = f"{name}[{inner}]" if name else inner
            yield from _rows(path, field, is_required=inner in arm.get("required", ()))


def _object(name: str, schema: Schema) -> Html:
    required = schema["required"]
    rows = [
        _term(field, _type(inner), prose(inner.get("description", "")), is_optional=field not in required)
        for field, inner in schema["properties"].items()
    ]
    text = prose(schema["description"])
    return el("article", el("h3", name), el("p", text), el("dl", rows), id=f"object-{name}")


def _term(name: str, kind: str, text: Html, *, is_required: bool = False, is_optional: bool = False) -> Html:
    """Return one row: a name, what kind of value it has, and what it means."""
    marks = [el("strong", "required")] if is_required else [el("em", "may be absent")] if is_optional else []
    return joined(el("dt", el("code", name), " ", el("span", kind), " ", marks), el("dd", text))


def _type(schema: Schema) -> Html:
    """Return the type of a value, with links to the objects in it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return el("a", name, href=f"#object-{name}")
    if "anyOf" in schema:
        first, *others = (_type(arm) for arm in schema["anyOf"])
        return joined(first, *(joined(" or ", other) for other in others))
    if schema.get("type") == "array":
        return joined("array of ", _type(schema["items"]))
    return Html(_kind(schema))


def _kind(schema: Schema) -> Html:
    """Return the type of a value in words, with its limits."""
    if "anyOf" in schema:
        return joined(" or ".join(_kind(arm) for arm in schema["anyOf"] if arm.get("enum") != [""]))
    if "const" in schema:
        return joined(str(schema["const"]))
    if "enum" in schema:
        values = [value for value in schema["enum"] if value != ""]
        return joined(", ".join(str(value) for value in values))
    if schema.get("type") == "array":
        return joined("array of ", _kind(schema["items"]))
    bounds = " ".join(_bounds(schema))
    return joined(f"{schema.get('type', 'any')} {bounds}".strip())


def _bounds(schema: Schema) -> Iterator[str]:
    if "minimum" in schema:
        yield f"from {schema['minimum']} to {schema['maximum']}"
    if schema.get("maxLength", TEXT_LENGTH_MAX) != TEXT_LENGTH_MAX:
        yield f"of up to {schema['maxLength']} characters"


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
