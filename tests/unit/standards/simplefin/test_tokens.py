"""Setup tokens and access URLs, as people paste them and as servers answer them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.standards.simplefin import AccessUrl, MalformedField, read_access_url, read_setup_token
from linkspan.standards.simplefin.tokens import write_access_url, write_setup_token

# The example of the standard.
TOKEN = "aHR0cHM6Ly9icmlkZ2Uuc2ltcGxlZmluLm9yZy9zaW1wbGVmaW4vY2xhaW0vZGVtbw=="
CLAIM = "https://bridge.simplefin.org/simplefin/claim/demo"


@pytest.mark.parametrize(
    "pasted", [TOKEN, TOKEN.rstrip("="), f"  {TOKEN}\n", f"{TOKEN[:20]}\r\n {TOKEN[20:]}", TOKEN + "=="]
)
def test_a_token_is_read_however_it_was_pasted(pasted: str) -> None:
    assert read_setup_token(pasted) == CLAIM


def test_a_written_token_is_the_standards() -> None:
    assert write_setup_token(CLAIM) == TOKEN


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://bridge.example/claim/x",
        "javascript:alert(1)",
        "https://user:pass@bridge.example/claim/x",
        "https://bridge.example/claim/x#part",
        "https://bridge.example\\@evil.example/",
        "https:///claim/x",
        "https://bridge.example/claim/x?next=https://evil.example",
        "https://bridge.example/claim/\nx",
        "just words",
    ],
)
def test_a_token_of_anything_but_a_plain_address_is_refused(url: str) -> None:
    with pytest.raises(MalformedField):
        read_setup_token(write_setup_token(url))


@pytest.mark.parametrize("pasted", ["", "   ", "not base64!", "a" * 4_097, "ÄÄÄÄ", CLAIM])
def test_what_is_not_a_token_is_refused_without_being_shown(pasted: str) -> None:
    with pytest.raises(MalformedField) as caught:
        read_setup_token(pasted)

    assert caught.value.content == ""


def test_an_access_url_is_taken_apart() -> None:
    found = read_access_url(b"https://user%40home:p%3Ass@bridge.example:8443/simplefin/\n")

    assert found == AccessUrl(
        root="https://bridge.example:8443/simplefin", username="user@home", password="p:ss"
    )
    assert "p:ss" not in repr(found)


def test_a_written_access_url_reads_the_same() -> None:
    access = AccessUrl(root="https://bridge.example/simplefin", username="ü@:/", password="%")

    assert read_access_url(write_access_url(access)) == access


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"https://bridge.example/simplefin",
        b"https://user@bridge.example/",
        b"https://user:pass@bridge.example@evil.example/",
        b"https://user:pass@bridge.example\\evil/",
        b"<html>",
        b"\xff",
        b"https://u:p@h/" + b"a" * 5_000,
    ],
)
def test_an_answer_without_an_access_url_is_refused_without_being_shown(answer: bytes) -> None:
    with pytest.raises(MalformedField) as caught:
        read_access_url(answer)

    assert caught.value.content == ""


@given(st.text(), st.binary())
def test_any_text_is_read_or_refused(text: str, data: bytes) -> None:
    with contextlib.suppress(MalformedField):
        read_setup_token(text)
    with contextlib.suppress(MalformedField):
        read_access_url(data)
