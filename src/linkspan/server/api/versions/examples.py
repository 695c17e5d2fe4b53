"""One of each object with every field filled in, to show what a version changed."""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from linkspan.objects import (
    Account,
    AccountHolder,
    AccountNumber,
    AccountOwner,
    AccountOwnership,
    Balance,
    BalanceRefresh,
    BankAccount,
    BillingDetails,
    CashBalance,
    Customer,
    Filters,
    Hosted,
    InferredBalancesRefresh,
    IntentBankAccountOptions,
    IntentError,
    IntentFilters,
    IntentFinancialConnections,
    IntentOptions,
    Limits,
    List,
    ManualEntry,
    NextAction,
    OwnershipRefresh,
    PaymentIntent,
    PaymentMethod,
    RelinkOptions,
    RelinkResult,
    Session,
    SessionStatusDetails,
    SetupIntent,
    StatusDetails,
    StatusDetailsActive,
    StatusTransitions,
    Token,
    Transaction,
    TransactionRefresh,
    UsBankAccount,
    UsBankAccountStatusDetails,
    VerifyWithMicrodeposits,
    encode,
)
from linkspan.objects.frozen_map import FrozenMap

# 21 September 2026, and how long a day and 180 of them are.
_AT: Final = 1_790_000_000
_DAY: Final = 86_400
_HALF_A_YEAR: Final = 180 * _DAY

_ACCOUNTS: Final = "/v1/financial_connections/accounts"
_FROM: Final = "fca_1TqVXyAbCdEfGhIjKlMnOpQr"
_OWNERSHIP: Final = "fcaowns_1TqVXyAbCdEfGhIjKlMnOp"
_REFRESH: Final = "fctxnref_1TqVXyAbCdEfGhIjKlMnO"
_HOLDER: Final = AccountHolder(
    type="customer", customer="cus_TqVXyAbCdEfGhI", customer_account="acct_1TqVXyAbCdEfGhIj"
)

_TOKEN: Final = Token(
    id="btok_1TqVXyAbCdEfGhIjKlMnOpQr",
    bank_account=BankAccount(
        id="ba_1TqVXyAbCdEfGhIjKlMnOpQr",
        account_holder_name="Jenny Rosen",
        account_holder_type="individual",
        account_type="checking",
        bank_name="Quillstone",
        country="US",
        currency="usd",
        fingerprint="AbCdEfGhIjKlMnOp",
        last4="6789",
        routing_number="110000000",
        status="new",
    ),
    client_ip="203.0.113.7",
    created=_AT,
    livemode=False,
    type="bank_account",
    used=False,
)
_FILTERS: Final = Filters(
    account_subcategories=("checking", "savings"), country="US", require_payment_method_support="none"
)
_SESSION: Final = Session(
    id="fcsess_1TqVXyAbCdEfGhIjKlMnOpQr",
    account_holder=_HOLDER,
    accounts=List(data=(), has_more=False, url=_ACCOUNTS),
    bank_account_token=_TOKEN,
    client_secret="fcsess_client_secret_AbCdEfGhIjKlMnOpQrStUvWx",  # noqa: S106 - of no Session
    filters=_FILTERS,
    limits=Limits(accounts=1),
    livemode=False,
    manual_entry=ManualEntry(mode="disabled"),
    permissions=("balances", "ownership", "transactions"),
    prefetch=("balances",),
    return_url="https://example.com/linked",
)
_STATUS_DETAILS: Final = StatusDetails(
    active=StatusDetailsActive(
        action="relink_required", cause="access_expired", expected_deactivation_date=_AT + _HALF_A_YEAR
    )
)
_ACCOUNT: Final = Account(
    id=_FROM,
    account_holder=_HOLDER,
    account_numbers=(
        AccountNumber(
            expected_expiry_date=None,
            identifier_type="account_number",
            status="transactable",
            supported_networks=("ach",),
        ),
    ),
    balance=Balance(
        as_of=_AT,
        cash=CashBalance(available=FrozenMap({"usd": 118_250})),
        current=FrozenMap({"usd": 120_000}),
        type="cash",
    ),
    balance_refresh=BalanceRefresh(
        last_attempted_at=_AT, next_refresh_available_at=_AT + _DAY, status="succeeded"
    ),
    category="cash",
    created=_AT,
    display_name="Everyday Checking",
    institution_name="Quillstone",
    last4="6789",
    livemode=False,
    ownership=_OWNERSHIP,
    ownership_refresh=OwnershipRefresh(
        last_attempted_at=_AT, next_refresh_available_at=_AT + _DAY, status="succeeded"
    ),
    permissions=("balances", "ownership", "transactions"),
    status="active",
    status_details=_STATUS_DETAILS,
    subcategory="checking",
    subscriptions=("transactions",),
    supported_payment_method_types=("us_bank_account", "link"),
    transaction_refresh=TransactionRefresh(
        id=_REFRESH, last_attempted_at=_AT, next_refresh_available_at=_AT + _DAY, status="succeeded"
    ),
)
_OWNERS: Final = AccountOwnership(
    id=_OWNERSHIP,
    created=_AT,
    owners=List(
        data=(
            AccountOwner(
                id="fcaown_1TqVXyAbCdEfGhIjKlMnOpQ",
                email="robin@example.com",
                name="Robin Park",
                ownership=_OWNERSHIP,
                phone="+1 555 0100",
                raw_address="1 Quay Street, Harbor, WA 98000",
                refreshed_at=_AT,
            ),
        ),
        has_more=False,
        url=f"{_ACCOUNTS}/{_FROM}/owners?ownership={_OWNERSHIP}",
    ),
)
_TRANSACTION: Final = Transaction(
    id="fctxn_1TqVXyAbCdEfGhIjKlMnOpQr",
    account=_FROM,
    amount=-1_250,
    currency="usd",
    description="Ferry ticket",
    livemode=False,
    status="posted",
    status_transitions=StatusTransitions(posted_at=_AT, void_at=None),
    transacted_at=_AT,
    transaction_refresh=_REFRESH,
    updated=_AT,
)
_CUSTOMER: Final = Customer(
    id="cus_TqVXyAbCdEfGhI",
    address=None,
    balance=0,
    created=_AT,
    currency=None,
    default_source=None,
    delinquent=False,
    description=None,
    email="robin@example.com",
    invoice_settings=FrozenMap({"default_payment_method": None, "footer": None}),
    livemode=False,
    metadata=FrozenMap({}),
    name="Robin Park",
    phone=None,
    shipping=None,
)

