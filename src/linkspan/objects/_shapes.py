"""What the objects of the API are made of, worked out from the structs once."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, TypeAlias, cast, get_origin

import msgspec
from msgspec import inspect

from linkspan.objects._base import EXTRA_KEY, ApiObject
from linkspan.objects.dialects import Spelling
from linkspan.objects.event import Event, Resource, Subject
from linkspan.objects.list import List

AnyObject: TypeAlias = Resource | Event | List[Resource | Event]
"""Every object that names its own type."""

TAG: Final = "object"


def is_subject(kind: object) -> bool:
    """Tell whether *kind* is an event's subject: a class at run time, a union to a type checker."""
    return kind is cast(object, Subject)


class ObjectShape(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of object is made of."""

    spelling: Spelling
    """How earlier versions spelled it."""

    known: frozenset[str]
    """The keys it has a field for."""

    parts: Mapping[str, "Shape"]
    """Those keys whose values hold objects themselves."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What a value may be: one of several kinds of object, or an array."""

    objects: Mapping[str, ObjectShape]
    """By today's value of ``object``, or by the class where an object does not name its type."""

    items: "Shape | None" = None
    """What an array holds; None where no array of objects is expected."""

    is_named: bool = False
    """Whether the kind is told by ``object`` even where there is only one."""

    def of(self, value: Mapping[str, Any]) -> ObjectShape | None:
        """Return what *value* is to become, None where that is not known."""
        if len(self.objects) == 1 and not self.is_named:
            return next(iter(self.objects.values()))
        return self.objects.get(name_today(value.get(TAG)) or "")


@cache
def shape_of(kind: Any) -> Shape:  # Any: a type or a union of types
    """Return the shape of what is decoded as *kind*."""
    return _shape(inspect.type_info(kind))


@cache
def named_objects() -> frozenset[str]:
    """Return today's value of ``object`` for everything that has one."""
    return frozenset(shape_of(AnyObject).objects)


def name_today(name: object) -> str | None:
    """Return what an object called *name* is called today, None where *name* is no text."""
    return _names_today().get(name, name) if isinstance(name, str) else None


@cache
def _names_today() -> Mapping[str, str]:
    """Return today's name under each earlier one."""
    spelled = {shape.spelling.name: name for name, shape in shape_of(AnyObject).objects.items()}
    return {then: today for then, today in spelled.items() if then is not None}


def _shape(info: inspect.Type) -> Shape:
    """Return the shape of one type; scalars have an empty one."""
    if isinstance(info, inspect.CustomType) and is_subject(info.cls):
        return Shape(objects=shape_of(Resource).objects, is_named=True)
    arms = info.types if isinstance(info, inspect.UnionType) else (info,)
    structs = [arm for arm in arms if isinstance(arm, inspect.StructType)]
    arrays = [arm for arm in arms if isinstance(arm, inspect.VarTupleType)]
    return Shape(
        objects={str(arm.tag or arm.cls.__name__): _object_shape(arm) for arm in structs},
        items=next((_shape(arm.item_type) for arm in arrays), None),
    )


def _object_shape(info: inspect.StructType) -> ObjectShape:
    """Return the shape of one struct, whose class is generic for a list."""
    kind = cast(type[ApiObject], get_origin(info.cls) or info.cls)
    fields = {each.encode_name: each.type for each in info.fields if each.encode_name != EXTRA_KEY}
    shapes = {key: _shape(each) for key, each in fields.items()}
    return ObjectShape(
        spelling=kind.in_2022_05,
        known=frozenset(fields if info.tag_field is None else {*fields, info.tag_field}),
        parts={key: shape for key, shape in shapes.items() if shape.objects or shape.items},
    )
