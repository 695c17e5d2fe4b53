"""Two versions are compared by what the server really does with an object."""

from itertools import pairwise
from typing import Any

import msgspec
import pytest

from linkspan.objects import ApiObject, decode
from linkspan.server.api.versions import downgrade_answer
from linkspan.server.api.versions.comparison import compare, difference
from linkspan.server.api.versions.examples import EXAMPLES
from linkspan.server.api.versions.published import PUBLISHED, nearest
from linkspan.server.core.version import NEWEST


def test_nothing_changes_within_one_version() -> None:
    compared = compare(NEWEST, NEWEST)

    assert (compared.changes, compared.objects) == ((), ())


def test_changes_come_in_the_order_a_program_meets_them() -> None:
    compared = compare("2024-06-20", "2025-11-17.clover")

    assert [change.version for change in compared.changes] == [
        "2024-09-30.acacia",
        "2025-04-30.basil",
        "2025-09-30.clover",
        "2025-11-17.clover",
    ]


def test_the_version_a_program_speaks_already_changes_nothing() -> None:
    assert compare("2026-09-30.endive", NEWEST).changes == ()


def test_an_object_is_shown_as_each_version_writes_it() -> None:
    found = {each.name: each for each in compare("2026-07-29.dahlia", "2026-09-30.endive").objects}
    session = found["Session"]

    assert set(found) == {"PaymentIntent", "Session", "SetupIntent"}
    assert session.before["filters"]["countries"] == ["US"]
    assert session.after["filters"]["country"] == "US"
    assert session.before | {"filters": {}} == session.after | {"filters": {}}


def test_a_preview_brings_what_releases_do_not_have() -> None:
    compared = compare("2026-07-29.dahlia", "2026-07-29.preview")

    assert [change.version for change in compared.changes] == ["2026-01-28.preview", "2026-03-25.preview"]
    assert compared.lost == ()
    assert {each.name: "institution" in each.after for each in compared.objects}["Account"]


def test_a_release_is_without_what_previews_have() -> None:
    compared = compare("2026-07-29.preview", "2026-07-29.dahlia")

    assert [change.version for change in compared.lost] == ["2026-01-28.preview", "2026-03-25.preview"]
    assert compared.changes == ()


def test_a_line_differs_only_where_its_member_does() -> None:
    compared = compare("2023-08-16", "2023-10-16")
    (session,) = [each for each in compared.objects if each.name == "Session"]

    changed = [line for line in difference(compared, session) if line[0] in "+-"]

    assert changed == ["--- 2023-08-16", "+++ 2023-10-16", '+  "prefetch": ["balances"],']


def test_everything_that_changed_adds_up() -> None:
    whole = compare(PUBLISHED[0], NEWEST)
    steps = [compare(old, new) for old, new in pairwise(PUBLISHED)]

    assert whole.changes == tuple(change for step in steps for change in step.changes)
    assert {each.name for each in whole.objects} == {each.name for step in steps for each in step.objects}


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("2025-09-30", ("2025-09-30.clover",)),
        ("endive", ("2026-09-30.endive", "2026-10-28.endive")),
        ("2026-9-30.endive", ("2026-09-30.endive",)),
        ("2024-09-30.acaccia", ("2024-09-30.acacia",)),
    ],
)
def test_a_version_with_a_slip_is_found(asked: str, meant: tuple[str, ...]) -> None:
    assert nearest(asked)[: len(meant)] == meant


@pytest.mark.parametrize("asked", ["", "newest", "-", "v1"])
def test_what_resembles_no_version_suggests_few(asked: str) -> None:
    assert len(nearest(asked)) <= 3


def agrees(older: Any, newer: Any) -> bool:
    """Whether everything that *older* says, at any depth, *newer* says too."""
    if isinstance(older, ApiObject):
        told = [name for name in older.__struct_fields__ if getattr(older, name) is not msgspec.UNSET]
        return all(agrees(getattr(older, name), getattr(newer, name)) for name in told)
    return bool(older == newer)


@pytest.mark.parametrize("version", PUBLISHED)
@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_program_reads_has_the_same_name_and_value_in_every_version(name: str, version: str) -> None:
    newest = decode(EXAMPLES[name])

    assert agrees(decode(downgrade_answer(version, EXAMPLES[name])), newest)
