"""Takes back from a description what versions after it changed."""

from collections.abc import Iterable
from copy import deepcopy

from linkspan.objects.dialects import Spelling
from linkspan.server.api.description.answers import Schema, referred
from linkspan.server.api.params import schema_of
from linkspan.server.api.versions.change import SESSION, Change


def take_back_fields(answers: dict[str, Schema], changes: Iterable[Change]) -> None:
    """Turn the schemas of answers, of the newest version, into those before *changes*, newest first."""
    for change in changes:
        named = {_tag(schema): schema for schema in answers.values() if _tag(schema)}
        for tag, paths in change.fields.items():
            for path in paths:
                _remove(answers, named.get(tag), path.split("."))
        for tag, ended in change.ended_fields.items():
            for path, field in ended.items():
                _add(answers, named.get(tag), path.split("."), dict(field))
        for tag, spelling in change.spellings.items():
            _spell(named.get(tag), spelling)


def take_back_parameters(route: str, request: Schema, changes: Iterable[Change]) -> None:
    """Turn the schema of a request, of the newest version, into that before *changes*, newest first."""
    for change in changes:
        for path in change.parameters.get(route, ()):
            _remove({}, request, _parts(path))
        for path, param in change.ended_parameters.get(route, {}).items():
            *_, last = _parts(path)
            field = deepcopy(schema_of({last: param})["properties"][last])
            _add({}, request, _parts(path), field)
        if SESSION in change.spellings and "expand" in request["properties"]:
            items = request["properties"]["expand"]["items"]
            items["enum"] = sorted(_spelled(path, change.spellings[SESSION]) for path in items["enum"])


def _parts(path: str) -> list[str]:
    return path.replace("]", "").split("[")


def _tag(schema: Schema) -> str | None:
    """Return the value of ``object`` in what *schema* describes; none for what is left of a deleted one."""
    properties = schema["properties"]
    if "const" not in properties.get("object", {}) or "deleted" in properties:
        return None
    return str(properties["object"]["const"])


def _remove(answers: dict[str, Schema], schema: Schema | None, parts: list[str]) -> None:
    """Take a property out of *schema*, however deep."""
    *parents, last = parts
    within = _within(answers, schema, parents)
    if within is not None:
        within["properties"].pop(last, None)
        within["required"] = [name for name in within["required"] if name != last]


def _add(answers: dict[str, Schema], schema: Schema | None, parts: list[str], field: Schema) -> None:
    """Put a property into *schema*, however deep."""
    *parents, last = parts
    within = _within(answers, schema, parents)
    if within is not None:
        within["properties"][last] = field


def _within(answers: dict[str, Schema], schema: Schema | None, parents: list[str]) -> Schema | None:
    """Return the hash below *parents*; None when a version after took it out already."""
    for parent in parents:
        if schema is None:
            return None
        schema = schema["properties"].get(parent)
        name = referred(schema or {})
        schema = schema if name is None else answers[name]
    return schema


def _spell(schema: Schema | None, spelling: Spelling) -> None:
    """Name an object and its fields as *spelling* says that they were."""
    if schema is None:
        return
    if spelling.name is not None:
        schema["properties"]["object"]["const"] = spelling.name
    then = {key: spelling.keys.get(key, key) for key in schema["properties"]}
    schema["properties"] = {then[key]: field for key, field in schema["properties"].items()}
    schema["required"] = [then[key] for key in schema["required"]]


def _spelled(path: str, spelling: Spelling) -> str:
    """Name the parts of a path to expand as answers of that time name them."""
    return ".".join(spelling.keys.get(part, part) for part in path.split("."))
