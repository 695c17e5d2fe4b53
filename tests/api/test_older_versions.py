"""What programs pinned to an older version send and get."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from linkspan.objects import Account, ApiObject, List, Session, decode, decode_as
from linkspan.server.api import versions
from linkspan.server.api.versions.examples import EXAMPLES
from linkspan.server.api.versions.published import PUBLISHED
from tests.api.conftest import Server, link_account, make_session, wanted_session
from tests.unit.objects.test_structs import documented_fields

SESSIONS: Final = "/v1/financial_connections/sessions"
ACCOUNTS: Final = "/v1/financial_connections/accounts"

# Each change with what only the version that brought it, and later ones, take and show.
BROUGHT: Final = {
    "2022-08-01": ("", ()),
    "2023-08-16": ("", ()),
    "2023-10-16": ("prefetch__0", ("prefetch",)),
    "2024-04-10": ("", ()),
    "2024-06-20": ("", ()),
    "2024-09-30.acacia": ("filters__account_subcategories__0", ("filters.account_subcategories",)),
    "2025-04-30.basil": ("", ()),
    "2025-09-30.clover": ("", ()),
    "2025-11-17.clover": ("", ()),
    "2025-12-15.clover": ("", ()),
    "2026-06-24.dahlia": ("", ()),
    "2026-07-29.dahlia": (
        "limits__accounts",
        ("limits", "manual_entry", "filters.require_payment_method_support"),
    ),
    "2026-08-26.dahlia": ("", ("filters.country",)),
    "2026-09-30.endive": ("filters__country", ()),
}
VALUES: Final = {
    "prefetch__0": "balances",
    "filters__account_subcategories__0": "checking",
    "limits__accounts": "2",
}


def before(version: str) -> str:
    """The version published just before."""
    return PUBLISHED[PUBLISHED.index(version) - 1]


def has(shown: dict[str, Any], path: str) -> bool:
    *parents, last = path.split(".")
    for parent in parents:
        shown = shown.get(parent) or {}
    return last in shown


def test_every_change_is_of_a_published_version_and_says_what_it_changed() -> None:
    assert [change.version for change in versions.CHANGES] == sorted(BROUGHT, reverse=True)
    assert set(BROUGHT) <= set(PUBLISHED)
    assert list(PUBLISHED) == sorted(PUBLISHED)
    assert all(change.summary.endswith(".") for change in versions.CHANGES)


@pytest.mark.parametrize(("version", "parameter"), [(v, p) for v, (p, _) in BROUGHT.items() if p])
def test_a_parameter_is_unknown_before_the_version_that_brought_it(
    server: Server, customer: str, version: str, parameter: str
) -> None:
    wanted = wanted_session(customer, **{parameter: VALUES.get(parameter, "US")})

    accepted = server.post(SESSIONS, wanted, stripe_version=version)
    refused = server.post(SESSIONS, wanted, stripe_version=before(version))

    assert accepted.status == 200
    assert (refused.status, refused.error["code"]) == (400, "parameter_unknown")


@pytest.mark.parametrize(
    ("version", "parameter"),
    [
        ("2024-06-20", {"allow_redisplay": "always"}),
        ("2025-04-30.basil", {"billing_details[tax_id]": "12-3456789"}),
    ],
)
def test_a_payment_method_takes_a_parameter_since_the_version_that_brought_it(
    server: Server, version: str, parameter: dict[str, str]
) -> None:
    wanted = {
        "type": "us_bank_account",
        "billing_details[name]": "Robin Park",
        "us_bank_account[account_number]": "000123456789",
        "us_bank_account[routing_number]": "110000000",
        "us_bank_account[account_holder_type]": "individual",
    } | parameter

    accepted = server.post("/v1/payment_methods", wanted, stripe_version=version)
    refused = server.post("/v1/payment_methods", wanted, stripe_version=before(version))

    assert accepted.status == 200, accepted.body
    assert (refused.status, refused.error["param"]) == (400, next(iter(parameter)))


@pytest.mark.parametrize(
    ("version", "path"), [(v, path) for v, (_, paths) in BROUGHT.items() for path in paths]
)
def test_a_field_is_not_shown_before_the_version_that_brought_it(
    server: Server, customer: str, version: str, path: str
) -> None:
    session = make_session(server, customer, filters__country="US", limits__accounts="2")
    address = f"{SESSIONS}/{session['id']}"

    assert has(server.get(address, stripe_version=version).json, path)
    assert not has(server.get(address, stripe_version=before(version)).json, path)


SINCE: Final = re.compile(r"Since (\d{4}-\d{2}(?:-\d{2})?)")
# What objects call the time before any of them changed.
BEGINNING: Final = "2022-05"
# Its routes are served in every version (docs/reference/differences.md).
ALWAYS: Final = {"Transaction", "StatusTransitions"}


def brought(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each field of an object, at any depth, with the day that its text says it came."""
    if isinstance(value, ApiObject):
        kind = type(value)
        for name, _, text in documented_fields(kind):
            told = SINCE.search(text)
            if told and told[1] != BEGINNING and kind.__name__ not in ALWAYS:
                yield f"{path}.{name}".removeprefix("."), told[1]
            yield from brought(getattr(value, name), f"{path}.{name}")


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_field_is_written_since_the_version_that_its_text_names(example: str) -> None:
    fields = dict(brought(decode(EXAMPLES[example])))

    early = []
    for path, day in fields.items():
        older = [version for version in PUBLISHED if version < day]
        if has(json.loads(versions.downgrade_answer(older[-1], EXAMPLES[example])), path):
            early.append(path)

    assert early == []