_PAYMENT_METHOD: Final = PaymentMethod(
    id="pm_1TqVXyAbCdEfGhIjKlMnOpQr",
    allow_redisplay="unspecified",
    billing_details=BillingDetails(
        address=None, email="robin@example.com", name="Robin Park", phone=None, tax_id=None
    ),
    created=_AT,
    customer="cus_TqVXyAbCdEfGhI",
    customer_account=None,
    livemode=False,
    metadata=FrozenMap({}),
    type="us_bank_account",
    us_bank_account=UsBankAccount(
        account_holder_type="individual",
        account_type="checking",
        bank_name="Quillstone",
        financial_connections_account=_FROM,
        fingerprint="AbCdEfGhIjKlMnOp",
        last4="6789",
        networks=None,
        routing_number="110000000",
        status_details=UsBankAccountStatusDetails(blocked=None),
    ),
)

_OPTIONS: Final = IntentOptions(
    us_bank_account=IntentBankAccountOptions(
        financial_connections=IntentFinancialConnections(
            filters=IntentFilters(account_subcategories=("checking",)),
            permissions=("payment_method",),
            prefetch=("balances",),
            return_url="https://example.com/linked",
        ),
        verification_method="automatic",
    )
)
_DEPOSITS: Final = NextAction(
    type="verify_with_microdeposits",
    verify_with_microdeposits=VerifyWithMicrodeposits(
        arrival_date=_AT + 2 * _DAY,
        hosted_verification_url="https://example.com/link/deposits/AbCdEfGhIjKlMnOp",
        microdeposit_type="descriptor_code",
    ),
)
_FAILED: Final = IntentError(
    type="invalid_request_error",
    code="payment_method_microdeposit_verification_attempts_exceeded",
    message="You have exceeded the number of allowed verification attempts.",
    payment_method=_PAYMENT_METHOD,
)
_SETUP_INTENT: Final = SetupIntent(
    id="seti_1TqVXyAbCdEfGhIjKlMnOpQr",
    allowed_payment_method_types=("us_bank_account",),
    application=None,
    automatic_payment_methods=None,
    cancellation_reason=None,
    client_secret="seti_1TqVXyAbCdEfGhIjKlMnOpQr_secret_AbCdEfGhIjKlMnOpQrStUvWx",  # noqa: S106 - of no intent
    created=_AT,
    customer=_CUSTOMER.id,
    customer_account=None,
    description=None,
    excluded_payment_method_types=None,
    flow_directions=None,
    last_setup_error=_FAILED,
    latest_attempt=None,
    livemode=False,
    mandate=None,
    metadata=FrozenMap({}),
    next_action=_DEPOSITS,
    on_behalf_of=None,
    payment_method=_PAYMENT_METHOD.id,
    payment_method_configuration_details=None,
    payment_method_options=_OPTIONS,
    payment_method_types=("us_bank_account",),
    single_use_mandate=None,
    status="requires_action",
    usage="off_session",
)
_PAYMENT_INTENT: Final = PaymentIntent(
    id="pi_1TqVXyAbCdEfGhIjKlMnOpQr",
    allowed_payment_method_types=("us_bank_account",),
    amount=5_000,
    amount_capturable=0,
    amount_received=0,
    application=None,
    application_fee_amount=None,
    automatic_payment_methods=None,
    canceled_at=None,
    cancellation_reason=None,
    capture_method="automatic_async",
    client_secret="pi_1TqVXyAbCdEfGhIjKlMnOpQr_secret_AbCdEfGhIjKlMnOpQrStUvWx",  # noqa: S106 - of no intent
    confirmation_method="automatic",
    created=_AT,
    currency="usd",
    customer=_CUSTOMER.id,
    customer_account=None,
    description="A month of rides",
    excluded_payment_method_types=None,
    last_payment_error=_FAILED,
    latest_charge=None,
    managed_payments=None,
    payment_record=None,
    livemode=False,
    metadata=FrozenMap({}),
    next_action=_DEPOSITS,
    on_behalf_of=None,
    payment_method=_PAYMENT_METHOD.id,
    payment_method_configuration_details=None,
    payment_method_options=_OPTIONS,
    payment_method_types=("us_bank_account",),
    processing=None,
    receipt_email=None,
    review=None,
    setup_future_usage=None,
    shipping=None,
    source=None,
    statement_descriptor=None,
    statement_descriptor_suffix=None,
    status="requires_action",
    transfer_data=None,
    transfer_group=None,
)

