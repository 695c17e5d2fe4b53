"""Preview versions show institutions and authorizations; no other version does."""

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import pytest

from linkspan.objects import Authorization, Institution, decode_as
from linkspan.server.api.versions.published import PREVIEWS
from linkspan.server.connectors.http import Request, Response
from linkspan.server.core.version import NEWEST
from linkspan.server.operations import refreshes
from tests.crews import carriers
from tests.link.stage import QUILLSTONE, Stage
from tests.link.wire import Deliver

pytestmark = pytest.mark.anyio

PREVIEW: Final = PREVIEWS[-1]
FIRST: Final = PREVIEWS[0]
ROOT: Final = "financial_connections"


async def linked(stage: Stage) -> list[dict[str, Any]]:
    """Accounts linked a moment ago, as a preview version shows them, the newest first."""
    session = await stage.session()
    await stage.modal(session).to_done()
    stage.hands.seconds += 1
    answer = await stage.api("GET", f"{ROOT}/accounts?session={session['id']}", version=PREVIEW)
    accounts: list[dict[str, Any]] = answer.json()["data"]
    return accounts


async def account_now(stage: Stage, account: str, version: str = PREVIEW) -> dict[str, Any]:
    shown: dict[str, Any] = (await stage.api("GET", f"{ROOT}/accounts/{account}", version=version)).json()
    return shown


async def authorization_now(stage: Stage, authorization: str) -> Authorization:
    answer = await stage.api("GET", f"{ROOT}/authorizations/{authorization}", version=PREVIEW)
    assert answer.status == 200, answer.text
    return decode_as(answer.body, Authorization)


async def _rejecting(_request: Request, _deliver: Deliver) -> Response:
    """A bank that no longer takes the token."""
    return Response(status=401, headers={"content-type": "application/json"}, body=b"{}")


async def lose_access(stage: Stage, account: str) -> None:
    """Let the bank take the grant no more."""
    stage.wire.faults["/accounts"] = _rejecting
    await stage.api("POST", f"{ROOT}/accounts/{account}/refresh", [("features[]", "balance")])
    await refreshes.carry_out(stage.context)


@pytest.mark.parametrize("version", PREVIEWS)
async def test_an_account_names_its_institution_and_authorization_in_previews(
    stage: Stage, version: str
) -> None:
    (account, *_) = await linked(stage)

    shown = await account_now(stage, account["id"], version)

    assert shown["institution"] == QUILLSTONE
    assert shown["authorization"].startswith("fcauth_")


async def test_other_versions_do_not_show_what_previews_do(stage: Stage) -> None:
    (account, *_) = await linked(stage)

    newest = await account_now(stage, account["id"], NEWEST)

    assert account.keys() - newest.keys() == {"authorization", "inferred_balances_refresh", "institution"}


async def test_the_newest_version_is_served_as_it_is_kept(stage: Stage) -> None:
    (account, *_) = await linked(stage)

    answer = await stage.api("GET", f"{ROOT}/accounts/{account['id']}", version=NEWEST)

    assert (answer.body,) in await stage.rows("SELECT doc FROM accounts")


async def test_the_accounts_of_a_session_name_their_institution(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).to_done()
    path = f"{ROOT}/sessions/{session['id']}?expand[]=accounts.data.institution"

    shown = (await stage.api("GET", path, version=PREVIEW)).json()
    refused = await stage.api("GET", path, version=NEWEST)

    assert {each["institution"]["name"] for each in shown["accounts"]["data"]} == {"Quillstone Bank"}
    assert (refused.status, refused.json()["error"]["param"]) == (400, "expand[0]")


@pytest.mark.parametrize("path", ["institutions", f"institutions/{QUILLSTONE}", "authorizations/fcauth_1"])
async def test_what_only_previews_have_is_unknown_elsewhere(stage: Stage, path: str) -> None:
    answer = await stage.api("GET", f"{ROOT}/{path}")

    assert answer.status == 404
    assert answer.json()["error"]["message"].startswith("Unrecognized request URL")


async def test_an_institution_says_what_it_is(stage: Stage) -> None:
    answer = await stage.api("GET", f"{ROOT}/institutions/fcinst_maple_quay", version=FIRST)

    shown = decode_as(answer.body, Institution)
    assert (shown.name, shown.countries, shown.status) == ("Maple Quay Bank", ("CA", "US"), "active")
    assert (shown.routing_numbers, shown.url) == (("130070007",), "https://maple-quay.example")
    assert shown.features.transactions.supported


async def test_institutions_are_listed_page_by_page_both_ways(stage: Stage) -> None:
    async def page(query: str) -> tuple[list[str], bool]:
        listed = (await stage.api("GET", f"{ROOT}/institutions?{query}", version=PREVIEW)).json()
        return [each["id"] for each in listed["data"]], listed["has_more"]

    everything, more = await page("limit=100")
    limit = f"limit={len(everything) // 3 + 1}"  # two full pages and a rest
    first, more_after_first = await page(limit)
    second, more_after_second = await page(f"{limit}&starting_after={first[-1]}")
    rest, more_after_rest = await page(f"{limit}&starting_after={second[-1]}")
    back, more_before_back = await page(f"{limit}&ending_before={rest[0]}")

    assert first + second + rest == everything
    assert (more, more_after_first, more_after_second, more_after_rest) == (False, True, True, False)
    assert (back, more_before_back) == (second, True)


