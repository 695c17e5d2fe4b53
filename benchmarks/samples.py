"""Objects to measure with: believable, and the same each time."""

from linkspan.objects import (
    Account,
    AccountHolder,
    AccountNumber,
    AccountOwner,
    AccountOwnership,
    Balance,
    BalanceRefresh,
    CashBalance,
    FrozenMap,
    List,
    StatusTransitions,
    Transaction,
    encode,
)

PAGE_LENGTH = 100
_NOW = 1_790_000_000


def account(number: int = 0) -> Account:
    """Return one linked checking account with its balance."""
    return Account(
        id=f"fca_1Q9cC2L8zK3vYw7RkN{number:06}",
        account_holder=AccountHolder(type="customer", customer="cus_1Q9cC2L8zK3vYw7RkN5tHb2M"),
        account_numbers=(
            AccountNumber(
                expected_expiry_date=None,
                identifier_type="tokenized_account_number",
                status="transactable",
                supported_networks=("ach",),
            ),
        ),
        balance=Balance(
            as_of=_NOW,
            cash=CashBalance(available=FrozenMap({"usd": 120_050})),
            current=FrozenMap({"usd": 123_450}),
            type="cash",
        ),
        balance_refresh=BalanceRefresh(
            last_attempted_at=_NOW, next_refresh_available_at=_NOW + 3_600, status="succeeded"
        ),
        category="cash",
        created=_NOW,
        display_name="Everyday Checking",
        institution_name="Harbor Bank",
        last4="6789",
        livemode=False,
        ownership=None,
        ownership_refresh=None,
        permissions=("balances", "ownership", "payment_method", "transactions"),
        status="active",
        subcategory="checking",
        subscriptions=(),
        supported_payment_method_types=("us_bank_account", "link"),
        transaction_refresh=None,
    )


def transaction(number: int) -> Transaction:
    """Return one posted transaction."""
    at = _NOW - number * 7_200
    return Transaction(
        id=f"fctxn_1Q9cC2L8zK3vYw7RkN{number:06}",
        account="fca_1Q9cC2L8zK3vYw7RkN5tHb2M",
        amount=-1_250 - number,
        currency="usd",
        description=f"CORNER MARKET {number:04} PORTLAND OR",
        livemode=False,
        status="posted",
        status_transitions=StatusTransitions(posted_at=at + 3_600, void_at=None),
        transacted_at=at,
        transaction_refresh="fctxnref_1Q9cC2L8zK3vYw7RkN5tHb2M",
        updated=at + 3_600,
    )


def ownership(ownership_id: str) -> AccountOwnership:
    """Return what is known of the two owners of an account."""
    owners = tuple(
        AccountOwner(
            id=f"fcaown_1Q9cC2L8zK3vYw7RkN{number:06}",
            email=f"{name.lower()}@example.com",
            name=f"{name} Lovelace",
            ownership=ownership_id,
            phone="+1 555 0100",
            raw_address="12 Harbor Street, Portland OR 97201",
            refreshed_at=_NOW,
        )
        for number, name in enumerate(("Ada", "Annabella"))
    )
    url = f"/v1/financial_connections/accounts/{account().id}/owners?ownership={ownership_id}"
    return AccountOwnership(id=ownership_id, created=_NOW, owners=List(data=owners, has_more=False, url=url))


def page_of_transactions() -> bytes:
    """Return a full page of a list of transactions as a server sends it."""
    data = tuple(transaction(number) for number in range(PAGE_LENGTH))
    return encode(List(data=data, has_more=False, url="/v1/financial_connections/transactions"))


def page_of_accounts() -> bytes:
    """Return a full page of a list of accounts as a server sends it."""
    data = tuple(account(number) for number in range(PAGE_LENGTH))
    return encode(List(data=data, has_more=False, url="/v1/financial_connections/accounts"))
