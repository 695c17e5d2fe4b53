import pytest

from linkspan.client import NEWEST_VERSION, AuthenticationError
from linkspan.client._settings import Settings, settle

KEY = "sk_test_51QvCanary"


def settled(environment: dict[str, str] | None = None, **given: str | None) -> Settings:
    arguments = {"api_key": KEY, "base_url": None, "account": None} | given
    return settle(environment or {}, version=NEWEST_VERSION, max_network_retries=2, **arguments)


def test_stripe_is_called_when_no_address_is_given() -> None:
    assert settled().base_url == "https://api.stripe.com"


def test_an_argument_goes_before_the_environment() -> None:
    environment = {"LINKSPAN_API_KEY": "sk_test_other", "LINKSPAN_API_BASE": "http://other.example"}

    settings = settled(environment, base_url="http://127.0.0.1:12111/")

    assert (settings.api_key, settings.base_url) == (KEY, "http://127.0.0.1:12111")


def test_linkspan_variables_go_before_those_of_stripe() -> None:
    stripe = {"STRIPE_API_KEY": "sk_test_s", "STRIPE_API_BASE": "http://s.example"}
    ours = {"LINKSPAN_API_KEY": "sk_test_l", "LINKSPAN_API_BASE": "http://l.example"}

    assert settled(stripe, api_key=None).api_key == "sk_test_s"
    assert settled(stripe).base_url == "http://s.example"
    assert settled(stripe | ours, api_key=None).api_key == "sk_test_l"
    assert settled(stripe | ours).base_url == "http://l.example"


@pytest.mark.parametrize("environment", [{}, {"LINKSPAN_API_KEY": ""}])
def test_a_missing_key_is_said_at_once(environment: dict[str, str]) -> None:
    with pytest.raises(AuthenticationError, match="LINKSPAN_API_KEY or STRIPE_API_KEY"):
        settled(environment, api_key=None)


@pytest.mark.parametrize("key", [f"{KEY}\n", f" {KEY}", f"{KEY}é"])
def test_a_key_no_header_can_carry_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(AuthenticationError) as refused:
        settled(api_key=key)

    assert "Canary" not in f"{refused.value!r}{refused.value}"


@pytest.mark.parametrize("url", ["api.stripe.com", "ftp://a.example", "https://", "https://a.example/?q=1"])
def test_an_address_that_cannot_work_is_refused_by_name(url: str) -> None:
    with pytest.raises(ValueError, match="base_url must look like"):
        settled(base_url=url)


def test_a_password_in_the_address_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="base_url must not hold") as refused:
        settled(base_url="https://user:canary@a.example")

    assert "canary" not in str(refused.value)


def test_an_account_no_header_can_carry_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="account holds"):
        settled(account="acct_1\r\nX: y")


@pytest.mark.parametrize(
    ("key", "masked"),
    [
        ("sk_test_51Qv", "sk_test_…"),
        ("rk_live_51Qv", "rk_live_…"),
        ("sk_canary_x", "…"),
        ("canary", "…"),
    ],
)
def test_only_the_kind_and_mode_of_a_key_are_shown(key: str, masked: str) -> None:
    settings = settled(api_key=key)

    assert settings.masked_key == masked
    assert key not in repr(settings)


@pytest.mark.parametrize(
    ("url", "is_loopback"),
    [
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://l.example", False),
    ],
)
def test_this_machine_is_known_by_its_address(url: str, *, is_loopback: bool) -> None:
    assert settled(base_url=url).is_loopback is is_loopback
