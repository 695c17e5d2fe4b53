"""What this version of the library does not know is kept, readable and written back."""

import json
import pickle
from typing import Any

import pytest

from linkspan.objects import Account, Extra, List, Session, decode_as, encode
from tests.unit.objects.samples import sample


def with_unknown() -> dict[str, Any]:
    """Return a session with unknown fields in itself, in a part, and in an element of a list."""
    document = sample("session_today")
    document["mood"] = "hopeful"
    document["filters"]["regions"] = {"ids": ["north"]}
    document["accounts"]["data"] = [{**sample("account_today"), "vintage": "2019"}]
    return document


def test_unknown_fields_are_read_where_they_stood() -> None:
    session = decode_as(json.dumps(with_unknown()), Session)

    assert session.extra == {"mood": "hopeful"}
    assert session.filters
    assert session.filters.extra == {"regions": {"ids": ("north",)}}
    assert session.accounts.data[0].extra["vintage"] == "2019"


def test_an_object_without_unknown_fields_has_an_empty_extra() -> None:
    session = decode_as(sample("session_today"), Session)

    assert dict(session.extra) == {}
    assert "extra" not in repr(session)


def test_unknown_fields_are_written_back() -> None:
    session = decode_as(with_unknown(), Session)

    assert session.to_dict() == with_unknown()
    assert json.loads(encode(session)) == with_unknown()


@pytest.mark.parametrize("value", [{"a": 1}, "text", None])
def test_a_field_with_the_internal_name_is_unknown_like_any_other(value: object) -> None:
    document = {**sample("account_today"), "$extra": value}

    account = decode_as(json.dumps(document), Account)

    assert account.extra == {"$extra": value}
    assert account.to_dict() == document


def test_an_object_with_unknown_fields_is_hashable_and_survives_pickling() -> None:
    session = decode_as(with_unknown(), Session)

    unpickled = pickle.loads(pickle.dumps(session))

    assert unpickled == session
    assert hash(unpickled) == hash(session)
    assert unpickled.extra == {"mood": "hopeful"}


def test_unknown_fields_make_a_difference() -> None:
    with_some = decode_as({**sample("account_today"), "new": 1}, Account)
    with_none = decode_as(sample("account_today"), Account)

    assert with_some != with_none


def test_a_known_field_wins_over_an_extra_one_of_its_name() -> None:
    page = List[Account](data=(), has_more=False, url="/v1/x", extra=Extra({"url": "/v1/y", "object": "z"}))

    assert page.to_dict() == {"object": "list", "data": [], "has_more": False, "url": "/v1/x"}
