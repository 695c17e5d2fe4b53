"""Every object keeps the promises that all of them make."""

import ast
import inspect as source
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import linkspan.objects
from linkspan.objects import Account, ApiError, Session, decode_as
from linkspan.objects._base import ApiObject
from linkspan.objects.frozen_map import NO_EXTRA
from tests.unit.objects.samples import sample

STRUCTS = [
    kind for kind in vars(linkspan.objects).values() if isinstance(kind, type) and issubclass(kind, ApiObject)
]
KNOWN_VALUES = {name: value for name, value in vars(linkspan.objects).items() if name.isupper()}

_VERSION = re.compile(r"Since \d{4}-\d{2}(-\d{2}(\.[a-z]+)?)?\b")
_UNITS = ("Unix seconds", "milliseconds", "minor units", "a count", "an HTTP status")


def documented_fields(kind: type) -> Iterator[tuple[str, str, str]]:
    """Yield name, annotation and text of each field and property of a struct, as its source has them."""
    (body,) = [node.body for node in ast.parse(source.getsource(kind)).body if isinstance(node, ast.ClassDef)]
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            yield node.name, ast.unparse(node.returns or node), ast.get_docstring(node) or ""
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            text = str(after.value.value) if is_text else ""  # type: ignore[union-attr]  # is_text says so
            yield node.target.id, ast.unparse(node.annotation), " ".join(text.split())


FIELDS = [
    pytest.param(annotation, text, id=f"{kind.__name__}.{name}")
    for kind in STRUCTS
    for name, annotation, text in documented_fields(kind)
    if name != "in_2022_05"
]


def test_every_struct_of_the_room_is_public() -> None:
    public = {kind.__name__ for kind in STRUCTS}
    written = {
        node.name
        for path in Path(linkspan.objects.__file__).parent.glob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and "ApiObject" in {ast.unparse(base) for base in node.bases}
    }

    assert written <= public


def test_what_is_exported_exists_and_nothing_else_is_public() -> None:
    exported = set(linkspan.objects.__all__)
    modules = {name for name, value in vars(linkspan.objects).items() if source.ismodule(value)}

    assert exported == {name for name in vars(linkspan.objects) if not name.startswith("_")} - modules


@pytest.mark.parametrize("kind", STRUCTS, ids=lambda kind: kind.__name__)
def test_every_struct_is_frozen_with_named_arguments(kind: Any) -> None:
    config = kind.__struct_config__

    assert (config.frozen, config.forbid_unknown_fields, config.omit_defaults) == (True, True, True)
    with pytest.raises(TypeError, match="positional"):
        kind("by position")


@pytest.mark.parametrize("kind", STRUCTS, ids=lambda kind: kind.__name__)
def test_a_field_is_left_out_only_when_it_is_absent(kind: type[ApiObject]) -> None:
    # The encoder leaves defaults out; errors alone leave null out (API reference, "Errors").
    absent = [None] if kind is ApiError else [msgspec.UNSET]

    defaults = [field.default for field in msgspec.structs.fields(kind) if not field.required]

    assert all(default in [*absent, NO_EXTRA] for default in defaults)


@pytest.mark.parametrize(("annotation", "text"), FIELDS)
def test_every_field_says_its_version_unit_and_when_it_is_missing(annotation: str, text: str) -> None:
    assert _VERSION.search(text)
    assert "None" not in annotation or "null" in text
    assert "UnsetType" not in annotation or "absent" in text
    assert "int" not in re.findall(r"\w+", annotation) or any(unit in text for unit in _UNITS)


@pytest.mark.parametrize("name", KNOWN_VALUES)
def test_known_values_are_sorted_and_distinct(name: str) -> None:
    values = KNOWN_VALUES[name]

    assert list(values) == sorted(set(values))


def test_an_object_cannot_be_changed() -> None:
    session = decode_as(sample("session_today"), Session)

    with pytest.raises(AttributeError):
        session.livemode = True  # type: ignore[misc]  # the mistake meant


def test_an_absent_field_is_falsy() -> None:
    session = decode_as(sample("session_2022-05"), Session)

    assert not session.limits
    assert session.limits is msgspec.UNSET


def test_objects_can_be_members_of_sets() -> None:
    account = decode_as(sample("account_today"), Account)
    renamed = msgspec.structs.replace(account, display_name="Everyday")

    assert len({account, decode_as(sample("account_today"), Account), renamed}) == 2
