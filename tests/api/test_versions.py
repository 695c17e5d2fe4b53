"""Each version is spoken to as it was then; the newest is what is kept."""

from typing import Any

import pytest

from linkspan.server.api import versions
from linkspan.server.api.versions.published import PUBLISHED
from linkspan.server.core.version import NEWEST
from tests.api.conftest import Server, done, link_account, make_server, wanted_session

SESSIONS = "/v1/financial_connections/sessions"
ACCOUNTS = "/v1/financial_connections/accounts"
DAHLIA = "2026-07-29.dahlia"
ENDIVE = "2026-09-30.endive"


def create(server: Server, customer: str, version: str | None, **changes: str) -> Any:
    headers = {} if version is None else {"stripe_version": version}
    answer = server.post(SESSIONS, wanted_session(customer, **changes), **headers)
    assert answer.status == 200, answer.body
    return answer.json


def test_the_newest_version_is_served_in_the_bytes_that_are_kept(server: Server) -> None:
    account = link_account(server)
    (doc,) = server.query("SELECT doc FROM accounts")[0]
    path = f"{ACCOUNTS}/{account.id}"

    assert server.get(path).body == server.get(path, stripe_version=NEWEST).body == doc


@pytest.mark.parametrize("version", PUBLISHED)
def test_every_answer_says_its_version(server: Server, version: str) -> None:
    assert server.post("/v1/customers", stripe_version=version).headers["stripe-version"] == version


def test_dahlia_takes_and_gives_a_list_of_countries(server: Server, customer: str) -> None:
    session = create(server, customer, DAHLIA, filters__countries__0="US")

    assert session["filters"]["countries"] == ["US"]
    assert "country" not in session["filters"]


def test_what_dahlia_wrote_the_newest_reads_as_one_country(server: Server, customer: str) -> None:
    session = create(server, customer, DAHLIA, filters__countries__0="US")

    newest = server.get(f"{SESSIONS}/{session['id']}").json

    assert newest["filters"]["country"] == "US"
    assert "countries" not in newest["filters"]


def test_what_the_newest_wrote_dahlia_reads_as_a_list(server: Server, customer: str) -> None:
    session = create(server, customer, None, filters__country="CA")

    older = server.get(f"{SESSIONS}/{session['id']}", stripe_version=DAHLIA).json

    assert older["filters"]["countries"] == ["CA"]
    assert older | {"filters": {}} == session | {"filters": {}}


def test_dahlia_gives_null_where_no_country_was_asked_for(server: Server, customer: str) -> None:
    assert create(server, customer, DAHLIA)["filters"]["countries"] is None


def test_of_several_countries_the_first_counts(server: Server, customer: str) -> None:
    session = create(server, customer, DAHLIA, filters__countries__1="CA", filters__countries__0="US")

    assert session["filters"]["countries"] == ["US"]


@pytest.mark.parametrize("version", [ENDIVE, NEWEST])
def test_from_endive_on_a_list_of_countries_is_unknown(server: Server, customer: str, version: str) -> None:
    params = wanted_session(customer, filters__countries__0="US")

    answer = server.post(SESSIONS, params, stripe_version=version)

    assert answer.status == 400
    assert answer.error["code"] == "parameter_unknown"
    assert answer.error["param"] == "filters[countries]"


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"filters__countries": "US"}, "filters[countries]"),
        ({"filters__countries__0__code": "US"}, "filters[countries][0]"),
        ({"filters__countries__0": ""}, "filters[countries][0]"),
        ({"filters__countries__first": "US"}, "filters[countries]"),
        ({"filters__country": "US"}, "filters[country]"),
    ],
)
def test_dahlia_is_refused_by_the_name_it_used(
    server: Server, customer: str, changes: dict[str, str], param: str
) -> None:
    before = server.rows()

    answer = server.post(SESSIONS, wanted_session(customer, **changes), stripe_version=DAHLIA)

    assert (answer.status, answer.error["param"]) == (400, param)
    assert server.rows() == before


def own(server: Server, **changes: str) -> dict[str, str]:
    """The parameters of a Session for the tenant's own account."""
    tenant = server.scope().tenant
    return {
        "account_holder[type]": "account",
        "account_holder[account]": tenant,
        "permissions[]": "balances",
    } | changes


def test_before_endive_a_session_for_an_account_collects_one(server: Server) -> None:
    older = server.post(SESSIONS, own(server), stripe_version=DAHLIA).json
    newest = server.post(SESSIONS, own(server)).json

    assert older["limits"] == {"accounts": 1}
    assert "limits" not in newest


@pytest.mark.parametrize(("limit", "limits"), [("3", {"accounts": 3}), ("", None)])
def test_before_endive_a_limit_that_was_asked_for_counts(
    server: Server, limit: str, limits: dict[str, int] | None
) -> None:
    session = server.post(SESSIONS, own(server) | {"limits[accounts]": limit}, stripe_version=DAHLIA).json

    assert session.get("limits") == limits


def test_a_server_may_speak_an_older_version_unless_asked_otherwise() -> None:
    server = make_server(version=DAHLIA)

    assert server.post("/v1/customers").headers["stripe-version"] == DAHLIA
    assert server.post("/v1/customers", stripe_version=NEWEST).headers["stripe-version"] == NEWEST
    done(server.store.aclose())


def test_every_change_was_published_with_a_version() -> None:
    changed = [change.version for change in versions.CHANGES]

    assert changed == sorted(changed, reverse=True)
    assert set(changed) < set(PUBLISHED)
    assert all(change.summary for change in versions.CHANGES)


def test_the_versions_are_in_the_order_of_their_days() -> None:
    assert list(PUBLISHED) == sorted(set(PUBLISHED))
    assert PUBLISHED[-1] == NEWEST
