"""Tokens: what a code and a refresh token are worth, and when they are worth nothing."""

from typing import Any

import pytest

from linkspan.sandbank.register import (
    ACCESS_SECONDS,
    CODE_SECONDS,
    REFRESH_SECONDS,
)
from tests.sandbank.visitor import CLIENT, OTHER_CLIENT, World, basic, make_world

A_DAY = 24 * 3600


def works(world: World, tokens: dict[str, Any]) -> bool:
    return world.fdx("/accounts", tokens["access_token"]).status == 200


def test_a_code_becomes_tokens(world: World) -> None:
    answer = world.redeem(world.allowed().query["code"])

    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == ACCESS_SECONDS
    assert answer.json["scope"].split() == sorted(world.brand["scope"].split())
    assert works(world, answer.json)


def test_a_code_is_accepted_once_and_its_replay_ends_the_tokens(world: World) -> None:
    code = world.allowed().query["code"]
    tokens = world.redeem(code).json

    replay = world.redeem(code)

    assert (replay.status, replay.json["error"]) == (400, "invalid_grant")
    assert not works(world, tokens)
    assert world.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"


def test_a_late_replay_ends_the_tokens_too(world: World) -> None:
    code = world.allowed().query["code"]
    tokens = world.redeem(code).json
    world.clock.seconds += A_DAY
    tokens = world.refresh(tokens["refresh_token"]).json
    world.visitor().get(world.authorize_url())

    world.redeem(code)

    assert not works(world, tokens)


def test_a_code_ends_after_a_minute(world: World) -> None:
    code = world.allowed().query["code"]
    world.clock.seconds += CODE_SECONDS

    assert CODE_SECONDS <= 60
    assert world.redeem(code).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 50},
        {"redirect_uri": "https://server.test/link/other"},
        {"code": "guessed"},
    ],
)
def test_a_code_is_bound_to_what_it_was_made_for(world: World, changes: dict[str, str]) -> None:
    code = world.allowed().query["code"]

    answer = world.redeem(code, **changes)

    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")


def test_a_wrong_verifier_spends_the_code(world: World) -> None:
    code = world.allowed().query["code"]
    world.redeem(code, code_verifier="w" * 50)

    assert world.redeem(code).json["error"] == "invalid_grant"


def test_another_client_can_neither_use_nor_spoil_a_code(world: World) -> None:
    code = world.allowed().query["code"]
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CLIENT.redirect_uris[0],
        "code_verifier": "v" * 50,
    }

    stolen = world.token(OTHER_CLIENT, **fields)

    assert stolen.json["error"] == "invalid_grant"
    assert world.redeem(code).status == 200


def test_a_code_of_one_brand_is_worth_nothing_at_another(world: World) -> None:
    code = world.allowed().query["code"]
    here = world.brand["token_endpoint"]
    world.brand = {**world.brand, "token_endpoint": here.replace("bank-oauth", "quillstone")}

    assert world.redeem(code).json["error"] == "invalid_grant"


@pytest.mark.parametrize("name", ["grant_type", "code", "redirect_uri", "code_verifier"])
def test_a_missing_parameter_is_named(world: World, name: str) -> None:
    answer = world.redeem("any", **{name: ""})

    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert name in answer.json["error_description"]


@pytest.mark.parametrize("verifier", ["v" * 42, "v" * 129, "v" * 50 + "!"])
def test_a_verifier_of_the_wrong_form_is_refused(world: World, verifier: str) -> None:
    assert world.redeem("any", code_verifier=verifier).json["error"] == "invalid_request"


