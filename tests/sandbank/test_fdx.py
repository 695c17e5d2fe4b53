"""The FDX resources: who sees what, by page and by date."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from linkspan.sandbank.accounts import LOOKBACK_DAYS
from linkspan.standards.fdx import read_account, read_accounts, read_error, read_transactions
from tests.sandbank.visitor import NOON, Answer, World, make_world

TODAY = datetime.fromtimestamp(NOON, UTC).date()
HALF_A_YEAR = f"startDate={TODAY - timedelta(days=LOOKBACK_DAYS)}&endDate={TODAY}"


@pytest.fixture
def token(world: World) -> str:
    """An access token for some of what the household has."""
    token: str = world.tokens("avery-checking", "avery-card", "avery-mortgage", "avery-old-savings")[
        "access_token"
    ]
    return token


def days_of(answer: Answer) -> list[date]:
    rows = read_transactions(answer.body).transactions
    times = [row.posted_timestamp or row.transaction_timestamp for row in rows]
    return [time.date() for time in times if time is not None]


def walk(world: World, token: str, query: str, limit: int) -> list[str]:
    """Return the ids of every page, following the bank's own words."""
    ids: list[str] = []
    more = ""
    while True:
        page = read_transactions(
            world.fdx(f"/accounts/avery-checking/transactions?{query}&limit={limit}{more}", token).body
        )
        ids += [row.transaction_id for row in page.transactions]
        if page.page.next_query is None:
            return ids
        more = "&{}={}".format(*page.page.next_query)


def test_the_customer_has_an_id(world: World, token: str) -> None:
    assert world.fdx("/customers/current", token).json == {"customerId": "customer-avery"}


def test_only_shared_accounts_are_listed_and_without_balances(world: World, token: str) -> None:
    listed = world.fdx("/accounts", token).json["accounts"]

    assert [account["accountId"] for account in listed] == [
        "avery-checking",
        "avery-card",
        "avery-mortgage",
        "avery-old-savings",
    ]
    assert all("Balance" not in key for account in listed for key in account)


@pytest.mark.parametrize("path", ["", "/contact", "/payment-networks", "/transactions"])
def test_an_account_that_was_not_shared_is_not_found(world: World, token: str, path: str) -> None:
    answer = world.fdx(f"/accounts/avery-savings{path}", token)

    assert answer.status == 404
    assert read_error(answer.body).code == 701


@pytest.mark.parametrize(
    "path",
    ["/customers/current", "/accounts", "/accounts/avery-checking", "/accounts/avery-checking/transactions"],
)
def test_a_bad_token_is_challenged(world: World, path: str) -> None:
    answer = world.fdx(path, "guessed")

    assert answer.status == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert read_error(answer.body).code == 602


def test_no_token_is_challenged_without_an_error(world: World) -> None:
    answer = world.visitor().get(world.brand["base_url"] + "/accounts")

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="bank-oauth"'


def test_a_token_in_the_address_is_not_looked_at(world: World, token: str) -> None:
    answer = world.visitor().get(f"{world.brand['base_url']}/accounts?access_token={token}")

    assert answer.status == 401


def test_a_token_of_one_brand_opens_nothing_at_another(world: World, token: str) -> None:
    world.brand = {**world.brand, "base_url": world.brand["base_url"].replace("bank-oauth", "quillstone")}

    assert world.fdx("/accounts", token).status == 401


def test_a_scope_that_was_not_asked_for_is_missing(world: World) -> None:
    token = world.tokens("avery-checking", scope="fdx:accountdetailed:read")["access_token"]

    answer = world.fdx("/accounts/avery-checking/contact", token)

    assert world.fdx("/accounts", token).status == 200
    assert answer.status == 403
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_a_card_owes_a_positive_balance(world: World, token: str) -> None:
    card = world.fdx("/accounts/avery-card", token).json

    assert card["accountCategory"] == "LOC_ACCOUNT"
    assert card["currentBalance"] > 0
    assert card["availableCredit"] + card["currentBalance"] <= card["creditLine"]


def test_a_mortgage_has_a_principal_and_no_current_balance(world: World, token: str) -> None:
    mortgage = world.fdx("/accounts/avery-mortgage", token).json

    assert mortgage["principalBalance"] > 0
    assert "currentBalance" not in mortgage


