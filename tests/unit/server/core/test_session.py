"""What no Session may ask for is refused by the name of its parameter."""

import dataclasses

import pytest
from msgspec.structs import replace

from linkspan.server.core.refusals import BadParameter
from linkspan.server.core.session import (
    WantedFilters,
    WantedHolder,
    WantedPage,
    WantedRelink,
    WantedSession,
    check,
    may_be_redirected_to,
)
from linkspan.server.core.session_defaults import BEFORE_ENDIVE, SINCE_ENDIVE

CUSTOMER = WantedHolder(type="customer", customer="cus_1")
ACCOUNT = WantedHolder(type="account", account="acct_1")
WANTED = WantedSession(holder=CUSTOMER, permissions=("balances", "ownership"))
RELINK = WantedRelink(authorization="fcauth_1")
URL = "https://shop.example/back"
HERE = "http://127.0.0.1:4242/back"


def refused(wanted: WantedSession, *, livemode: bool = False) -> BadParameter:
    with pytest.raises(BadParameter) as caught:
        check(wanted, livemode=livemode)
    return caught.value


@pytest.mark.parametrize(
    "wanted",
    [
        WANTED,
        replace(WANTED, holder=ACCOUNT),
        replace(WANTED, holder=WantedHolder(type="customer", customer_account="acct_1")),
        replace(WANTED, filters=WantedFilters(country="US")),
        replace(WANTED, page=WantedPage()),
        replace(WANTED, page=WantedPage(return_url=HERE)),
        replace(WANTED, holder=None, relink=RELINK),
        replace(WANTED, page=WantedPage(delivery_method="url"), relink=RELINK),
        replace(WANTED, prefetch=("balances", "ownership")),
        replace(WANTED, permissions=("transactions",), prefetch=("transactions",)),
    ],
)
def test_what_a_session_may_ask_for_passes(wanted: WantedSession) -> None:
    check(wanted, livemode=False)


def test_a_session_for_a_customer_names_no_account() -> None:
    refusal = refused(replace(WANTED, holder=replace(CUSTOMER, account="acct_1")))

    assert refusal.param == "account_holder[account]"
    assert "`account_holder[type]` is `account`" in refusal.message


def test_a_session_for_an_account_names_no_customer() -> None:
    refusal = refused(replace(WANTED, holder=replace(ACCOUNT, customer="cus_1")))

    assert refusal.param == "account_holder[customer]"
    assert "`account_holder[type]` is `customer`" in refusal.message


def test_only_what_is_permitted_is_prefetched() -> None:
    refusal = refused(replace(WANTED, permissions=("balances",), prefetch=("balances", "ownership")))

    assert refusal.param == "prefetch[1]"
    assert "`ownership` permission" in refusal.message


def test_a_customer_is_named_once() -> None:
    both = replace(CUSTOMER, customer_account="acct_1")

    assert refused(replace(WANTED, holder=both)).param == "account_holder[customer_account]"
    assert refused(replace(WANTED, holder=WantedHolder(type="customer"))).param == "account_holder[customer]"


@pytest.mark.parametrize("country", ["us", "USA", "U", "ÅÄ", "U1"])
def test_a_country_is_two_capital_letters(country: str) -> None:
    refusal = refused(replace(WANTED, filters=WantedFilters(country=country)))

    assert refusal.param == "filters[country]"
    assert country in refusal.message


def test_nobody_is_written_an_email() -> None:
    refusal = refused(replace(WANTED, page=WantedPage(delivery_method="email"), relink=RELINK))

    assert refusal.param == "hosted[delivery_method]"
    assert "e-mail" in refusal.message


def test_only_a_relink_is_delivered() -> None:
    refusal = refused(replace(WANTED, page=WantedPage(delivery_method="url")))

    assert "`relink_options`" in refusal.message


def test_a_session_is_for_somebody() -> None:
    assert refused(replace(WANTED, holder=None)).param == "account_holder"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "shop://back", "http://shop.example/back", "https://a@shop.example", "https:"],
)
def test_a_page_leads_to_another_page(url: str) -> None:
    refusal = refused(replace(WANTED, page=WantedPage(return_url=url)))

    assert (refusal.param, refusal.specific_code) == ("hosted[return_url]", "url_invalid")


def test_in_live_mode_nobody_is_led_to_their_own_machine() -> None:
    assert may_be_redirected_to(HERE, livemode=False)
    assert not may_be_redirected_to(HERE, livemode=True)
    assert may_be_redirected_to(URL, livemode=True)
    assert refused(replace(WANTED, page=WantedPage(return_url=HERE)), livemode=True).param == (
        "hosted[return_url]"
    )


def test_what_endive_changed_is_how_many_accounts_a_business_links() -> None:
    assert {
        "account": dataclasses.replace(SINCE_ENDIVE, accounts_max=1),
        "customer": SINCE_ENDIVE,
    } == BEFORE_ENDIVE
