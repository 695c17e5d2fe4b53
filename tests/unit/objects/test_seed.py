"""The Session of 2022-05 is the Session of today."""

import msgspec
import pytest

from linkspan.objects import (
    Account,
    AccountHolder,
    AccountOwnership,
    DecodeError,
    Filters,
    List,
    Session,
    decode,
    decode_as,
)
from tests.unit.objects.samples import sample

DOCUMENTED_IN_2022 = (
    "id",
    "object",
    "account_holder",
    "accounts",
    "client_secret",
    "filters",
    "livemode",
    "permissions",
    "return_url",
)


def test_the_sample_is_a_session() -> None:
    read = decode(sample("session_2022-05"))

    assert read == Session(
        id="fcsess_1LE8to2eZvKYlo2CeCL5ftCO",
        account_holder=AccountHolder(type="account", account="acct_1KdUF8RhmIBPIfCO"),
        accounts=List(data=(), has_more=False, url="/v1/financial_connections/accounts"),
        client_secret="fcsess_client_secret_PZri8EdhlStQTdnecntKdjnx",
        filters=Filters(country="US"),
        livemode=False,
        permissions=("ownership", "payment_method"),
    )
    assert read.object == "financial_connections.session"
    assert read.livemode is False


@pytest.mark.parametrize("name", DOCUMENTED_IN_2022)
@pytest.mark.parametrize("spelling", ["session_2022-05", "session_today"])
def test_every_documented_method_is_an_attribute(name: str, spelling: str) -> None:
    assert hasattr(decode(sample(spelling)), name)


def test_the_countries_of_a_filter_are_read_from_either_spelling() -> None:
    then = decode_as(sample("session_2022-05"), Session)
    today = decode_as(sample("session_today"), Session)

    assert isinstance(then.filters, Filters)
    assert isinstance(today.filters, Filters)
    assert then.filters.country == today.filters.country == "US"
    assert then.filters.countries == today.filters.countries == ("US",)


def test_a_filter_without_country_has_no_countries() -> None:
    assert Filters().countries == ()


def test_a_filter_without_country_is_written_without_one_in_both_spellings() -> None:
    filters = Filters(account_subcategories=("checking",))

    assert filters.to_dict() == filters.to_dict(dialect="2022-05") == {"account_subcategories": ["checking"]}


@pytest.mark.parametrize("name", ["session", "account"])
def test_both_spellings_are_written_back_in_full(name: str) -> None:
    then, today = sample(f"{name}_2022-05"), sample(f"{name}_today")

    # A second pass through text and back makes numbers of the numbers written as text.
    assert msgspec.json.decode(
        msgspec.json.encode(decode(then).to_dict(dialect="2022-05")), strict=False
    ) == _with_numbers(then)
    assert decode(today).to_dict() == today
    assert type(decode(then)) is type(decode(today))


def _with_numbers(value: object) -> object:
    """Return a sample with the timestamps and amounts that Perl wrote as text as numbers."""
    if isinstance(value, dict):
        kept = {"last4"}
        return {key: item if key in kept else _with_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_numbers(item) for item in value]
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def test_the_sample_of_2022_can_be_written_in_todays_spelling() -> None:
    written = decode(sample("session_2022-05")).to_dict()

    assert written == {
        "id": "fcsess_1LE8to2eZvKYlo2CeCL5ftCO",
        "object": "financial_connections.session",
        "account_holder": {"account": "acct_1KdUF8RhmIBPIfCO", "type": "account"},
        "accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": "/v1/financial_connections/accounts",
        },
        "client_secret": "fcsess_client_secret_PZri8EdhlStQTdnecntKdjnx",
        "filters": {"country": "US"},
        "livemode": False,
        "permissions": ["ownership", "payment_method"],
    }


def test_todays_session_can_be_written_in_the_spelling_of_2022() -> None:
    session = decode(sample("session_today"))

    written = session.to_dict(dialect="2022-05")

    assert written["object"] == "link_account_session"
    assert written["accountholder"] == {"account": "acct_1Q9cC2L8zK3vYw7R", "type": "account"}
    assert written["linked_accounts"]["url"] == "/v1/linked_accounts"
    assert written["filters"]["countries"] == ["US"]
    assert not {"account_holder", "accounts", "country"} & {*written, *written["filters"]}
    assert decode(written) == session


@pytest.mark.parametrize(
    ("then", "today"),
    [
        ("/v1/linked_accounts", "/v1/financial_connections/accounts"),
        ("/v1/linked_accounts?session=fcsess_1", "/v1/financial_connections/accounts?session=fcsess_1"),
        ("/v1/linked_accounts/fca_1/owners", "/v1/financial_connections/accounts/fca_1/owners"),
        ("/v1/link_account_sessions", "/v1/financial_connections/sessions"),
        ("/v1/linked_accounts_of_others", "/v1/linked_accounts_of_others"),
        ("/v1/financial_connections/transactions", "/v1/financial_connections/transactions"),
    ],
)
def test_a_list_that_only_its_address_dates_is_read_as_one_of_today(then: str, today: str) -> None:
    document = {"object": "list", "data": [], "has_more": 0, "url": then}
    if then == today:
        document["has_more"] = False

    read = decode(document)

    assert read.to_dict() == {**document, "url": today}
    assert read.to_dict(dialect="2022-05") == document


def test_numbers_written_as_text_are_read_in_the_spelling_of_2022() -> None:
    account = decode_as(sample("account_2022-05"), Account)

    assert account.created == 1655769999
    assert account.last4 == "6789"
    assert account.balance is not None
    assert account.balance.current == {"usd": 123450}
    assert isinstance(account.ownership, AccountOwnership)
    assert account.ownership.owners.data[0].object == "financial_connections.account_owner"
    assert account.ownership.owners.url.startswith("/v1/financial_connections/accounts/fca_")


def test_numbers_written_as_text_are_refused_in_todays_spelling() -> None:
    with pytest.raises(DecodeError) as refused:
        decode({**sample("account_today"), "created": "1655769999"})

    assert refused.value.path == "created"


def test_a_holder_under_both_names_is_one_holder() -> None:
    document = sample("session_2022-05")
    document["account_holder"] = document["accountholder"]

    assert decode(document) == decode(sample("session_2022-05"))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"account_holder": {"type": "customer"}}, ""),
        ({"filters": {"country": "CA", "countries": ["US"]}}, "filters"),
        ({"filters": {"countries": "US"}}, "filters"),
        ({"filters": {"countries": [1]}}, "filters"),
    ],
)
def test_spellings_that_contradict_each_other_are_refused(changes: dict[str, object], path: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode({**sample("session_2022-05"), **changes})

    assert refused.value.path == path


def test_an_unknown_dialect_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="dialect: '2021' is not one of 2022-05"):
        decode(sample("session_today")).to_dict(dialect="2021")  # type: ignore[arg-type]  # the mistake meant
