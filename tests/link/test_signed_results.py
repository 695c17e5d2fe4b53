"""A page's own server may trust a result without asking: it is signed, with the nonce the page chose."""

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.link.stage import NOW, SERVER, Stage

pytestmark = pytest.mark.anyio


def read(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


async def checked(stage: Stage, signature: str) -> Any:
    """What a compact JWS says, once its signature was checked by the published key (RFC 7515, RFC 8037)."""
    header, claims, signed = signature.split(".")
    (jwk,) = (await stage.ask("GET", "/.well-known/jwks.json")).json()["keys"]
    assert json.loads(read(header)) == {"alg": "EdDSA", "kid": jwk["kid"], "typ": "JWT"}
    Ed25519PublicKey.from_public_bytes(read(jwk["x"])).verify(read(signed), f"{header}.{claims}".encode())
    return json.loads(read(claims))


async def result(stage: Stage, session: dict[str, Any], nonce: str | None) -> Any:
    """The result of a Session for which Sam linked everything."""
    modal = stage.modal(session)
    await modal.to_done()
    headers = modal.headers if nonce is None else {**modal.headers, "linkspan-nonce": nonce}
    return (await stage.ask("GET", "/link/view", headers)).json()["result"]


async def test_the_result_is_signed_with_the_nonce_of_the_page(stage: Stage) -> None:
    session = await stage.session()

    ended = await result(stage, session, "order-7.x")

    assert await checked(stage, ended["signature"]) == {
        "iss": SERVER,
        "iat": int(NOW),
        "nonce": "order-7.x",
        "session": session["id"],
        "livemode": False,
        "accounts": [each["id"] for each in ended["financialConnectionsSession"]["accounts"]],
    }


async def test_without_a_nonce_nothing_is_signed(stage: Stage) -> None:
    ended = await result(stage, await stage.session(), None)

    assert list(ended) == ["financialConnectionsSession"]


async def test_a_result_that_was_changed_is_not_taken(stage: Stage) -> None:
    ended = await result(stage, await stage.session(), "n")
    header, claims, signed = ended["signature"].split(".")
    other = claims[:-2] + ("AA" if claims[-2:] != "AA" else "BB")

    with pytest.raises(InvalidSignature):
        await checked(stage, f"{header}.{other}.{signed}")


@pytest.mark.parametrize("nonce", ["a b", "x" * 256, "\u00e9"])
async def test_what_cannot_be_a_nonce_is_refused(nonce: str, stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    await modal.open()

    refused = await stage.ask("GET", "/link/view", {**modal.headers, "linkspan-nonce": nonce})

    assert (refused.status, refused.json()["error"]["param"]) == (400, "nonce")


async def test_the_scripts_types_are_published_beside_it(stage: Stage) -> None:
    types = await stage.ask("GET", "/linkspan.d.ts")

    assert types.status == 200
    assert "readonly nonce?: string;" in types.text
