"""What is said about versions is complete, and what the page says is what the modules do."""

import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from linkspan.objects import ApiObject, decode
from linkspan.server.api import versions
from linkspan.server.api.versions.change import Change
from linkspan.server.api.versions.examples import EXAMPLES, PREVIEWED
from linkspan.versions import BREAKS
from tools import versions_page

MODULES = [name for _, name, _ in pkgutil.iter_modules(versions.__path__) if name.startswith("v2")]
CHANGES = {change.version: change for change in (*versions.CHANGES, *versions.PREVIEW_CHANGES)}
# Fields that stand for another one in the examples.
INSTEAD = {
    ("AccountHolder", "account"),
    ("Balance", "credit"),
    ("List", "total_count"),
    ("SessionStatusDetails", "cancelled"),
}
# What a bank account has as a payout account, and not on a token.
NOT_ON_TOKENS = {
    ("BankAccount", name)
    for name in ("account", "available_payout_methods", "customer", "default_for_currency", "metadata")
}
# Examples are of the newest version, which has none of these.
ONLY_IN_PREVIEWS = {
    *(("Account", name) for name in ("authorization", "inferred_balances_refresh", "institution")),
    *(("Session", name) for name in ("hosted", "relink_options", "relink_result", "status")),
    *(("Session", name) for name in ("status_details", "ui_mode", "url")),
    ("Filters", "institution"),
    ("StatusDetails", "inactive"),
}


def objects_in(value: Any) -> Iterator[ApiObject]:
    """Every object in a value of an object, at any depth."""
    if isinstance(value, tuple):
        for item in value:
            yield from objects_in(item)
    elif isinstance(value, ApiObject):
        yield value
        for name in value.__struct_fields__:
            yield from objects_in(getattr(value, name))


def test_the_page_on_versions_is_what_the_tool_writes() -> None:
    assert versions_page.PAGE.read_text(encoding="utf-8") == versions_page.page()


def test_every_module_of_a_version_is_in_use() -> None:
    assert {getattr(versions, module).CHANGE.version for module in MODULES} == set(CHANGES)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_told_in_one_sentence(change: Change) -> None:
    assert re.fullmatch(r"[A-Z`].+[^.]\.", change.summary)
    assert ". " not in change.summary


@pytest.mark.parametrize("module", MODULES)
def test_a_module_of_a_version_opens_with_it(module: str) -> None:
    found = getattr(versions, module)

    assert found.__doc__.startswith(f"{found.CHANGE.version}: ")
    assert module == "v" + re.sub("[-.]", "_", found.CHANGE.version)


def test_what_breaks_broke_with_a_version_that_is_told_of() -> None:
    assert {each.since for each in BREAKS} <= set(CHANGES)
    assert [each.since for each in BREAKS] == sorted(each.since for each in BREAKS)


def missing_in(example: bytes) -> set[tuple[str, str]]:
    """The fields, by struct and name, that an example leaves out."""
    return {
        (type(each).__name__, field.name)
        for each in objects_in(decode(example))
        for field in msgspec.structs.fields(each)
        if field.name != "extra" and getattr(each, field.name) is msgspec.UNSET
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_every_field_filled_in(name: str) -> None:
    assert missing_in(EXAMPLES[name]) <= INSTEAD | NOT_ON_TOKENS | ONLY_IN_PREVIEWS
    assert missing_in(PREVIEWED[name]) <= INSTEAD | NOT_ON_TOKENS
