"""The authorization endpoint and its pages: what is let in, what is not."""

from urllib.parse import urlsplit

import pytest

from linkspan.sandbank import Client, create_bank
from linkspan.sandbank.register import VISIT_SECONDS
from tests.sandbank.visitor import CLIENT, OTHER_CLIENT, World, hidden_fields, make_world


def test_the_answer_carries_code_state_and_issuer(world: World) -> None:
    answer = world.allowed()

    assert answer.status == 303
    assert answer.location.startswith(CLIENT.redirect_uris[0] + "?")
    assert answer.query["state"] == "st&te"
    assert answer.query["iss"] == "https://bank.test/bank-oauth"
    assert set(answer.query) == {"code", "state", "iss"}


def test_no_state_is_sent_back_when_none_was_given(world: World) -> None:
    assert set(world.allowed(state=None).query) == {"code", "iss"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "+" * 43}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": "fdx:transfer:write"}, "invalid_scope"),
    ],
)
def test_a_wrong_request_is_answered_at_the_client(
    world: World, changes: dict[str, str | None], error: str
) -> None:
    answer = world.visitor().get(world.authorize_url(**changes))

    assert answer.location.startswith(CLIENT.redirect_uris[0] + "?")
    assert (answer.query["error"], answer.query["state"]) == (error, "st&te")
    assert answer.query["iss"] == "https://bank.test/bank-oauth"
    assert "code" not in answer.query


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.test/"},
        {"redirect_uri": CLIENT.redirect_uris[0] + "/"},
        {"redirect_uri": CLIENT.redirect_uris[0] + "?next=https://evil.test"},
        {"redirect_uri": CLIENT.redirect_uris[0].replace("https", "http")},
        {"redirect_uri": CLIENT.redirect_uris[0].replace("server.test", "SERVER.test")},
        {"redirect_uri": CLIENT.redirect_uris[0].replace("server.test", "server.test@evil.test")},
        {"redirect_uri": OTHER_CLIENT.redirect_uris[0]},
    ],
)
def test_nobody_is_sent_to_an_address_that_was_not_registered(
    world: World, changes: dict[str, str | None]
) -> None:
    answer = world.visitor().get(world.authorize_url(**changes))

    assert answer.status == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize("first", [True, False])
def test_a_second_redirect_uri_leads_nowhere_else(world: World, *, first: bool) -> None:
    evil = "redirect_uri=https%3A%2F%2Fevil.test"
    url = world.authorize_url()
    url = url.replace("?", f"?{evil}&") if first else f"{url}&{evil}"

    answer = world.visitor().get(url)

    assert answer.headers.get("location", CLIENT.redirect_uris[0]).startswith(CLIENT.redirect_uris[0])
    assert "error" in answer.headers.get("location", "error")


def test_a_repeated_parameter_is_refused(world: World) -> None:
    answer = world.visitor().get(world.authorize_url() + "&scope=other")

    assert answer.query["error"] == "invalid_request"


def test_denying_is_told_to_the_client(world: World) -> None:
    visitor = world.visitor()
    form = hidden_fields(world.signed_in(visitor))

    answer = visitor.post(f"{world.brand['issuer']}/consent", {**form, "choice": "deny"})

    assert (answer.query["error"], answer.query["state"]) == ("access_denied", "st&te")
    assert answer.query["iss"] == world.brand["issuer"]


def test_a_denied_visit_cannot_be_allowed_afterwards(world: World) -> None:
    visitor = world.visitor()
    form = hidden_fields(world.signed_in(visitor))
    visitor.post(f"{world.brand['issuer']}/consent", {**form, "choice": "deny"})

    answer = visitor.post(
        f"{world.brand['issuer']}/consent", {**form, "choice": "allow", "account": "avery-checking"}
    )

    assert answer.status == 403


def test_canceling_at_sign_in_is_a_denial(world: World) -> None:
    visitor = world.visitor()
    page = visitor.get(visitor.get(world.authorize_url()).location)

    answer = visitor.post(f"{world.brand['issuer']}/sign-in", {**hidden_fields(page), "choice": "cancel"})

    assert answer.query["error"] == "access_denied"


def test_a_typed_name_and_password_sign_in(world: World) -> None:
    visitor = world.visitor()
    page = visitor.get(visitor.get(world.authorize_url()).location)
    form = {**hidden_fields(page), "username": " Noor ", "password": "ferry-crossing"}

    answer = visitor.post(f"{world.brand['issuer']}/sign-in", form)

    assert "Noor Haddad" in visitor.get(answer.location).text


@pytest.mark.parametrize(
    "fields",
    [
        {"username": "avery", "password": "wrong"},
        {"username": "nobody", "password": "ferry-crossing"},
        {"username": "avery"},
        {"person": "nobody"},
        {},
    ],
)
def test_wrong_credentials_stay_on_the_page(world: World, fields: dict[str, str]) -> None:
    visitor = world.visitor()
    page = visitor.get(visitor.get(world.authorize_url()).location)

    answer = visitor.post(f"{world.brand['issuer']}/sign-in", {**hidden_fields(page), **fields})

    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert 'aria-describedby="problem"' in answer.text


def test_what_was_typed_comes_back_as_text(world: World) -> None:
    visitor = world.visitor()
    page = visitor.get(visitor.get(world.authorize_url()).location)
    form = {**hidden_fields(page), "username": '"><script>alert(1)</script>', "password": "x"}

    answer = visitor.post(f"{world.brand['issuer']}/sign-in", form)

    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_allowing_nothing_asks_again(world: World) -> None:
    visitor = world.visitor()
    form = hidden_fields(world.signed_in(visitor))

    answer = visitor.post(f"{world.brand['issuer']}/consent", {**form, "choice": "allow"})

    assert answer.status == 422
    assert "Tick at least one account" in answer.text


