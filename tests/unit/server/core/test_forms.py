"""Forms: what may be entered, and what becomes of a bank's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.core.forms import Field, Form, Option, checked, plain
from linkspan.server.core.refusals import BadParameter

FORM = Form(
    about="challenge",
    fields=(
        Field(name="code", kind="code"),
        Field(name="password", kind="password"),
        Field(name="picture", kind="choice", options=(Option(value="1", label="Sail"),)),
    ),
)
ANSWER = {"code": "123 456", "password": " sécret\u200d ", "picture": "1"}


def test_what_was_entered_is_passed_on_unchanged() -> None:
    assert checked(FORM, ANSWER) == ANSWER


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"code": ""}, "answer[code]"),
        ({"code": None}, "answer[code]"),
        ({"code": "1" * 65}, "answer[code]"),
        ({"code": ["1"]}, "answer[code]"),
        ({"password": "x\x00"}, "answer[password]"),
        ({"password": "x\n"}, "answer[password]"),
        ({"picture": "2"}, "answer[picture]"),
        ({"more": "x"}, "answer[more]"),
    ],
)
def test_what_was_not_asked_for_is_refused_by_name(change: dict[str, object], param: str) -> None:
    with pytest.raises(BadParameter) as caught:
        checked(FORM, {**ANSWER, **change})

    assert caught.value.param == param


def test_a_refusal_shows_nothing_of_what_was_entered() -> None:
    with pytest.raises(BadParameter) as caught:
        checked(FORM, {**ANSWER, "password": "hunter2\x00"})

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("  What was\r\n\tyour first pet?  ", "What was your first pet?"),
        ("Pay \u202eyenom\u202c now", "Pay yenom now"),
        ("a\u200bb", "a b"),
        ("x" * 400, "x" * 299 + "…"),
        ("<b>Bold</b>", "<b>Bold</b>"),
        ("\x00", ""),
    ],
)
def test_a_banks_words_become_one_short_line(said: str, shown: str) -> None:
    assert plain(said) == shown


@given(st.text())
def test_no_words_of_a_bank_are_long_or_more_than_a_line(said: str) -> None:
    line = plain(said)

    assert len(line) <= 300
    assert line == " ".join(line.split())
    assert line.isprintable()
