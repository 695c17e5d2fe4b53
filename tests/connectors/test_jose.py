"""Tokens that nobody known has signed, or signed in another way, are refused."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from linkspan.server.connectors.jose import (
    BadSignature,
    SigningKey,
    UnusableKey,
    checked,
    held_key,
    new_key,
    read_key,
    spelled,
    unchecked,
)

P256 = SigningKey(ec.generate_private_key(ec.SECP256R1()), "one")
RSA = SigningKey(rsa.generate_private_key(65537, 2048), "one")
ED25519 = SigningKey(ed25519.Ed25519PrivateKey.generate(), "one")
KEYS = {"ES256": P256, "PS256": RSA, "EdDSA": ED25519}
CLAIMS = {"iss": "https://bank.example", "n": 1}


def jwks(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


def of(key: SigningKey, **more: str) -> dict[str, Any]:
    return {**key.public, "kid": "one", **more}


def pem(key: Any) -> str:
    written: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return written.decode()


@pytest.mark.parametrize("algorithm", KEYS)
def test_what_a_key_signed_is_taken(algorithm: str) -> None:
    key = KEYS[algorithm]

    assert checked(key.sign(CLAIMS), jwks(of(key)), algorithm) == CLAIMS


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_changed_claim_is_refused(algorithm: str) -> None:
    header, _, signature = KEYS[algorithm].sign(CLAIMS).split(".")
    forged = f"{header}.{spelled(json.dumps({**CLAIMS, 'n': 2}).encode())}.{signature}"

    with pytest.raises(BadSignature):
        checked(forged, jwks(of(KEYS[algorithm])), algorithm)


def headed(**header: object) -> str:
    return f"{spelled(json.dumps(header).encode())}.{spelled(json.dumps(CLAIMS).encode())}."


@pytest.mark.parametrize(
    "token",
    [
        headed(alg="none"),
        headed(alg="HS256") + "AAAA",
        RSA.sign(CLAIMS),
        P256.sign(CLAIMS, crit=["exp"]),
        P256.sign(CLAIMS).rpartition(".")[0] + ".",
        P256.sign(CLAIMS).rpartition(".")[0],
        P256.sign(CLAIMS) + "AAAA",
        P256.sign(CLAIMS).replace(".", "..", 1),
        "é.é.é",
        "..",
        "",
    ],
)
def test_a_token_signed_in_another_way_is_refused(token: str) -> None:
    with pytest.raises(BadSignature):
        checked(token, jwks(of(P256), of(RSA)), "ES256")


@pytest.mark.parametrize(
    "keys",
    [
        jwks(),
        jwks(of(P256, kid="another")),
        jwks({**of(P256), "crv": "P-384"}),
        jwks({**of(P256), "x": "AA"}),
        jwks({"kty": "oct", "k": "AA", "kid": "one"}),
        jwks(of(SigningKey(ec.generate_private_key(ec.SECP256R1())))),
        b'{"keys": {}}',
        b'{"keys": [1]}',
        b"[]",
        b"no JSON",
    ],
)
def test_keys_that_did_not_sign_are_none(keys: bytes) -> None:
    with pytest.raises(BadSignature):
        checked(P256.sign(CLAIMS), keys, "ES256")


def test_the_first_of_two_keys_with_a_name_need_not_be_the_one() -> None:
    other = SigningKey(ec.generate_private_key(ec.SECP256R1()))

    assert checked(P256.sign(CLAIMS), jwks(of(other), of(P256)), "ES256") == CLAIMS


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "a.e30.c", "a.W10.c", "a.é.c"])
def test_claims_that_cannot_be_read_are_none(token: str) -> None:
    assert unchecked(token) == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(rsa.generate_private_key(65537, 1024)),
    ],
)
def test_a_key_that_signs_in_no_way_of_ours_is_refused(text: str) -> None:
    with pytest.raises(UnusableKey):
        read_key(text)


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_key_is_read_as_it_was_written(algorithm: str) -> None:
    read = read_key(pem(KEYS[algorithm].private), "one")

    assert (read.algorithm, read.public) == (algorithm, KEYS[algorithm].public)


def test_a_held_key_follows_from_its_bytes_and_is_good() -> None:
    made = new_key(b"\x01" * 40)
    key = held_key(made)

    assert made == new_key(b"\x01" * 40) != new_key(b"\x02" * 40)
    assert checked(key.sign(CLAIMS), jwks(key.public), "ES256") == CLAIMS


def test_no_key_is_shown() -> None:
    assert "PRIVATE" not in repr(P256)
    assert repr(P256) == "SigningKey(id='one')"