def test_an_account_of_somebody_else_is_not_shared(world: World) -> None:
    tokens = world.tokens("avery-card", "noor-checking")

    listed = world.fdx("/accounts", tokens["access_token"]).json["accounts"]

    assert [account["accountId"] for account in listed] == ["avery-card"]


def test_choosing_only_accounts_of_somebody_else_is_choosing_none(world: World) -> None:
    visitor = world.visitor()
    form = hidden_fields(world.signed_in(visitor))

    answer = visitor.post(
        f"{world.brand['issuer']}/consent", {**form, "choice": "allow", "account": "noor-checking"}
    )

    assert answer.status == 422


def test_a_closed_account_is_not_ticked_at_first(world: World) -> None:
    page = world.signed_in(world.visitor()).text

    assert 'value="avery-checking" checked' in page
    assert 'value="avery-old-savings" data-testid' in page


def test_a_form_from_another_browser_is_refused(world: World) -> None:
    victim, attacker = world.visitor(), world.visitor()
    form = hidden_fields(attacker.get(attacker.get(world.authorize_url()).location))

    answer = victim.post(f"{world.brand['issuer']}/sign-in", {**form, "person": "avery"})

    assert answer.status == 403


@pytest.mark.parametrize("token", ["", "guessed", "é"])
def test_a_form_without_its_token_is_refused(world: World, token: str) -> None:
    visitor = world.visitor()
    form = hidden_fields(world.signed_in(visitor))

    answer = visitor.post(
        f"{world.brand['issuer']}/consent",
        {**form, "form_token": token, "choice": "allow", "account": "avery-checking"},
    )

    assert answer.status == 403


def test_signing_in_renews_the_cookie_and_the_token(world: World) -> None:
    visitor = world.visitor()
    page = visitor.get(visitor.get(world.authorize_url()).location)
    before = dict(visitor.cookies)
    first = hidden_fields(page)
    visitor.post(f"{world.brand['issuer']}/sign-in", {**first, "person": "avery"})
    planted = world.visitor()
    planted.cookies = before

    answer = planted.get(f"{world.brand['issuer']}/consent?visit={first['visit']}")

    assert before != visitor.cookies
    assert answer.status == 403


def test_a_form_token_seen_before_signing_in_is_worth_nothing_after(world: World) -> None:
    visitor = world.visitor()
    page = visitor.get(visitor.get(world.authorize_url()).location)
    before = hidden_fields(page)
    visitor.post(f"{world.brand['issuer']}/sign-in", {**before, "person": "avery"})

    answer = visitor.post(
        f"{world.brand['issuer']}/consent", {**before, "choice": "allow", "account": "avery-checking"}
    )

    assert answer.status == 403


def test_a_visit_ends_after_its_time(world: World) -> None:
    visitor = world.visitor()
    location = visitor.get(world.authorize_url()).location
    world.clock.seconds += VISIT_SECONDS

    assert visitor.get(location).status == 403


def test_a_visit_belongs_to_one_brand(world: World) -> None:
    visitor = world.visitor()
    location = visitor.get(world.authorize_url()).location

    assert visitor.get(location.replace("bank-oauth", "quillstone")).status == 403


def test_the_consent_page_needs_a_sign_in(world: World) -> None:
    visitor = world.visitor()
    location = visitor.get(world.authorize_url()).location

    assert visitor.get(location.replace("/sign-in", "/consent")).status == 403


def test_two_visits_in_one_browser_do_not_disturb_each_other(world: World) -> None:
    visitor = world.visitor()
    first = hidden_fields(world.signed_in(visitor, "avery"))
    world.signed_in(visitor, "noor")

    answer = visitor.post(
        f"{world.brand['issuer']}/consent", {**first, "choice": "allow", "account": "avery-checking"}
    )

    assert "code" in answer.query


def test_pages_allow_no_script_no_frame_and_one_redirect(world: World) -> None:
    page = world.signed_in(world.visitor())

    policy = page.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' https://server.test" in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert "style=" not in page.text
    assert "<script" not in page.text


def test_the_cookie_is_kept_from_scripts_and_other_sites(world: World) -> None:
    (cookie,) = world.visitor().get(world.authorize_url()).cookies

    assert {"HttpOnly", "Secure", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}


def test_a_client_with_an_app_scheme_may_be_redirected_to() -> None:
    client = Client(id="app", secret="s", redirect_uris=("rides.app:/cb",))
    world = make_world()
    world.app = create_bank(
        base_url="https://bank.test", clients=[client], now=world.clock, random_bytes=lambda n: b"r" * n
    )
    visitor = world.visitor()

    page = world.signed_in(visitor, client_id="app", redirect_uri="rides.app:/cb")

    assert "form-action 'self' rides.app:" in page.headers["content-security-policy"]


def test_an_oversized_form_is_refused(world: World) -> None:
    answer = world.visitor().post(f"{world.brand['issuer']}/sign-in", b"a" * 20_000)

    assert answer.status == 403


def test_a_bank_below_a_path_keeps_its_links_there() -> None:
    world = make_world(base_url="https://host.test/bank")

    redirect = world.visitor().get(world.authorize_url().replace("/bank/", "/"))

    assert urlsplit(redirect.location).path == "/bank/bank-oauth/sign-in"


@pytest.mark.parametrize(
    "client",
    [
        Client(id="a", secret="", redirect_uris=("https://a.test",)),
        Client(id="a", secret="s", redirect_uris=()),
    ],
)
def test_a_client_that_could_prove_nothing_is_not_registered(client: Client) -> None:
    with pytest.raises(ValueError, match="clients"):
        create_bank(base_url="https://b.test", clients=[client], now=lambda: 0.0, random_bytes=bytes)