EXAMPLES: Final[Mapping[str, bytes]] = {
    "Session": encode(_SESSION),
    "Account": encode(_ACCOUNT),
    "AccountOwnership": encode(_OWNERS),
    "Transaction": encode(_TRANSACTION),
    "Customer": encode(_CUSTOMER),
    "PaymentIntent": encode(_PAYMENT_INTENT),
    "PaymentMethod": encode(_PAYMENT_METHOD),
    "SetupIntent": encode(_SETUP_INTENT),
    "List of Accounts": encode(List[Account](data=(), has_more=False, url=_ACCOUNTS)),
}
"""Wire JSON of the newest version, under the name people call it by."""

_AUTHORIZATION: Final = "fcauth_1TqVXyAbCdEfGhIjKlMnOp"
_INSTITUTION: Final = "fcinst_quillstone"

PREVIEWED: Final[Mapping[str, bytes]] = {
    **EXAMPLES,
    "Session": encode(
        replace(
            _SESSION,
            filters=replace(_FILTERS, institution=_INSTITUTION),
            hosted=Hosted(delivery_method="url", return_url="https://example.com/linked"),
            relink_options=RelinkOptions(account=_FROM, authorization=_AUTHORIZATION),
            relink_result=RelinkResult(account=_FROM, authorization=_AUTHORIZATION, failure_reason=None),
            status="succeeded",
            status_details=SessionStatusDetails(),
            ui_mode="hosted",
            url=None,
        )
    ),
    "Account": encode(
        replace(
            _ACCOUNT,
            authorization=_AUTHORIZATION,
            inferred_balances_refresh=InferredBalancesRefresh(
                last_attempted_at=_AT, next_refresh_available_at=_AT + _DAY, status="succeeded"
            ),
            institution=_INSTITUTION,
            status_details=replace(_STATUS_DETAILS, inactive=None),
        )
    ),
}
"""The same in the newest preview version, where it says more."""