@pytest.mark.parametrize(("path", "status"), [("", 200), ("/payment-networks", 409), ("/transactions", 409)])
def test_a_closed_account_is_named_and_nothing_more(world: World, token: str, path: str, status: int) -> None:
    answer = world.fdx(f"/accounts/avery-old-savings{path}", token)

    assert answer.status == status
    assert answer.json.get("status" if status == 200 else "code") == ("CLOSED" if status == 200 else 705)


def test_contact_lists_do_not_pair_up(world: World, token: str) -> None:
    contact = world.fdx("/accounts/avery-checking/contact", token).json

    assert [len(contact[name]) for name in ("holders", "emails", "telephones", "addresses")] == [2, 2, 3, 2]


def test_a_business_is_named_in_its_own_field(world: World) -> None:
    token = world.tokens("harborfinch-checking", person="harborfinch")["access_token"]

    (holder,) = world.fdx("/accounts/harborfinch-checking/contact", token).json["holders"]

    assert holder["businessCustomer"]["name"] == "Harbor & Finch Coffee LLC"
    assert "name" not in holder


@pytest.mark.parametrize(
    ("person", "account", "networks"),
    [
        ("avery", "avery-checking", ["US_ACH"]),
        ("avery", "avery-card", []),
        ("harborfinch", "harborfinch-cad", ["CA_ACSS"]),
    ],
)
def test_payment_networks_fit_the_account(
    world: World, person: str, account: str, networks: list[str]
) -> None:
    token = world.tokens(account, person=person)["access_token"]

    answer = world.fdx(f"/accounts/{account}/payment-networks", token).json

    assert [network["type"] for network in answer["paymentNetworks"]] == networks


def test_a_bank_may_hand_out_substitutes_for_account_numbers() -> None:
    world = make_world("copperfinch")
    token = world.tokens("avery-checking")["access_token"]

    (network,) = world.fdx("/accounts/avery-checking/payment-networks", token).json["paymentNetworks"]
    shown = world.fdx("/accounts/avery-checking", token).json["accountNumberDisplay"]

    assert network["identifierType"] == "TOKENIZED_ACCOUNT_NUMBER"
    assert not network["identifier"].endswith(shown)


def test_the_well_known_numbers_are_at_the_test_bank() -> None:
    world = make_world("test-oauth")
    chosen = ("avery-success", "avery-failure", "avery-insufficient-funds")
    token = world.tokens(*chosen)["access_token"]

    listed = world.fdx("/accounts", token).json["accounts"]
    (network,) = world.fdx("/accounts/avery-success/payment-networks", token).json["paymentNetworks"]

    assert [account["accountNumberDisplay"] for account in listed] == ["6789", "1116", "2227"]
    assert (network["bankId"], network["identifier"]) == ("110000000", "000123456789")


def test_without_dates_only_the_last_seven_days_are_shown(world: World, token: str) -> None:
    days = days_of(world.fdx("/accounts/avery-checking/transactions", token))

    assert days
    assert min(days) >= TODAY - timedelta(days=6)


def test_with_dates_half_a_year_is_shown(world: World, token: str) -> None:
    days = days_of(world.fdx(f"/accounts/avery-checking/transactions?{HALF_A_YEAR}", token))
    all_ids = walk(world, token, HALF_A_YEAR, 100)

    assert len(days) == 100
    assert len(all_ids) > 200


def test_dates_count_by_posting_and_both_ends_belong(world: World, token: str) -> None:
    first, last = date(2026, 8, 3), date(2026, 8, 9)

    days = days_of(
        world.fdx(f"/accounts/avery-checking/transactions?startDate={first}&endDate={last}", token)
    )

    assert min(days) == first
    assert max(days) <= last


@pytest.mark.parametrize(
    "query",
    [
        f"startDate={TODAY}",
        f"endDate={TODAY}",
        f"startDate={TODAY}&endDate={TODAY - timedelta(days=1)}",
        f"startDate={TODAY - timedelta(days=LOOKBACK_DAYS + 1)}&endDate={TODAY}",
        f"startDate=yesterday&endDate={TODAY}",
        f"startDate=&endDate={TODAY}",
        f"startTime={TODAY}",
    ],
)
def test_an_impossible_range_is_refused(world: World, token: str, query: str) -> None:
    answer = world.fdx(f"/accounts/avery-checking/transactions?{query}", token)

    assert answer.status == 400
    assert read_error(answer.body).code == 703


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_a_walk_yields_every_row_once_at_any_page_size(world: World, token: str, limit: int) -> None:
    query = f"startDate={TODAY - timedelta(days=20)}&endDate={TODAY}"

    ids = walk(world, token, query, limit)

    assert len(ids) > 20
    assert len(ids) == len(set(ids))
    assert ids == walk(world, token, query, 50)