def test_other_grant_types_are_refused(world: World) -> None:
    answer = world.token(grant_type="client_credentials")

    assert (answer.status, answer.json["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    "header",
    [
        basic(CLIENT.id, "wrong"),
        basic(CLIENT.id, ""),
        basic("nobody", ""),
        basic(OTHER_CLIENT.id, CLIENT.secret),
        "Basic !!!",
        "Basic é",
        "Basic /////w==",
        "Basic " + "bm9jb2xvbg==",
        "Bearer abc",
        "",
    ],
)
def test_a_client_that_proves_nothing_gets_nothing(world: World, header: str) -> None:
    answer = world.visitor().post(
        world.brand["token_endpoint"], {"grant_type": "refresh_token"}, authorization=header
    )

    assert (answer.status, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    "body",
    [
        b"grant_type=refresh_token&client_secret=s3cret",
        b"grant_type=refresh_token&client_id=other",
        b"\xff\xfe",
        b"a=" + b"b" * 20_000,
        b"&".join(b"a%d=1" % n for n in range(99)),
    ],
)
def test_a_form_that_says_two_things_or_too_much_is_refused(world: World, body: bytes) -> None:
    answer = world.visitor().post(
        world.brand["token_endpoint"], body, authorization=basic(CLIENT.id, CLIENT.secret)
    )

    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_a_repeated_parameter_is_refused_even_if_all_else_is_right(world: World) -> None:
    token = world.tokens()["refresh_token"]
    fields = {"grant_type": "refresh_token", "refresh_token": [token, token]}

    answer = world.visitor().post(
        world.brand["token_endpoint"], fields, authorization=basic(CLIENT.id, CLIENT.secret)
    )

    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_a_refresh_token_is_replaced_each_time(world: World) -> None:
    first = world.tokens()

    second = world.refresh(first["refresh_token"]).json

    assert second["refresh_token"] != first["refresh_token"]
    assert works(world, second)


def test_a_refresh_token_used_twice_ends_its_family(world: World) -> None:
    first = world.tokens()
    second = world.refresh(first["refresh_token"]).json

    reuse = world.refresh(first["refresh_token"])

    assert reuse.json["error"] == "invalid_grant"
    assert not works(world, second)
    assert world.refresh(second["refresh_token"]).json["error"] == "invalid_grant"


def test_another_client_cannot_refresh_nor_end_a_family(world: World) -> None:
    tokens = world.tokens()

    stolen = world.refresh(tokens["refresh_token"], OTHER_CLIENT)

    assert stolen.json["error"] == "invalid_grant"
    assert world.refresh(tokens["refresh_token"]).status == 200


def test_an_access_token_ends_and_is_refreshed(world: World) -> None:
    tokens = world.tokens()
    world.clock.seconds += ACCESS_SECONDS

    assert not works(world, tokens)
    assert works(world, world.refresh(tokens["refresh_token"]).json)


def test_an_idle_refresh_token_ends(world: World) -> None:
    tokens = world.tokens()
    world.clock.seconds += REFRESH_SECONDS

    assert world.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"


def test_a_consent_ends_after_a_year_however_often_it_is_refreshed(world: World) -> None:
    tokens = world.tokens()
    for _ in range(365 // 20):
        world.clock.seconds += 20 * A_DAY
        tokens = world.refresh(tokens["refresh_token"]).json
    world.clock.seconds += 20 * A_DAY

    assert world.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_both(world: World, kind: str) -> None:
    tokens = world.tokens()

    answer = world.visitor().post(
        world.brand["revocation_endpoint"],
        {"token": tokens[kind], "token_type_hint": "refresh_token"},
        authorization=basic(CLIENT.id, CLIENT.secret),
    )

    assert (answer.status, answer.body) == (200, b"")
    assert not works(world, tokens)
    assert world.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("fields", "secret", "status"),
    [({"token": "unknown"}, CLIENT.secret, 200), ({}, CLIENT.secret, 400), ({"token": "x"}, "wrong", 401)],
)
def test_revocation_answers_as_rfc_7009_says(
    world: World, fields: dict[str, str], secret: str, status: int
) -> None:
    answer = world.visitor().post(
        world.brand["revocation_endpoint"], fields, authorization=basic(CLIENT.id, secret)
    )

    assert answer.status == status


def test_another_client_cannot_revoke(world: World) -> None:
    tokens = world.tokens()

    answer = world.visitor().post(
        world.brand["revocation_endpoint"],
        {"token": tokens["refresh_token"]},
        authorization=basic(OTHER_CLIENT.id, OTHER_CLIENT.secret),
    )

    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
    assert works(world, tokens)


def test_metadata_stands_where_rfc_8414_looks_for_it(world: World) -> None:
    inserted = world.visitor().get("https://bank.test/.well-known/oauth-authorization-server/bank-oauth").json
    appended = world.visitor().get(world.brand["issuer"] + "/.well-known/oauth-authorization-server").json

    assert inserted == appended
    assert inserted["issuer"] == world.brand["issuer"]
    assert inserted["code_challenge_methods_supported"] == ["S256"]
    assert inserted["authorization_response_iss_parameter_supported"] is True
    for name in ("authorization_endpoint", "token_endpoint", "revocation_endpoint"):
        assert inserted[name] == world.brand[name]


def test_the_same_seed_clock_and_randomness_give_the_same_bytes() -> None:
    first, second = make_world(), make_world()

    assert first.tokens() == second.tokens()
