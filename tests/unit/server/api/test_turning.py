"""An older version sees objects turned wherever they are, and the caller's own words untouched."""

from typing import Any

import msgspec
import pytest

from linkspan.server.api.versions import downgrade_answer
from linkspan.server.api.versions.change import SESSION, Members
from linkspan.server.api.versions.parts import turned, without


def marked(members: Members) -> Members:
    return {**members, "seen": True}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"object": "thing"}, {"object": "thing", "seen": True}),
        ([{"object": "thing"}], [{"object": "thing", "seen": True}]),
        (
            {"object": "list", "data": [{"object": "thing"}]},
            {"object": "list", "data": [{"object": "thing", "seen": True}]},
        ),
        ({"data": {"object": {"object": "thing"}}}, {"data": {"object": {"object": "thing", "seen": True}}}),
        ({"metadata": {"object": "thing"}}, {"metadata": {"object": "thing"}}),
        ({"object": "other", "thing": None}, {"object": "other", "thing": None}),
    ],
)
def test_an_object_is_turned_by_its_name_wherever_it_is(value: Any, expected: Any) -> None:
    assert turned(value, {"thing": [marked]}) == expected


def test_turns_are_applied_in_their_order() -> None:
    def emptied(members: Members) -> Members:
        return {key: value for key, value in members.items() if key != "seen"}

    assert turned({"object": "thing"}, {"thing": [marked, emptied]}) == {"object": "thing"}


def test_a_field_is_taken_out_however_deep() -> None:
    turn = without(["a.b", "c", "gone.deeper"])

    assert turn({"a": {"b": 1, "kept": 2}, "c": 3, "gone": None}) == {"a": {"kept": 2}, "gone": None}


def test_metadata_that_calls_itself_an_object_stays_as_it_was_sent() -> None:
    words = {"object": SESSION, "filters": "mine", "limits": "mine"}
    customer = msgspec.json.encode({"object": "customer", "metadata": words})

    assert msgspec.json.decode(downgrade_answer("2020-08-27", customer))["metadata"] == words