@pytest.mark.parametrize("version", PUBLISHED)
def test_every_published_version_makes_lists_and_reads_a_session_with_its_accounts(
    server: Server, customer: str, version: str
) -> None:
    created = server.post(SESSIONS, wanted_session(customer), stripe_version=version)
    link_account(server, customer=customer, session=created.json["id"], is_owned=True)
    listed = server.get(ACCOUNTS, b"limit=1&expand[]=data.ownership", stripe_version=version)

    assert created.headers["stripe-version"] == version
    assert server.get(f"{SESSIONS}/{created.json['id']}", stripe_version=version).body == created.body
    assert decode_as(created.body, Session).livemode is False
    assert [account.last4 for account in decode_as(listed.body, List[Account]).data] == ["6789"]


@pytest.mark.parametrize(
    ("shown", "version"),
    [
        (["financial_connections.session", "account_holder", "accounts"], "2022-08-01"),
        (["link_account_session", "accountholder", "linked_accounts"], "2020-08-27"),
    ],
)
def test_names_are_those_of_the_version(
    server: Server, customer: str, shown: list[str], version: str
) -> None:
    session = make_session(server, customer)

    for address in (f"{SESSIONS}/{session['id']}", f"/v1/link_account_sessions/{session['id']}"):
        answer = server.get(address, stripe_version=version).json
        assert answer["object"] == shown[0]
        assert set(shown[1:]) <= set(answer)


def test_a_list_of_2022_names_its_own_address(server: Server) -> None:
    link_account(server)

    listed = server.get("/v1/linked_accounts", stripe_version="2020-08-27").json

    assert listed["url"] == "/v1/linked_accounts"
    assert listed["data"][0]["object"] == "linked_account"
    assert "account_numbers" not in listed["data"][0]


def test_only_the_first_country_was_ever_honored(server: Server, customer: str) -> None:
    wanted = wanted_session(customer, filters__countries__0="US", filters__countries__1="CA")

    answer = server.post(SESSIONS, wanted, stripe_version="2026-08-26.dahlia")

    assert answer.json["filters"]["countries"] == ["US"]
    newest = server.get(f"{SESSIONS}/{answer.json['id']}").json
    assert newest["filters"]["country"] == "US"


