"""Decodes a form by a table of the parameters a route has, refusing everything else.

The messages are Stripe's where they are known. A reader takes the raw value
and its path in brackets, and returns the decoded value or raises `BadParameter`;
it says in JSON Schema what it takes, so that the description of the API cannot
promise anything else.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from linkspan.server.api.forms import Form
from linkspan.server.core.money import MINOR_UNIT_EXPONENTS
from linkspan.server.core.refusals import BadParameter, MissingParameter, UnknownParameter

Read: TypeAlias = Callable[[Any, str], Any]
Schema: TypeAlias = Mapping[str, Any]

TEXT_LENGTH_MAX: Final = 5_000
_METADATA_KEYS_MAX: Final = 50
_METADATA_KEY_LENGTH_MAX: Final = 40
_METADATA_VALUE_LENGTH_MAX: Final = 500
# More digits than any amount, count or instant of this API has.
_DIGITS_MAX: Final = 18
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_INDEXES: Final = list(map(str, range(100)))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a raw value at a path."""

    read: Read
    schema: Schema
    """What it takes, but for the empty string."""
    unsets: bool = False
    """Whether it takes an empty string, which means unset."""

    def __call__(self, raw: Any, path: str) -> Any:
        """Return the decoded value."""
        return self.read(raw, path)


