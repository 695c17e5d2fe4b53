"""A reader returns what was meant or names what was wrong; nothing else comes out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.api.forms import Form, read_form
from linkspan.server.api.params import (
    Param,
    array_of,
    decode,
    hash_of,
    id_of_one,
    integer,
    metadata,
    one_of,
    text,
)
from linkspan.server.api.routes import ROUTES
from linkspan.server.core.refusals import BadParameter

RAW = st.recursive(
    st.text(max_size=30), lambda inner: st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6
)
READERS = {
    "text": text,
    "id": id_of_one,
    "enumeration": one_of("a", "b"),
    "integer": integer(at_least=1, at_most=100),
    "array": array_of(text, most=2),
    "hash": hash_of({"a": Param(text)}),
    "metadata": metadata,
}


@pytest.mark.parametrize("name", READERS)
@given(RAW)
def test_a_reader_reads_or_refuses(name: str, raw: Any) -> None:
    param = "place"
    try:
        READERS[name](raw, param)
    except BadParameter as refusal:
        param = refusal.param or ""

    assert param.startswith("place")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@given(st.text("abc[]=&0123456789_", max_size=100))
def test_any_request_of_any_route_is_read_or_refused(route: Any, request_text: str) -> None:
    names = "&".join(f"{name}[{part}]={part}" for name in route.params for part in ("type", "0"))
    for form_text in (request_text, f"{names}&{request_text}"):
        try:
            read = decode(read_form(form_text), route.params)
        except BadParameter:
            continue
        assert set(read) <= set(route.params)


@given(st.integers(-(10**20), 10**20))
def test_an_integer_is_read_within_its_limits_alone(number: int) -> None:
    read = integer(at_least=-5, at_most=100)

    if -5 <= number <= 100:
        assert read(str(number), "limit") == number
    else:
        with pytest.raises(BadParameter):
            read(str(number), "limit")


@pytest.mark.parametrize(
    "raw", ["1_0", " 1", "1 ", "+1", "--1", "-", "1e1", "0x1", "²", "\u0661", "1.0", "NaN"]
)
def test_what_only_looks_like_an_integer_is_refused(raw: str) -> None:
    with pytest.raises(BadParameter, match="Invalid integer"):
        integer(at_least=-100, at_most=100)(raw, "limit")


def test_an_array_is_in_the_order_of_its_indices() -> None:
    raw: Form = {"10": "c", "2": "b", "0": "a"}

    assert array_of(text)(raw, "list") == ("a", "b", "c")


def test_an_array_says_each_thing_once() -> None:
    assert array_of(text)({"0": "a", "1": "a"}, "list") == ("a",)


def test_a_wrong_element_is_named_by_its_place() -> None:
    with pytest.raises(BadParameter) as caught:
        array_of(one_of("a"))({"5": "a", "7": "b"}, "list")

    assert caught.value.param == "list[1]"


@pytest.mark.parametrize(
    ("words", "listed"),
    [(("a",), "a"), (("a", "b"), "one of a or b"), (("a", "b", "c"), "one of a, b, or c")],
)
def test_an_enumeration_lists_its_words(words: tuple[str, ...], listed: str) -> None:
    with pytest.raises(BadParameter, match=rf"must be {listed}$"):
        one_of(*words)("x", "word")


def test_a_long_value_is_not_shown_in_full() -> None:
    with pytest.raises(BadParameter) as caught:
        integer(at_least=1, at_most=2)("x" * 10_000, "limit")

    assert len(caught.value.message) < 200