def test_a_list_of_countries_is_unknown_since_endive(server: Server, customer: str) -> None:
    answer = server.post(SESSIONS, wanted_session(customer, filters__countries__0="US"))

    assert answer.error["param"] == "filters[countries]"


@pytest.mark.parametrize(("version", "accounts"), [("2026-08-26.dahlia", 1), ("2026-09-30.endive", None)])
def test_a_session_for_an_account_took_one_account_until_endive(
    server: Server, version: str, accounts: int | None
) -> None:
    tenant = server.scope().tenant
    wanted = {
        "account_holder[type]": "account",
        "account_holder[account]": tenant,
        "permissions[]": "balances",
    }

    created = server.post(SESSIONS, wanted, stripe_version=version).json["id"]

    newest = server.get(f"{SESSIONS}/{created}").json
    assert newest.get("limits") == (None if accounts is None else {"accounts": accounts})


def test_an_idempotency_key_remembers_the_version_it_was_used_with(server: Server, customer: str) -> None:
    wanted = wanted_session(customer)
    first = server.post(SESSIONS, wanted, idempotency_key="k", stripe_version="2022-11-15")

    again = server.post(SESSIONS, wanted, idempotency_key="k", stripe_version="2022-11-15")
    elsewhere = server.post(SESSIONS, wanted, idempotency_key="k", stripe_version="2024-06-20")

    assert again.body == first.body
    assert elsewhere.error["type"] == "idempotency_error"


def test_the_newest_version_passes_through_nothing(server: Server, customer: str) -> None:
    session = make_session(server, customer)
    body = json.dumps(session, separators=(",", ":")).encode()

    assert versions.downgrade_answer(PUBLISHED[-1], body) is body


def test_the_names_of_2022_can_be_expanded_while_they_are_in_use(server: Server, customer: str) -> None:
    session = make_session(server, customer)
    address = f"{SESSIONS}/{session['id']}"

    old = server.get(address, b"expand[]=accountholder.customer", stripe_version="2020-08-27")
    today = server.get(address, b"expand[]=account_holder.customer", stripe_version="2020-08-27")
    refused = server.get(address, b"expand[]=accountholder.customer", stripe_version="2022-08-01")

    assert old.json["accountholder"]["customer"]["id"] == customer
    assert today.body == old.body
    assert (refused.status, refused.error["param"]) == (400, "expand[0]")


# Owners


def test_owners_are_listed_by_the_snapshot_they_are_in(server: Server) -> None:
    account = link_account(server, is_owned=True)

    listed = server.get(f"{ACCOUNTS}/{account.id}/owners", f"ownership={account.ownership}".encode()).json

    assert [owner["name"] for owner in listed["data"]] == ["Jenny Rosen"]
    assert listed["url"] == f"{ACCOUNTS}/{account.id}/owners?ownership={account.ownership}"
    assert listed["has_more"] is False


def test_owners_need_a_snapshot_of_that_very_account(server: Server) -> None:
    account, other = link_account(server, is_owned=True), link_account(server, is_owned=True)
    address = f"{ACCOUNTS}/{account.id}/owners"

    missing = server.get(address)
    mixed_up = server.get(address, f"ownership={other.ownership}".encode())
    unknown = server.get(f"{ACCOUNTS}/fca_none/owners", f"ownership={account.ownership}".encode())

    assert (missing.status, missing.error["code"]) == (400, "parameter_missing")
    assert (mixed_up.status, mixed_up.error["param"]) == (400, "ownership")
    assert (unknown.status, unknown.error["code"]) == (404, "resource_missing")


def test_the_owners_of_another_tenant_are_not_there(server: Server) -> None:
    account = link_account(server, key="sk_test_somebody_else", is_owned=True)

    answer = server.get(f"{ACCOUNTS}/{account.id}/owners", f"ownership={account.ownership}".encode())

    assert answer.status == 404
