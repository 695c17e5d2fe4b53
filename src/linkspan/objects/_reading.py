"""JSON to objects: quickly where every field is known, carefully where one is not.

msgspec builds the structs and refuses unknown fields. Only when it refuses is
the document walked: unknown fields are set aside, old spellings turned into
today's, and msgspec asked again, so that there is one judge of types.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NoReturn, TypeAlias, TypeVar, cast, get_args, get_origin

import msgspec
from msgspec import inspect

from linkspan.objects._base import EXTRA_KEY, ApiObject
from linkspan.objects.decode_error import DecodeError
from linkspan.objects.event import Event, Resource, Subject
from linkspan.objects.frozen_map import Extra, FrozenMap, freeze
from linkspan.objects.list import List

AnyObject: TypeAlias = Resource | Event | List[Resource | Event]
"""Every object that names its own type."""

_T = TypeVar("_T")
_Json: TypeAlias = bytes | bytearray | str | Mapping[str, Any]

_TAG: Final = "object"
# A type checker sees the union that Subject stands for, the reader the class.
_SUBJECT: Final[object] = Subject


def decode(data: _Json) -> AnyObject:
    """Return the object that *data* is, by its ``object`` field.

    *data* is JSON as bytes or text, or the mapping it decodes to. Any spelling
    of the API is read. Raises `DecodeError` where it is no object of the API.
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
        separated = walk.separated(value, _type_info(kind), "")
        return msgspec.convert(
            separated, kind, strict=not walk.met_2022_05, dec_hook=_READ[not walk.met_2022_05]
        )
    except msgspec.ValidationError as error:
        _raise_with_path(error)
    except RecursionError:
        raise DecodeError("nested too deeply") from None


_AT = re.compile(r" - at `(?:key in )?\$([^`]*)`")


def _raise_with_path(error: msgspec.ValidationError) -> NoReturn:
    """Raise msgspec's complaint as ours; a hook's path is complained of before its parents'."""
    message = str(error)
    path = "".join(reversed(_AT.findall(message)))
    raise DecodeError(_AT.sub("", message), path=path.removeprefix(".")) from None


def _check_named(value: object, kind: object) -> None:
    """Refuse what has no type of its own, where the type is to be found by it."""
    if not isinstance(value, Mapping):
        raise DecodeError(f"expected a JSON object, got {_json_type(value)}")
    if kind is not AnyObject:
        return
    if _TAG not in value:
        raise DecodeError("required, and missing", path=_TAG)
    if _tag_today(value[_TAG]) not in _named_types():
        raise DecodeError(f"{value[_TAG]!r} is not an object this library knows", path=_TAG)


def _json_type(value: object) -> str:
    """Name the JSON type of *value*."""
    names = {bool: "boolean", dict: "object", list: "array", str: "string", type(None): "null"}
    return names.get(type(value), "number")


@cache
def _type_info(kind: Any) -> inspect.Type:  # Any: see _decode
    return inspect.type_info(kind)


@cache
def _named_types() -> Mapping[str, inspect.StructType]:
    """Return every type that names itself, by today's name."""
    arms = cast(inspect.UnionType, _type_info(AnyObject)).types
    return {str(arm.tag): arm for arm in arms if isinstance(arm, inspect.StructType)}


@cache
def _tags_of_2022_05() -> Mapping[str, str]:
    """Return today's name of each object that had another one."""
    spelled = {_class_of(arm).in_2022_05.name: tag for tag, arm in _named_types().items()}
    return {then: tag for then, tag in spelled.items() if then is not None}


def _tag_today(name: object) -> object:
    """Return what an object of this name is called today."""
    return _tags_of_2022_05().get(name, name) if isinstance(name, str) else name


def _class_of(info: inspect.StructType) -> type[ApiObject]:
    """Return the class behind *info*, which for a list is generic."""
    return cast(type[ApiObject], get_origin(info.cls) or info.cls)


