"""An answer of each method, as its version writes it."""

from collections.abc import Mapping
from typing import Any, Final, get_args

import msgspec

from linkspan.objects import (
    Account,
    AccountInferredBalance,
    AccountOwnership,
    Authorization,
    AuthorizationStatusDetails,
    BillingDetails,
    ConnectedAccount,
    DeletedCustomer,
    DeletedEventDestination,
    DeletedWebhookEndpoint,
    DeliveryAttempt,
    Event,
    EventData,
    EventDestination,
    EventDestinationWebhook,
    EventRequest,
    FrozenMap,
    Institution,
    InstitutionFeature,
    InstitutionFeatures,
    PaymentMethod,
    RelatedObject,
    Session,
    ThinEvent,
    UsBankAccount,
    UsBankAccountNetworks,
    WebhookEndpoint,
    decode_as,
    encode,
)
from linkspan.server.api import versions
from linkspan.server.api.description.answers import name_of
from linkspan.server.api.description.requests import is_list
from linkspan.server.api.lists import envelope
from linkspan.server.api.routing import Route
from linkspan.server.api.versions.examples import EXAMPLES, PREVIEWED

_account: Final = decode_as(EXAMPLES["Account"], Account)
_session: Final = decode_as(PREVIEWED["Session"], Session)
_ownership: Final = decode_as(EXAMPLES["AccountOwnership"], AccountOwnership)
_SUPPORTED: Final = InstitutionFeature(supported=True)
_CUSTOMER: Final = "cus_TqVXyAbCdEfGhI"
_DESTINATION: Final = "ed_1TqVXyAbCdEfGhIjKlMnOpQr"
_ENDPOINT: Final = "we_1TqVXyAbCdEfGhIjKlMnOpQr"
_INSTITUTION: Final = "fcinst_quillstone"

_MORE: Final = (
    Authorization(
        id="fcauth_1TqVXyAbCdEfGhIjKlMnOp",
        account_holder=_account.account_holder,
        institution=_INSTITUTION,
        institution_name=_account.institution_name,
        livemode=False,
        status="active",
        status_details=AuthorizationStatusDetails(),
    ),
    ConnectedAccount(
        id="acct_1TqVXyAbCdEfGhIj",
        business_type="company",
        capabilities=FrozenMap({"transfers": "active"}),
        charges_enabled=True,
        country="US",
        created=_account.created,
        default_currency="usd",
        details_submitted=True,
        email="books@example.com",
        metadata=FrozenMap({}),
        payouts_enabled=True,
        type="custom",
    ),
    AccountInferredBalance(
        id="fcinfbal_1TqVXyAbCdEfGhIjKlMn", as_of=_account.created, current=FrozenMap({"usd": 120_000})
    ),
    DeletedCustomer(id=_CUSTOMER, deleted=True),
    DeletedEventDestination(id=_DESTINATION),
    DeletedWebhookEndpoint(id=_ENDPOINT, deleted=True),
    DeliveryAttempt(
        id="whatt_1TqVXyAbCdEfGhIjKlMnOpQr",
        answer="ok",
        created=_account.created,
        event="evt_1TqVXyAbCdEfGhIjKlMnOpQr",
        http_status=200,
        milliseconds=48,
        problem=None,
        webhook_endpoint=_ENDPOINT,
    ),
    Event(
        id="evt_1TqVXyAbCdEfGhIjKlMnOpQr",
        api_version="2026-10-28.endive",
        created=_account.created,
        data=EventData(object=_account),
        livemode=False,
        pending_webhooks=0,
        request=EventRequest(id=None, idempotency_key=None),
        type="financial_connections.account.created",
    ),
    Institution(
        id=_INSTITUTION,
        countries=("US",),
        features=InstitutionFeatures(
            balances=_SUPPORTED, ownership=_SUPPORTED, payment_method=_SUPPORTED, transactions=_SUPPORTED
        ),
        livemode=False,
        name=_account.institution_name,
        routing_numbers=("110000000",),
        status="active",
        url="https://quillstone.example",
    ),
    PaymentMethod(
        id="pm_1TqVXyAbCdEfGhIjKlMnOpQr",
        billing_details=BillingDetails(address=None, email=None, name="Robin Park", phone=None),
        created=_account.created,
        customer=_CUSTOMER,
        livemode=False,
        metadata=FrozenMap({}),
        type="us_bank_account",
        us_bank_account=UsBankAccount(
            account_holder_type="individual",
            account_type="checking",
            bank_name=_account.institution_name,
            financial_connections_account=_account.id,
            fingerprint="AbCdEfGhIjKlMnOp",
            last4="6789",
            networks=UsBankAccountNetworks(preferred="ach", supported=("ach",)),
            routing_number="110000000",
            status_details=None,
        ),
    ),
    WebhookEndpoint(
        id=_ENDPOINT,
        api_version=None,
        application=None,
        created=_account.created,
        description=None,
        enabled_events=("financial_connections.account.created",),
        livemode=False,
        metadata=FrozenMap({}),
        status="enabled",
        url="https://example.com/webhooks",
    ),
    EventDestination(
        id=_DESTINATION,
        created="2026-10-28T12:00:00.000Z",
        description="",
        enabled_events=("v1.financial_connections.account.created",),
        event_payload="thin",
        events_from=("@self",),
        livemode=False,
        metadata=FrozenMap({}),
        name="Our shop",
        snapshot_api_version=None,
        status="enabled",
        status_details=None,
        type="webhook_endpoint",
        updated="2026-10-28T12:00:00.000Z",
        webhook_endpoint=EventDestinationWebhook(signing_secret=None, url=None),
    ),
    ThinEvent(
        id="evt_thin_1TqVXyAbCdEfGhIjKlMnOpQr",
        created="2026-10-28T12:00:00.000Z",
        livemode=False,
        type="v1.financial_connections.account.created",
        context=None,
        reason=None,
        related_object=RelatedObject(
            id=_account.id,
            type=Account.object,
            url=f"/v1/financial_connections/accounts/{_account.id}",
        ),
        changes=None,
        snapshot_event="evt_1TqVXyAbCdEfGhIjKlMnOpQr",
    ),
    *_ownership.owners.data,
)

WRITTEN: Final[Mapping[str, bytes]] = {
    **{name: doc for name, doc in EXAMPLES.items() if " " not in name},
    **{name_of(type(each)): encode(each) for each in _MORE},
    "Token": encode(_session.bank_account_token),
}
"""Wire JSON of each object in the newest version, by the name of its struct."""


def example_of(route: Route, version: str) -> Any:
    """Return what a route may answer in *version*; None where nobody wrote an example."""
    kind = next(iter(get_args(route.returns)), route.returns)
    shown = {**WRITTEN, **PREVIEWED} if versions.is_preview(version) else WRITTEN
    doc = shown.get(name_of(kind))
    if doc is None:
        return None
    if is_list(route):
        url = route.template.replace("{account}", _account.id).replace("{customer}", _CUSTOMER)
        doc = _linked(doc) if route.is_second else envelope(url, [doc], has_more=False)
    return msgspec.json.decode(doc if route.is_record else versions.downgrade_answer(version, doc))


def _linked(doc: bytes) -> bytes:
    """Return the only page of a list of the second generation."""
    return b'{"data":[%b],"next_page_url":null,"previous_page_url":null}' % doc