async def test_an_unknown_institution_is_refused_by_the_name_of_its_parameter(stage: Stage) -> None:
    unknown = await stage.api("GET", f"{ROOT}/institutions/fcinst_none", version=PREVIEW)
    cursor = await stage.api("GET", f"{ROOT}/institutions?starting_after=fcinst_none", version=PREVIEW)

    assert (unknown.status, unknown.json()["error"]["param"]) == (404, "institution")
    assert (cursor.status, cursor.json()["error"]["param"]) == (400, "starting_after")


async def test_accounts_of_one_sign_in_share_an_authorization(stage: Stage) -> None:
    accounts = await linked(stage)

    (authorization,) = {account["authorization"] for account in accounts}
    shown = await authorization_now(stage, authorization)

    assert (shown.status, shown.institution, shown.institution_name) == (
        "active",
        QUILLSTONE,
        "Quillstone Bank",
    )
    assert shown.account_holder
    assert shown.account_holder.customer == accounts[0]["account_holder"]["customer"]


async def test_an_inactive_account_says_why_and_whether_it_can_come_back(stage: Stage) -> None:
    (account, *_) = await linked(stage)

    await lose_access(stage, account["id"])

    shown = await account_now(stage, account["id"])
    assert shown["status_details"] == {"inactive": {"action": "relink_required", "cause": "access_denied"}}
    assert (await account_now(stage, account["id"], FIRST))["status_details"] == shown["status_details"]
    assert "status_details" not in await account_now(stage, account["id"], NEWEST)
    authorization = await authorization_now(stage, account["authorization"])
    assert authorization.status == "inactive"
    assert authorization.status_details.inactive
    assert authorization.status_details.inactive.action == "relink_required"


async def test_an_authorization_ends_with_its_last_account(stage: Stage) -> None:
    accounts = await linked(stage)

    for account in accounts:
        await stage.api("POST", f"{ROOT}/accounts/{account['id']}/disconnect")

    shown = await authorization_now(stage, accounts[0]["authorization"])
    assert shown.status == "disconnected"
    await stage.sweep()
    assert (await authorization_now(stage, accounts[0]["authorization"])) == shown


async def test_the_authorization_of_another_tenant_is_not_there(stage: Stage) -> None:
    (account, *_) = await linked(stage)
    path = f"{ROOT}/authorizations/{account['authorization']}"

    answer = await stage.api("GET", path, key="sk_test_somebody_else", version=PREVIEW)

    assert (answer.status, answer.json()["error"]["code"]) == (404, "resource_missing")


@pytest.mark.parametrize("version", ["2025-12-15.preview", "2026-10-29.preview", ".preview"])
async def test_a_preview_that_is_not_served_is_refused_by_name(stage: Stage, version: str) -> None:
    answer = await stage.api("GET", f"{ROOT}/institutions", version=version)

    assert answer.status == 400
    assert version in answer.json()["error"]["message"]


async def test_a_preview_has_the_fields_of_the_release_beside_it(stage: Stage) -> None:
    session = await stage.session()
    path = f"{ROOT}/sessions/{session['id']}"

    before = (await stage.api("GET", path, version="2026-06-24.preview")).json()
    since = (await stage.api("GET", path, version="2026-07-29.preview")).json()

    assert since.keys() - before.keys() == {"manual_entry"}
    assert "countries" in since["filters"]


@dataclass
class Listener:
    """The endpoint of a program, and what it was told."""

    told: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, request: Request) -> Response:
        self.told.append(msgspec.json.decode(request.body))
        return Response(status=200, headers={}, body=b"")


@pytest.mark.parametrize("version", [PREVIEW, NEWEST])
async def test_an_endpoint_of_a_preview_is_told_what_previews_show(stage: Stage, version: str) -> None:
    (account, *_) = await linked(stage)
    listened = [
        ("url", "https://listener.example/"),
        ("enabled_events[]", "financial_connections.account.deactivated"),
        ("api_version", version),
    ]
    answer = await stage.api("POST", "webhook_endpoints", listened)
    assert answer.status == 200, answer.text
    await lose_access(stage, account["id"])

    listener = Listener()
    courier = carriers(stage.context, listener, stage.log)
    await courier.set_out()
    await courier.settled()

    told = next(event for event in listener.told if event["data"]["object"]["id"] == account["id"])
    shown = await account_now(stage, account["id"], version)
    assert told["api_version"] == version
    assert told["data"]["object"] == shown
    assert ("authorization" in shown) == (version == PREVIEW)