@dataclass(slots=True)
class _Walk:
    """One pass over a document, from any spelling to today's with the unknown set aside."""

    met_2022_05: bool = False
    """Whether an old spelling was met. Such documents also wrote 0 and 1 for booleans and text for numbers
    (samples that had gone through Perl), so they are then read leniently."""

    def separated(self, value: Any, expected: inspect.Type, path: str) -> Any:  # Any: JSON in, JSON out
        """Return *value* in the form msgspec takes for *expected*; wrong types are left for it to refuse."""
        if isinstance(value, Mapping):
            struct = _struct_among(expected, value)
            return value if struct is None else self._members(value, struct, path)
        if isinstance(value, list | tuple):
            item = _item_among(expected)
            if item is not None:
                return [self.separated(each, item, f"{path}[{place}]") for place, each in enumerate(value)]
        return value

    def _members(self, value: Mapping[str, Any], struct: inspect.StructType, path: str) -> dict[str, Any]:
        """Return one object's members, unknown ones under `EXTRA_KEY`."""
        known = {field.encode_name: field.type for field in struct.fields if field.encode_name != EXTRA_KEY}
        separated: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for key, item in self._today(value, struct, path).items():
            if key == struct.tag_field:
                separated[key] = item
            elif key in known:
                separated[key] = self.separated(item, known[key], f"{path}.{key}")
            else:
                extra[key] = item
        if extra:
            separated[EXTRA_KEY] = extra
        return separated

    def _today(self, value: Mapping[str, Any], struct: inspect.StructType, path: str) -> dict[str, Any]:
        """Return one object's members under today's names."""
        try:
            members = _class_of(struct).in_2022_05.up(dict(value))
        except ValueError as error:
            raise DecodeError(str(error), path=path.removeprefix(".")) from None
        if struct.tag_field in members:
            members[struct.tag_field] = _tag_today(members[struct.tag_field])
        self.met_2022_05 = self.met_2022_05 or _is_respelled(value, members)
        return members


def _is_respelled(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether an object came under an old name or old keys."""
    return before.keys() != after.keys() or before.get(_TAG) != after.get(_TAG)


def _struct_among(expected: inspect.Type, value: Mapping[str, Any]) -> inspect.StructType | None:
    """Return the struct that *value* is to become, by its name where several are possible."""
    if isinstance(expected, inspect.CustomType) and expected.cls is _SUBJECT:
        return _named_types().get(str(_tag_today(value.get(_TAG))))
    arms = expected.types if isinstance(expected, inspect.UnionType) else (expected,)
    structs = [arm for arm in arms if isinstance(arm, inspect.StructType)]
    if len(structs) == 1:
        return structs[0]
    return next((arm for arm in structs if arm.tag == _tag_today(value.get(_TAG))), None)


def _item_among(expected: inspect.Type) -> inspect.Type | None:
    """Return what an array's items are to become, None where no array is expected."""
    arms = expected.types if isinstance(expected, inspect.UnionType) else (expected,)
    return next((arm.item_type for arm in arms if isinstance(arm, inspect.VarTupleType)), None)


def _read_known(kind: Any, value: Any) -> object:  # Any: msgspec's hook protocol
    """Read our own types on the fast path, where any refusal leads to the other one."""
    if kind is Extra:
        raise msgspec.ValidationError("an unknown field happens to be called so")
    return _read_custom(kind, value, strict=True, again=_read_known)


def _reader(*, strict: bool) -> Callable[[Any, Any], object]:  # Any: msgspec's hook protocol
    """Return the hook of the slow path."""

    def read(kind: Any, value: Any) -> object:  # Any: msgspec's hook protocol
        try:
            if kind is Extra:
                return Extra({key: freeze(item) for key, item in value.items()})
            return _read_custom(kind, value, strict=strict, again=read)
        except msgspec.ValidationError as error:
            # As a ValueError it gets the path of the parents appended.
            raise ValueError(str(error)) from None

    return read


_READ: Final = {strict: _reader(strict=strict) for strict in (True, False)}


def _read_custom(kind: Any, value: Any, *, strict: bool, again: Callable[[Any, Any], object]) -> object:
    """Read an event's subject, or a map whose keys are the sender's."""
    if kind is _SUBJECT:
        if isinstance(value, Mapping) and value.get(_TAG) in _named_types():
            return cast(object, msgspec.convert(value, AnyObject, strict=strict, dec_hook=again))
        return freeze(msgspec.convert(value, dict[str, Any]))
    if get_origin(kind) is FrozenMap:
        (item,) = get_args(kind)
        return freeze({key: msgspec.convert(each, item, strict=strict) for key, each in value.items()})
    raise TypeError(f"{kind!r} is not a type of the API")
