from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.client._form import encode_form
from linkspan.objects import Customer


@pytest.mark.parametrize(
    ("params", "form"),
    [
        ({}, ""),
        ({"limit": 3}, "limit=3"),
        ({"account_holder": {"type": "customer"}}, "account_holder[type]=customer"),
        ({"permissions": ["balances", "ownership"]}, "permissions[0]=balances&permissions[1]=ownership"),
        ({"a": [{"b": ("c",)}]}, "a[0][b][0]=c"),
        ({"limits": {"accounts": ""}}, "limits[accounts]="),
        ({"on": True, "off": False}, "on=true&off=false"),
        (
            {"return_url": "https://a.example/?x=1&y=ä b"},
            "return_url=https%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D%C3%A4+b",
        ),
        ({"at": datetime(2026, 10, 28, tzinfo=UTC)}, "at=1793145600"),
    ],
)
def test_parameters_are_written_in_bracket_notation(params: dict[str, object], form: str) -> None:
    assert encode_form(params) == form


def test_none_is_left_out_at_every_depth() -> None:
    assert encode_form({"a": None, "b": {"c": None, "d": 1}, "e": []}) == "b[d]=1"


def test_an_object_is_sent_as_its_id() -> None:
    customer = Customer(id="cus_1", created=1790000000, livemode=False)

    assert encode_form({"account_holder": {"customer": customer}}) == "account_holder[customer]=cus_1"


def test_a_datetime_without_a_zone_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"created\[gte\]: the datetime must carry a time zone"):
        encode_form({"created": {"gte": datetime(2026, 1, 1)}})  # noqa: DTZ001 - the point of the test


def test_what_has_no_form_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"a\[0\]: object cannot be sent"):
        encode_form({"a": [object()]})


@given(st.dictionaries(st.text("abc_", min_size=1), st.text(), max_size=5))
def test_any_text_survives_the_way_to_a_form_reader(params: dict[str, str]) -> None:
    assert dict(parse_qsl(encode_form(params), keep_blank_values=True)) == params
