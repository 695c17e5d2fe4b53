"""No secret survives in what is written to a log, however it was written down."""

import json
import string
from base64 import b64encode
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkspan.server.telemetry.redact import redact, redact_key

LETTERS: Final = string.ascii_letters + string.digits
SECRETS = st.text(LETTERS, min_size=16, max_size=60)
# RFC 9110 section 5.6.2: what the name of a scheme may be.
SCHEMES = st.one_of(
    st.sampled_from(["Bearer", "Basic", "Digest", "DPoP", "Negotiate", "GNAP", "bearer"]),
    st.text("!#$%&'*+-.^_`|~" + LETTERS, min_size=1, max_size=12),
)
FIELDS = st.sampled_from(
    [
        "access_token",
        "accountNumber",
        "account_number",
        "api_key",
        "client_assertion",
        "client_secret",
        "code",
        "code_verifier",
        "id_token",
        "password",
        "refresh_token",
        "state",
        "subject_token",
        "token",
    ]
)

# Few examples each: the ways of writing a line matter more than the letters in it.
few = settings(max_examples=25)

Pair = Callable[[str, str], str]
HEADER_LINES: dict[str, Pair] = {
    "a raw header": lambda name, value: f"GET /v1 HTTP/1.1\r\n{name}: {value}\r\nHost: a\r\n",
    "a header without a space": lambda name, value: f"{name}:{value}",
    "a log field": lambda name, value: f"headers {name}={value}",
    "a mapping": lambda name, value: repr({name: value, "host": "a"}),
    "a mapping of bytes": lambda name, value: repr({name.encode(): value.encode()}),
    "a list of pairs": lambda name, value: repr([(name, value)]),
    "the headers of ASGI": lambda name, value: repr([(name.lower().encode(), value.encode())]),
    "JSON": lambda name, value: json.dumps({name: value, "host": "a"}),
    "JSON within JSON": lambda name, value: json.dumps({"body": json.dumps({name: value})}),
}
FIELD_LINES: dict[str, Pair] = {
    **HEADER_LINES,
    "a form": lambda name, value: urlencode({"a": "1", name: value, "b": "2"}),
    "an address": lambda name, value: f"https://bank.example/cb?{urlencode({name: value})}#top",
    "an address within one": lambda name, value: (
        f"https://a.example/?to={quote(f'/cb?{name}={value}', safe='')}"
    ),
}


@pytest.mark.parametrize("line", HEADER_LINES.values(), ids=HEADER_LINES)
@few
@given(
    name=st.sampled_from(["Authorization", "authorization", "AUTHORIZATION", "Proxy-Authorization"]),
    scheme=SCHEMES,
    secret=SECRETS,
)
def test_credentials_of_any_scheme_are_hidden(line: Pair, name: str, scheme: str, secret: str) -> None:
    assert secret not in redact(line(name, f"{scheme} {secret}"))


@pytest.mark.parametrize("line", HEADER_LINES.values(), ids=HEADER_LINES)
@few
@given(scheme=SCHEMES, secret=SECRETS)
@example(scheme="''", secret="s" * 16)
@example(scheme="b'", secret="s" * 16)
def test_every_parameter_of_a_scheme_is_hidden(line: Pair, scheme: str, secret: str) -> None:
    credentials = f'{scheme} username="me", response="{secret}", nc=00000001, opaque={secret}'

    assert secret not in redact(line("Authorization", credentials))


@few
@given(user=st.text(LETTERS, max_size=8), secret=SECRETS)
def test_basic_credentials_are_hidden_as_they_are_encoded(user: str, secret: str) -> None:
    encoded = b64encode(f"{user}:{secret}".encode()).decode()

    assert encoded not in redact(f"Authorization: Basic {encoded}")


@few
@given(SECRETS)
def test_credentials_without_a_scheme_are_hidden(secret: str) -> None:
    assert secret not in redact(f"Authorization: {secret}")


@few
@given(st.sampled_from(["Bearer", "bearer", "Basic", "DPoP", "Digest"]), SECRETS)
def test_credentials_without_the_name_of_the_header_are_hidden(scheme: str, secret: str) -> None:
    assert secret not in redact(f"sent '{scheme} {secret}' to the bank")


@pytest.mark.parametrize("line", FIELD_LINES.values(), ids=FIELD_LINES)
@few
@given(name=FIELDS, secret=SECRETS)
def test_secret_fields_are_hidden(line: Pair, name: str, secret: str) -> None:
    assert secret not in redact(line(name, secret))


@pytest.mark.parametrize("written", ["JSON", "a form", "a mapping"])
@few
@given(before=st.text(max_size=10), secret=SECRETS)
@example(before='a "quoted\\ part', secret="s" * 16)
@example(before="it's, well", secret="s" * 16)
def test_a_password_is_hidden_with_whatever_signs_it_has(written: str, before: str, secret: str) -> None:
    line = FIELD_LINES[written]

    assert secret not in redact(line("password", before + secret))


@few
@given(
    st.sampled_from(["", "key=", "%3D", "x", "_", '"']),
    st.sampled_from(["sk_test_", "sk_live_", "rk_live_", "pk_test_"]),
    SECRETS,
)
def test_api_keys_are_hidden_wherever_they_stand(before: str, prefix: str, secret: str) -> None:
    assert secret not in redact(f"told {before}{prefix}{secret}, then left")


@few
@given(
    st.sampled_from(["", "s=", "%3D", "1", "_"]),
    st.sampled_from(["fcsess_client_secret_", "seti_1Abc_secret_", "whsec_"]),
    SECRETS,
)
def test_client_and_webhook_secrets_are_hidden_wherever_they_stand(
    before: str, prefix: str, secret: str
) -> None:
    assert secret not in redact(f"opened {before}{prefix}{secret} twice")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Missing required param: account_holder.",
        "This API call cannot be made: secret_key_required",
        "the token endpoint answered 503",
        "customer cus_1aBcDeFgHiJkLmNoPqRsTuVw linked fca_1aBcDeFgHiJkLmNoPqRsTuVw",
    ],
)
def test_a_text_without_secrets_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_what_stands_beside_a_secret_stays() -> None:
    line = json.dumps({"route": "sessions.create", "authorization": "Bearer abcdefgh", "status": 200})

    assert json.loads(redact(line)) == {
        "route": "sessions.create",
        "authorization": "****",
        "status": 200,
    }


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("sk_test_1234567890abcd", "sk_test_****abcd"),
        ("sk_test_short", "sk_test_****"),
        ("sk_live_12345678", "sk_live_****"),
        ("something else", "****"),
        ("", "****"),
    ],
)
def test_a_key_is_shown_by_its_prefix_and_at_most_its_last_four(key: str, shown: str) -> None:
    assert redact_key(key) == shown
