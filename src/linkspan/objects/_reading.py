"""JSON to objects: quickly where every field is known, carefully where one is not.

msgspec builds the structs and refuses unknown fields. Only when it refuses is
the document walked: unknown fields are set aside, old spellings turned into
today's, and msgspec asked again, so that there is one judge of types.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NoReturn, TypeAlias, TypeVar, cast, get_args

import msgspec

from linkspan.objects._base import EXTRA_KEY
from linkspan.objects._json import is_array, is_object
from linkspan.objects._shapes import (
    TAG,
    AnyObject,
    ObjectShape,
    Shape,
    is_subject,
    name_today,
    named_objects,
    shape_of,
)
from linkspan.objects.decode_error import DecodeError
from linkspan.objects.dialects import AS_TODAY, Members
from linkspan.objects.event import Resource
from linkspan.objects.frozen_map import Extra, FrozenMap, freeze

_T = TypeVar("_T")
_Json: TypeAlias = bytes | bytearray | str | Mapping[str, Any]
_Hook: TypeAlias = Callable[[Any, Any], object]  # msgspec's protocol: a type and what was found for it


def decode(data: _Json) -> AnyObject:
    """Return the object that *data* is, by its ``object`` field.

    *data* is JSON as bytes or text, or the mapping it decodes to, in any
    spelling of the API. Raises `DecodeError` where it is no object of the API.
    """
    return cast(AnyObject, _decode(data, AnyObject))


def decode_as(data: _Json, kind: type[_T]) -> _T:
    """Return *data* as the type the caller knows it has, such as ``List[Account]``."""
    return cast(_T, _decode(data, kind))


def _decode(data: _Json, kind: Any) -> object:  # Any: a type or a union of types
    try:
        if isinstance(data, Mapping):
            return msgspec.convert(data, kind, dec_hook=_read_known)
        return _decoder(kind).decode(data)
    except msgspec.ValidationError:
        return _decode_with_unknown(data, kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise DecodeError(f"not JSON: {error}") from None
    except RecursionError:
        raise DecodeError("nested too deeply") from None


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:  # Any: see _decode
    return msgspec.json.Decoder(kind, dec_hook=_read_known)


def _decode_with_unknown(data: _Json, kind: Any) -> object:  # Any: see _decode
    """Decode what the fast path refused, or say why it is wrong."""
    try:
        value = data if isinstance(data, Mapping) else msgspec.json.decode(data)
        _check_named(value, kind)
        walk = _Walk()
        separated = walk.separated(value, shape_of(kind), "")
        strict = not walk.met_2022_05
        return cast(object, msgspec.convert(separated, kind, strict=strict, dec_hook=_READ_ANY[strict]))
    except msgspec.ValidationError as error:
        _raise_with_path(error)
    except msgspec.DecodeError as error:
        raise DecodeError(f"not JSON: {error}") from None
    except RecursionError:
        raise DecodeError("nested too deeply") from None


_AT: Final = re.compile(r" - at `(?:key in )?\$([^`]*)`")


def _raise_with_path(error: msgspec.ValidationError) -> NoReturn:
    """Raise msgspec's complaint as ours; the path inside a hook stands before the path to it."""
    message = str(error)
    path = "".join(reversed(_AT.findall(message)))
    raise DecodeError(_AT.sub("", message), path=path.removeprefix(".")) from None


def _check_named(value: object, kind: object) -> None:
    """Refuse what has no type of its own, where the type is to be found by it."""
    if not is_object(value):
        raise DecodeError(f"Expected an object, got {_json_type(value)}")
    if kind is not AnyObject:
        return
    if TAG not in value:
        raise DecodeError("required, and missing", path=TAG)
    if name_today(value[TAG]) not in named_objects():
        raise DecodeError(f"{value[TAG]!r} is not an object this library knows", path=TAG)


def _json_type(value: object) -> str:
    """Name the JSON type of *value*."""
    names = {"bool": "a boolean", "list": "an array", "str": "text", "NoneType": "null"}
    return names.get(type(value).__name__, "a number")


class _Walk(msgspec.Struct):
    """One pass over a document, from any spelling to today's with the unknown set aside."""

    met_2022_05: bool = False
    """Whether an old spelling was met. Samples of that time had gone through Perl, which has 0 and 1 for
    booleans and may write numbers as text, so such a document is read leniently."""

    def separated(self, value: Any, shape: Shape, path: str) -> Any:  # Any: JSON in, JSON out
        """Return *value* in the form msgspec takes for *shape*; wrong types are left for it to refuse."""
        if is_object(value):
            kind = shape.of(value)
            return value if kind is None else self._members(value, kind, path)
        if shape.items is not None and is_array(value):
            return [self.separated(each, shape.items, f"{path}[{place}]") for place, each in enumerate(value)]
        return value

    def _members(self, value: Mapping[str, Any], kind: ObjectShape, path: str) -> Members:
        """Return one object's members under today's names, unknown ones under `EXTRA_KEY`."""
        members = self._today(value, kind, path)
        extra = {key: members.pop(key) for key in [key for key in members if key not in kind.known]}
        for key, shape in kind.parts.items():
            if key in members:
                members[key] = self.separated(members[key], shape, f"{path}.{key}")
        if extra:
            members[EXTRA_KEY] = extra
        return members

    def _today(self, value: Mapping[str, Any], kind: ObjectShape, path: str) -> Members:
        """Return one object's members under today's names, unknown ones among them."""
        if kind.spelling is AS_TODAY:
            return dict(value)
        try:
            members = kind.spelling.up(value)
        except ValueError as error:
            raise DecodeError(str(error), path=path.removeprefix(".")) from None
        if isinstance(members.get(TAG), str):
            members[TAG] = name_today(members[TAG])
        self.met_2022_05 = self.met_2022_05 or members != dict(value)
        return members


def _read_known(kind: Any, value: Any) -> object:
    """Read our own types on the fast path, where any refusal leads to the slow one."""
    if kind is Extra:
        raise ValueError("an unknown field happens to have the name we give them all")
    return _read_custom(kind, value, strict=True, again=_read_known)


def _reader(*, strict: bool) -> _Hook:
    """Return the hook of the slow path."""

    def read(kind: Any, value: Any) -> object:
        if kind is Extra:
            return Extra({key: freeze(item) for key, item in value.items()})
        return _read_custom(kind, value, strict=strict, again=read)

    return read


_READ_ANY: Final = {strict: _reader(strict=strict) for strict in (True, False)}


def _read_custom(kind: Any, value: Any, *, strict: bool, again: _Hook) -> object:
    """Read an event's subject, or a map whose keys are the sender's.

    Refusals are raised as `ValueError`, to which msgspec appends the path here.
    """
    if not is_object(value):
        raise ValueError(f"Expected an object, got {_json_type(value)}")
    if is_subject(kind):
        return _read_subject(value, strict=strict, again=again)
    (item,) = get_args(kind)
    return FrozenMap({key: _read_item(key, each, item, strict=strict) for key, each in value.items()})


def _read_subject(value: Mapping[str, Any], *, strict: bool, again: _Hook) -> object:
    """Read an object as its own type; one of another API is kept as it is."""
    if shape_of(Resource).of(value) is None:
        return freeze(value)
    try:
        return cast(object, msgspec.convert(value, Resource, strict=strict, dec_hook=again))
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None


def _read_item(key: str, value: Any, kind: Any, *, strict: bool) -> object:
    """Read one value of a map as *kind*."""
    try:
        return freeze(msgspec.convert(value, kind, strict=strict))
    except msgspec.ValidationError as error:
        raise ValueError(f"{error} - at `$.{key}`") from None