def reads(schema: Schema, *, unsets: bool = False) -> Callable[[Read], Reader]:
    """Make a function a `Reader` of what *schema* describes."""
    return lambda read: Reader(read, schema, unsets)


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: how it is read, and whether it must be sent."""

    read: Reader
    required: bool = False
    about: str | None = None
    """What it is, for the description of the API; None where the field of the answer it becomes says it."""


Params: TypeAlias = Mapping[str, Param]


def decode(form: Form, params: Params, within: str = "") -> dict[str, Any]:
    """Return the values of *form* by name; a parameter not sent is not there."""
    values: dict[str, Any] = {}
    for name, raw in form.items():
        path = f"{within}[{name}]" if within else name
        param = params.get(name)
        if param is None:
            raise UnknownParameter(path)
        if raw == "" and param.required:
            raise _cannot_be_unset(path)
        values[name] = param.read.read(raw, path)
    for name, param in params.items():
        if param.required and name not in values:
            raise MissingParameter(f"{within}[{name}]" if within else name)
    return values


def schema_of(params: Params) -> dict[str, Any]:
    """Return the schema of a hash that has *params* and nothing else."""
    return {
        "type": "object",
        "properties": {name: _property(param) for name, param in params.items()},
        "required": [name for name, param in params.items() if param.required],
        "additionalProperties": False,
    }


def _property(param: Param) -> Schema:
    about = {} if param.about is None else {"description": param.about}
    schema = param.read.schema
    if param.required:
        filled = {"minItems": 1} if schema.get("type") == "array" else {}
        return {**schema, **filled, **about}
    return {**(_or_empty(schema) if param.read.unsets else schema), **about}


def _or_empty(schema: Schema) -> Schema:
    """Return the schema that takes an empty string besides."""
    if schema.get("type") != "string":
        return {"anyOf": [schema, {"type": "string", "enum": [""]}]}
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], ""]}
    return {key: value for key, value in schema.items() if key != "minLength"}


def _read_text(raw: Any, path: str, *, length_max: int = TEXT_LENGTH_MAX) -> str | None:
    if not isinstance(raw, str):
        raise BadParameter(f"Invalid string: {_shown(raw)}", param=path)
    if len(raw) > length_max:
        message = f"Invalid string: value may have at most {length_max} characters."
        raise BadParameter(message, param=path, code="parameter_invalid_string_too_long")
    return raw or None


@reads({"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH_MAX}, unsets=True)
def text(raw: Any, path: str) -> str | None:
    """Read a string; an empty one means unset."""
    return _read_text(raw, path)


def _read_filled(raw: Any, path: str) -> str:
    if raw == "":
        raise _cannot_be_unset(path)
    return _read_text(raw, path) or ""


@reads({"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH_MAX})
def filled(raw: Any, path: str) -> str:
    """Read a string that cannot be unset."""
    return _read_filled(raw, path)


id_of_one: Final = filled
"""Reads an id that narrows what is asked for; an empty one would widen it to everything."""


def one_of(*allowed: str) -> Reader:
    """Return a reader of an enumeration; an empty string means unset."""

    @reads({"type": "string", "enum": list(allowed)}, unsets=True)
    def read(raw: Any, path: str) -> str | None:
        if raw == "":
            return None
        if raw not in allowed:
            raise BadParameter(f"Invalid {path}: must be {_listed(allowed)}", param=path)
        return str(raw)

    return read


def integer(*, at_least: int, at_most: int) -> Reader:
    """Return a reader of a whole number; an empty string means unset."""

    @reads({"type": "integer", "minimum": at_least, "maximum": at_most}, unsets=True)
    def read(raw: Any, path: str) -> int | None:
        if raw == "":
            return None
        digits = raw.removeprefix("-") if isinstance(raw, str) else ""
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX):
            raise BadParameter(
                f"Invalid integer: {_shown(raw)}", param=path, code="parameter_invalid_integer"
            )
        number = int(raw)
        if not at_least <= number <= at_most:
            message = f"This value must be between {at_least} and {at_most}."
            raise BadParameter(message, param=path, code="parameter_invalid_integer")
        return number

    return read


@reads({"type": "boolean"}, unsets=True)
def boolean(raw: Any, path: str) -> bool | None:
    """Read ``true`` or ``false``; an empty string means unset."""
    if raw == "":
        return None
    if raw not in ("true", "false"):
        raise BadParameter(f"Invalid boolean: {_shown(raw)}", param=path)
    return bool(raw == "true")


@reads({"type": "string", "pattern": f"^{_COUNTRY.pattern}$"})
def country(raw: Any, path: str) -> str:
    """Read an upper-case ISO 3166-1 code."""
    code = _read_filled(raw, path)
    if not _COUNTRY.fullmatch(code):
        message = f"Country '{code[:20]}' is unknown. Try using a 2-character country code such as 'US'."
        raise BadParameter(message, param=path, code="country_code_invalid")
    return code


@reads({"type": "string", "enum": sorted(MINOR_UNIT_EXPONENTS)})
def currency(raw: Any, path: str) -> str:
    """Read an ISO 4217 code in either case."""
    code = _read_filled(raw, path).lower()
    if code not in MINOR_UNIT_EXPONENTS:
        raise BadParameter(f"Invalid currency: {code[:20]}", param=path)
    return code


def array_of(read_one: Reader, *, most: int = 100, may_repeat: bool = False) -> Reader:
    """Return a reader of an array, sent as ``a[]`` or ``a[0]``; repetitions count where they may."""

    @reads({"type": "array", "items": read_one.schema, "maxItems": most}, unsets=True)
    def read(raw: Any, path: str) -> tuple[Any, ...]:
        if raw == "":
            return ()
        elements = _in_order(raw, path)
        if len(elements) > most:
            raise BadParameter(f"An array may have at most {most} elements.", param=path)
        values = []
        for index, one in enumerate(elements):
            if one == "":
                raise _cannot_be_unset(f"{path}[{index}]")
            values.append(read_one.read(one, f"{path}[{index}]"))
        return tuple(values if may_repeat else dict.fromkeys(values))

    return read


def _in_order(raw: Any, path: str) -> Collection[Any]:
    """Return the elements of an array by their index."""
    if not isinstance(raw, dict):
        raise BadParameter("Invalid array", param=path)
    if list(raw) == _INDEXES[: len(raw)]:  # as nearly every array comes
        return raw.values()
    if not all(key.isascii() and key.isdigit() for key in raw):
        raise BadParameter("Invalid array", param=path)
    return [one for _, one in sorted(raw.items(), key=lambda item: int(item[0][:_DIGITS_MAX]))]


def hash_of(params: Params) -> Reader:
    """Return a reader of a nested hash."""

    @reads(schema_of(params))
    def read(raw: Any, path: str) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise BadParameter("Invalid object", param=path)
        return decode(raw, params, path)

    return read


@reads(
    {
        "type": "object",
        "propertyNames": {"pattern": r"^[^\[\]]+$", "maxLength": _METADATA_KEY_LENGTH_MAX},
        "additionalProperties": {"type": "string", "maxLength": _METADATA_VALUE_LENGTH_MAX},
        "maxProperties": _METADATA_KEYS_MAX,
    },
    unsets=True,
)
def metadata(raw: Any, path: str) -> dict[str, str | None] | None:
    """Read the caller's own key-value pairs (Stripe API reference, "Metadata").

    An empty value takes its key away, an empty string instead of pairs takes
    all of them away: both are ``None``.
    """
    if raw == "":
        return None
    if not isinstance(raw, dict):
        raise BadParameter("Invalid object", param=path)
    if len(raw) > _METADATA_KEYS_MAX:
        raise BadParameter(f"Metadata can have at most {_METADATA_KEYS_MAX} keys.", param=path)
    read: dict[str, str | None] = {}
    for key, value in raw.items():
        if len(key) > _METADATA_KEY_LENGTH_MAX:
            message = f"Metadata keys can have up to {_METADATA_KEY_LENGTH_MAX} characters."
            raise BadParameter(message, param=f"{path}[{key[:_METADATA_KEY_LENGTH_MAX]}]")
        read[key] = _read_text(value, f"{path}[{key}]", length_max=_METADATA_VALUE_LENGTH_MAX)
    return read


def _cannot_be_unset(path: str) -> BadParameter:
    return BadParameter(
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a "
        f"parameter; however '{path}' cannot be unset. You should remove '{path}' from your request or "
        "supply a non-empty value.",
        param=path,
        code="parameter_invalid_empty",
    )


def _listed(words: tuple[str, ...]) -> str:
    match words:
        case (only,):
            return only
        case (first, second):
            return f"one of {first} or {second}"
        case _:
            return f"one of {', '.join(words[:-1])}, or {words[-1]}"


def _shown(raw: Any) -> str:
    return "an object" if isinstance(raw, dict) else str(raw)[:100]
