"""Documents in the shape of FDX examples that others have published.

The field names, nesting, spelling and extra members are those of Akoya's SDK
examples (FDX 5), WSO2's Open Banking guide and a public mock of Q2's (FDX 6);
names and values are ours. They keep this family honest beside the demonstration
bank, which shares its reader with us.
"""

import json
from typing import Any

from linkspan.objects import FrozenMap
from linkspan.server.connectors.fdx.mapping import (
    balance_from_fdx,
    display_name_from_fdx,
    is_open_from_fdx,
    kind_from_fdx,
    last4_from_fdx,
    numbers_from_fdx,
    owners_from_fdx,
    transaction_from_fdx,
)
from linkspan.server.core.found import FoundOwner
from linkspan.standards.fdx import (
    Account,
    read_account,
    read_accounts,
    read_contact,
    read_payment_networks,
    read_transactions,
)

NOW = 1_790_000_000.0

WRAPPED_LIST = {
    "accounts": [
        {
            "investmentAccount": {
                "accountId": "700000001",
                "accountType": "College Savings",
                "balanceType": "ASSET",
                "currency": {"currencyCode": "USD"},
                "nickname": "For school",
            }
        },
        {
            "depositAccount": {
                "accountId": "g0000000000000000000000001",
                "accountNumberDisplay": "xxxxxxxx0071",
                "accountType": "CHECKING",
                "balanceType": "ASSET",
                "currency": {"currencyCode": "USD", "currencyRate": 1, "originalCurrencyCode": "USD"},
                "description": "Checking Plus",
                "fiAttributes": [{"name": "accountOpenedDate", "value": "2020-04-23"}],
                "interestRate": 0.0125,
                "interestRateAsOf": "2022-04-24T14:15:22Z",
                "lineOfBusiness": "Personal",
                "productName": "Checking Plus",
                "status": "OPEN",
                "transferIn": True,
                "transferOut": True,
            }
        },
    ]
}
WRAPPED_CARD = {
    "locAccount": {
        "accountId": "b00000000000000000000000000000000000001",
        "accountType": "CREDITCARD",
        "accountNumber": "xxxxxxxx1000",
        "accountNumberDisplay": "Some Bank Rewards Card - 1000",
        "productName": "Rewards Card",
        "status": "OPEN",
        "currency": {"currencyCode": "USD"},
        "balanceType": "LIABILITY",
        "transactionsIncluded": False,
        "balanceAsOf": "2024-07-27T02:47:29.602+00:00",
        "creditLine": 5000,
        "availableCredit": 4000,
        "nextPaymentAmount": 1000,
        "nextPaymentDate": "2024-08-15T00:00:00.000Z",
        "currentBalance": 1000,
    }
}
FLAT_LIST = {
    "page": {"nextOffset": "2", "totalElements": 3},
    "links": {"next": {"href": "/accounts?offSet=2&limit=10"}},
    "accounts": [
        {
            "accountCategory": "DEPOSIT_ACCOUNT",
            "accountId": "30080000000001",
            "accountType": "CHECKING",
            "accountNumberDisplay": "xxxx4443",
            "nickname": "My Checking Acc xxxx4443",
            "status": "OPEN",
            "balanceType": "ASSET",
            "currency": {"currencyCode": "USD"},
            "balanceAsOf": "2017-11-05T13:15:30.751Z",
            "currentBalance": 332.22,
            "openingDayBalance": 100.0,
            "availableBalance": 332.22,
        },
        {
            "accountCategory": "LOAN_ACCOUNT",
            "accountId": "abc1",
            "accountType": "MORTGAGE",
            "accountNumber": "1323222123",
            "accountNumberDisplay": "******2123",
            "productName": "Mortgage",
            "status": "PAID",
            "parentAccountId": "91da",
        },
        {
            "accountCategory": "ANNUITY_ACCOUNT",
            "accountId": "an5",
            "accountType": "ANNUITY",
            "accountNumberDisplay": "******2123",
            "status": "OPEN",
        },
    ],
}
FLAT_CONTACT = {
    "emails": ["person@mail.example"],
    "addresses": [
        {
            "line1": "829 Spring St.",
            "city": "Springfield",
            "region": "NY",
            "postalCode": "10040",
            "country": "US",
        }
    ],
    "telephones": [
        {"type": "CELL", "country": "1", "number": "555-916-5097"},
        {"type": "HOME", "country": "1", "number": "555-670-0862"},
    ],
    "holders": [
        {
            "emails": ["other@mail.example"],
            "telephones": [{"type": "HOME", "country": "US", "number": "5556565565"}],
            "customerId": "49",
            "type": "CONSUMER",
            "name": {
                "first": "Joan",
                "middle": "M",
                "last": "Dow",
                "suffix": "Sr",
                "prefix": "Ms",
                "company": "Abc",
            },
            "relationship": "PRIMARY",
        }
    ],
}
FLAT_TRANSACTION = {
    "accountCategory": "DEPOSIT_ACCOUNT",
    "accountId": "9",
    "transactionId": "Q2T1",
    "referenceTransactionId": "Q2RT1",
    "postedTimestamp": "2024-06-15T23:51:59Z",
    "transactionTimestamp": "2024-06-15T09:46:29Z",
    "description": "debit test",
    "memo": "note247",
    "debitCreditMemo": "DEBIT",
    "category": "SIC",
    "subCategory": "Online shopping",
    "reference": "R8",
    "status": "AUTHORIZATION",
    "amount": 4572,
    "transactionType": "ADJUSTMENT",
    "payee": "payee247",
    "checkNumber": 60671777801,
}
NETWORKS = {
    "page": {"totalElements": 1},
    "paymentNetworks": [
        {
            "bankId": "123456780",
            "identifier": "482910375526",
            "identifierType": "TOKENIZED_ACCOUNT_NUMBER",
            "type": "US_ACH",
            "transferIn": True,
            "transferOut": True,
        }
    ],
}


