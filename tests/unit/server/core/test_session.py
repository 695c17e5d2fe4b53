"""What no Session may ask for is refused by the name of its parameter."""

from dataclasses import replace

import pytest

from linkspan.server.core.refusals import BadParameter
from linkspan.server.core.session import WantedSession, check

WANTED = WantedSession(
    holder_type="customer",
    customer="cus_1",
    account=None,
    permissions=("balances", "ownership"),
)


def refused(wanted: WantedSession) -> BadParameter:
    with pytest.raises(BadParameter) as caught:
        check(wanted)
    return caught.value


@pytest.mark.parametrize(
    "wanted",
    [
        WANTED,
        replace(WANTED, holder_type="account", customer=None, account="acct_1"),
        replace(WANTED, prefetch=("balances", "ownership")),
        replace(WANTED, permissions=("transactions",), prefetch=("transactions",)),
    ],
)
def test_what_a_session_may_ask_for_passes(wanted: WantedSession) -> None:
    check(wanted)


def test_a_session_for_a_customer_names_no_account() -> None:
    refusal = refused(replace(WANTED, account="acct_1"))

    assert refusal.param == "account_holder[account]"
    assert "`account_holder[type]` is `account`" in refusal.message


def test_a_session_for_an_account_names_no_customer() -> None:
    refusal = refused(replace(WANTED, holder_type="account", account="acct_1"))

    assert refusal.param == "account_holder[customer]"
    assert "`account_holder[type]` is `customer`" in refusal.message


def test_only_what_is_permitted_is_prefetched() -> None:
    refusal = refused(replace(WANTED, permissions=("balances",), prefetch=("balances", "ownership")))

    assert refusal.param == "prefetch[1]"
    assert "`ownership` permission" in refusal.message
