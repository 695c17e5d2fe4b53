"""The official stripe package raises here what it raises at Stripe."""

from collections.abc import Iterator
from contextlib import closing

import pytest
import stripe

from tests.acceptance.programs import Town

KEY = "sk_test_official_package"
pytestmark = pytest.mark.usefixtures("official")


@pytest.fixture
def api(town: Town) -> Iterator[stripe.StripeClient]:
    """The package's newer door: a client object with its own base address and key."""
    with closing(stripe.RequestsClient()) as http:
        yield stripe.StripeClient(KEY, base_addresses={"api": town.server}, http_client=http)


def holder() -> stripe.params.financial_connections.SessionCreateParamsAccountHolder:
    customer = stripe.Customer.create(name="Robin Park", api_key=KEY)
    return {"type": "customer", "customer": customer.id}


def test_an_unknown_permission_is_an_invalid_request_that_names_it() -> None:
    with pytest.raises(stripe.InvalidRequestError) as raised:
        stripe.financial_connections.Session.create(
            account_holder=holder(),
            permissions=["balances", "everything"],
            api_key=KEY,
        )

    assert raised.value.param == "permissions[1]"
    assert raised.value.http_status == 400
    assert (raised.value.request_id or "").startswith("req_")


def test_a_missing_parameter_is_an_invalid_request_with_stripes_code() -> None:
    with pytest.raises(stripe.InvalidRequestError) as raised:
        stripe.financial_connections.Session.create(permissions=["balances"], api_key=KEY)  # type: ignore[call-arg] # wrong on purpose

    assert (raised.value.param, raised.value.code) == ("account_holder", "parameter_missing")


def test_an_id_of_nothing_is_an_invalid_request_with_stripes_code() -> None:
    with pytest.raises(stripe.InvalidRequestError) as raised:
        stripe.financial_connections.Account.retrieve("fca_of_nobody", api_key=KEY)

    assert (raised.value.code, raised.value.http_status) == ("resource_missing", 404)


@pytest.mark.parametrize("key", ["sk_live_not_here", "not-a-key", "pk_test_publishable"])
def test_a_wrong_key_is_an_authentication_error(key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as raised:
        stripe.financial_connections.Session.retrieve("fcsess_1", api_key=key)

    assert raised.value.http_status == 401
    assert key not in str(raised.value)


def test_a_key_used_for_another_request_is_an_idempotency_error() -> None:
    stripe.Customer.create(name="Robin Park", api_key=KEY, idempotency_key="once")

    with pytest.raises(stripe.IdempotencyError):
        stripe.Customer.create(name="Somebody Else", api_key=KEY, idempotency_key="once")


def test_a_repeated_key_gives_the_same_session_back() -> None:
    held_by = holder()

    first, second = (
        stripe.financial_connections.Session.create(
            account_holder=held_by, permissions=["balances"], api_key=KEY, idempotency_key="a session"
        )
        for _ in range(2)
    )

    assert (first.id, first.client_secret) == (second.id, second.client_secret)


def test_the_client_object_reads_what_the_module_wrote(api: stripe.StripeClient) -> None:
    session = stripe.financial_connections.Session.create(
        account_holder=holder(), permissions=["balances"], limits={"accounts": 1}, api_key=KEY
    )

    read = api.v1.financial_connections.sessions.retrieve(session.id)

    assert (read.id, read.livemode, read.permissions) == (session.id, False, ["balances"])
    assert read.limits is not None
    assert read.limits.accounts == 1


def test_one_key_never_sees_what_another_made() -> None:
    session = stripe.financial_connections.Session.create(
        account_holder=holder(), permissions=["balances"], api_key=KEY
    )

    with pytest.raises(stripe.InvalidRequestError) as raised:
        stripe.financial_connections.Session.retrieve(session.id, api_key="sk_test_of_another_tenant")

    assert raised.value.code == "resource_missing"