def data(document: object) -> bytes:
    return json.dumps(document).encode()


def summary(account: Account) -> tuple[Any, ...]:
    return (
        *kind_from_fdx(account),
        display_name_from_fdx(account),
        last4_from_fdx(account),
        is_open_from_fdx(account),
    )


def test_a_wrapped_list_is_read() -> None:
    assert [summary(account) for account in read_accounts(data(WRAPPED_LIST)).accounts] == [
        ("investment", "other", "For school", None, True),
        ("cash", "checking", "Checking Plus", "0071", True),
    ]


def test_a_wrapped_card_is_read() -> None:
    card = read_account(data(WRAPPED_CARD))

    balance = balance_from_fdx(card, now=NOW)
    assert summary(card) == ("credit", "credit_card", "Rewards Card", None, True)
    assert balance is not None
    assert (balance.as_of, balance.current) == (1_722_048_449, FrozenMap({"usd": -100_000}))


def test_a_flat_list_is_read() -> None:
    found = read_accounts(data(FLAT_LIST))

    assert found.page.next_query == ("offset", "2")
    assert [summary(account) for account in found.accounts] == [
        ("cash", "checking", "My Checking Acc xxxx4443", "4443", True),
        ("credit", "mortgage", "Mortgage", "2123", False),
        ("investment", "other", None, "2123", True),
    ]


def test_a_contact_with_more_than_we_read_is_read() -> None:
    assert owners_from_fdx(read_contact(data(FLAT_CONTACT))) == (
        FoundOwner(
            name="Ms Joan M Dow Sr",
            email="person@mail.example",
            phone="+1 555-916-5097",
            raw_address="829 Spring St., Springfield, NY 10040, US",
        ),
    )


def test_a_movement_with_more_than_we_read_is_read() -> None:
    (row,) = read_transactions(data({"transactions": [FLAT_TRANSACTION]})).transactions

    found = transaction_from_fdx(row, currency="USD")

    assert found is not None
    assert (found.amount, found.status, found.replaces_source_id) == (-457_200, "pending", "Q2RT1")


def test_a_stand_in_for_an_account_number_is_read() -> None:
    (number,) = numbers_from_fdx(read_payment_networks(data(NETWORKS)).payment_networks)

    assert (number.routing_number, number.account_number, number.tokenized) == (
        "123456780",
        "482910375526",
        True,
    )