def test_a_page_that_is_just_full_is_the_last(world: World, token: str) -> None:
    query = f"startDate={TODAY - timedelta(days=20)}&endDate={TODAY}"
    count = len(walk(world, token, query, 100))

    page = world.fdx(f"/accounts/avery-checking/transactions?{query}&limit={count}", token).json

    assert len(page["transactions"]) == count
    assert page["page"] == {}


def test_new_rows_between_two_pages_disturb_nothing(world: World, token: str) -> None:
    query = f"startDate={TODAY - timedelta(days=60)}&endDate={TODAY}"
    before = walk(world, token, query, 100)
    first = read_transactions(
        world.fdx(f"/accounts/avery-checking/transactions?{query}&limit=20", token).body
    )
    assert first.page.next_page_key is not None
    world.clock.seconds += 600

    rest = world.fdx(
        f"/accounts/avery-checking/transactions?{query}&limit=20&pageKey={first.page.next_page_key}", token
    )

    ids = [row.transaction_id for row in read_transactions(rest.body).transactions]
    assert ids == before[20:40]


def test_accounts_are_paged_too(world: World, token: str) -> None:
    first = read_accounts(world.fdx("/accounts?limit=3", token).body)
    second = read_accounts(world.fdx(f"/accounts?limit=3&pageKey={first.page.next_page_key}", token).body)

    assert [len(first.accounts), len(second.accounts)] == [3, 1]
    assert second.page.next_query is None


@pytest.mark.parametrize(
    "query", ["pageKey=unknown", "pageKey=%ff", "limit=0", "limit=-1", "limit=x", "limit="]
)
def test_an_unknown_page_is_refused(world: World, token: str, query: str) -> None:
    answer = world.fdx(f"/accounts?{query}", token)

    assert answer.status in {400, 404}
    assert read_error(answer.body).code == 601


def test_a_limit_above_the_most_is_the_most(world: World, token: str) -> None:
    answer = world.fdx(f"/accounts/avery-checking/transactions?{HALF_A_YEAR}&limit=99999999999", token)

    assert len(answer.json["transactions"]) == 100


def test_the_version_in_the_address_counts(world: World, token: str) -> None:
    world.brand = {**world.brand, "base_url": world.brand["base_url"].replace("v6", "v5")}

    assert read_error(world.fdx("/accounts", token).body).code == 601


def test_an_unknown_brand_is_not_found(world: World) -> None:
    assert world.visitor().get("https://bank.test/nobody/sign-in").status == 404


class TestVersion5:
    """The brand that speaks the older standard."""

    def test_accounts_are_wrapped_and_paged_by_offset(self, old_world: World) -> None:
        token = old_world.tokens("avery-checking", "avery-card")["access_token"]

        page: dict[str, Any] = old_world.fdx("/accounts?limit=1", token).json

        assert list(page["accounts"][0]) == ["depositAccount"]
        assert list(page["page"]) == ["nextOffset"]
        rest = old_world.fdx(f"/accounts?limit=1&offset={page['page']['nextOffset']}", token)
        assert read_accounts(rest.body).accounts[0].account_id == "avery-card"

    def test_an_account_reads_as_in_version_6(self, old_world: World) -> None:
        token = old_world.tokens("avery-mortgage")["access_token"]

        mortgage = read_account(old_world.fdx("/accounts/avery-mortgage", token).body)

        assert mortgage.account_category == "LOAN_ACCOUNT"

    def test_only_the_names_with_time_are_dates(self, old_world: World) -> None:
        token = old_world.tokens("avery-checking")["access_token"]
        start = TODAY - timedelta(days=90)

        by_time = old_world.fdx(
            f"/accounts/avery-checking/transactions?startTime={start}&endTime={TODAY}", token
        )
        by_date = old_world.fdx(
            f"/accounts/avery-checking/transactions?startDate={start}&endDate={TODAY}", token
        )

        assert min(days_of(by_time)) < TODAY - timedelta(days=60)
        assert min(days_of(by_date)) >= TODAY - timedelta(days=6)
