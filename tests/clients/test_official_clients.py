"""Stripe's own clients of each year get from one server what the API of their time gave them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from linkspan.objects import Account, List, Session, decode, decode_as
from tests.acceptance.programs import running
from tests.clients.official import Official
from tests.clients.typed import COMPILER, complaints

TODAY: Final = "2026-10-28.endive"
# Each with what it pins; a package that pins nothing is told the version of its time.
PINNED: Final = {
    "npm-17": "2025-02-24.acacia",
    "npm-20": "2026-02-25.clover",
    "npm-23": TODAY,
    "python-8": "2023-10-16",
    "python-11": "2025-02-24.acacia",
    "python-13": "2025-10-29.clover",
    "python-15": "2026-08-26.dahlia",
    "python-16": TODAY,
}
OF_ITS_TIME: Final = {"npm-11": "2022-11-15", "python-5": "2022-11-15"}
SPOKEN: Final = PINNED | OF_ITS_TIME

# What answers of 2022 have, with the version that brought what came later.
SESSION: Final = {
    "account_holder": "",
    "accounts": "",
    "client_secret": "",
    "filters": "",
    "id": "",
    "livemode": "",
    "manual_entry": "2026-07-29.dahlia",
    "object": "",
    "permissions": "",
    "prefetch": "2023-10-16",
}
ACCOUNT: Final = {
    "account_holder": "",
    "account_numbers": "2025-11-17.clover",
    "balance": "",
    "balance_refresh": "",
    "category": "",
    "created": "",
    "display_name": "",
    "id": "",
    "institution_name": "",
    "last4": "",
    "livemode": "",
    "object": "",
    "ownership": "",
    "ownership_refresh": "",
    "permissions": "",
    "status": "",
    "subcategory": "",
    "subscriptions": "2024-04-10",
    "supported_payment_method_types": "",
    "transaction_refresh": "2024-04-10",
}
REFRESH: Final = {"last_attempted_at": "", "next_refresh_available_at": "2024-04-10", "status": ""}
ERROR_CLASS: Final = {"npm": "StripeInvalidRequestError", "python": "InvalidRequestError"}


def in_version(fields: dict[str, str], version: str) -> set[str]:
    """The fields that an object has in a version."""
    return {name for name, since in fields.items() if since <= version}


@pytest.fixture(scope="session")
def told(server: str) -> Callable[[str], Any]:
    """Runs the program of a client once, whatever the order of the tests."""

    @cache
    def run(name: str) -> Any:
        official = Official(name, OF_ITS_TIME.get(name, ""))
        return official.told_by("calls", server, f"sk_test_{name.replace('-', '_')}") | {"name": name}

    return run


@pytest.fixture
def seen(request: pytest.FixtureRequest, told: Callable[[str], Any]) -> Any:
    """What one client saw."""
    return told(request.param)


def needed(name: str) -> list[str]:
    """What has to be installed to run a client, and to ask its types."""
    return [name, COMPILER] if name.startswith("npm-") else [name]


every_client = pytest.mark.parametrize(
    "seen",
    [pytest.param(name, id=name, marks=pytest.mark.official_client(*needed(name))) for name in SPOKEN],
    indirect=True,
)


@every_client
def test_a_client_is_answered_in_the_version_it_speaks(seen: Any) -> None:
    assert seen["version"] == SPOKEN[seen["name"]]


@every_client
def test_a_client_collects_lists_and_pages_through_accounts(seen: Any) -> None:
    assert len(seen["collected"]) == 2
    assert seen["page"] == [1, True]
    assert sorted(seen["walked"]) == sorted(seen["collected"])


@every_client
def test_a_client_sees_a_refresh_begin_and_end(seen: Any) -> None:
    assert seen["started"] == ["pending", "pending"]
    assert seen["ended"] == ["succeeded", "succeeded"]


@every_client
def test_a_client_reads_owners_expanded_and_listed(seen: Any) -> None:
    assert seen["expanded"] == seen["names"] == ["Samuel Okafor-Reyes Jr."]


@every_client
def test_a_client_disconnects_an_account(seen: Any) -> None:
    assert seen["gone"] == [seen["walked"][-1], "disconnected"]


@every_client
def test_a_client_repeats_a_request_by_its_key(seen: Any) -> None:
    assert seen["is_replayed"]


@every_client
def test_a_client_raises_its_own_errors_with_what_was_wrong(seen: Any) -> None:
    invalid = {"class": ERROR_CLASS[seen["name"].partition("-")[0]], "has_request_id": True}

    assert seen["missing"] == invalid | {
        "code": "resource_missing",
        "param": "account",
        "http_status": 404,
    }
    assert seen["wrong"] == invalid | {"code": None, "param": "permissions[0]", "http_status": 400}


@every_client
def test_objects_have_the_fields_of_the_version(seen: Any) -> None:
    version, shown = SPOKEN[seen["name"]], seen["shown"]
    country = "country" if version >= "2026-09-30" else "countries"

    assert set(shown["session"]) == in_version(SESSION, version)
    assert shown["session"]["filters"][country] == ("US" if country == "country" else ["US"])
    assert set(shown["account"]) == in_version(ACCOUNT, version)
    assert set(shown["account"]["balance_refresh"]) == in_version(REFRESH, version)
    assert set(shown["account"]["ownership_refresh"]) == in_version(REFRESH, version)


@every_client
def test_what_the_package_decoded_our_client_decodes_to_the_same(seen: Any) -> None:
    shown = seen["shown"]

    assert decode_as(shown["session"], Session).filters.country == "US"  # type: ignore[union-attr]  # was asked for
    assert decode_as(shown["account"], Account).id == seen["walked"][0]
    assert isinstance(decode(shown["owners"]), List)


@every_client
def test_no_field_is_a_surprise_to_the_types_of_the_package(seen: Any, tmp_path: Path) -> None:
    if seen["name"].startswith("npm-"):
        assert complaints(seen["name"], seen["shown"], tmp_path) == []
    else:
        assert seen["surprises"] == []


@pytest.mark.parametrize(
    ("name", "version"),
    [
        pytest.param(name, SPOKEN[name], marks=pytest.mark.official_client(name))
        for name in ("python-5", "python-8", "python-13")
    ],
)
def test_a_client_reads_events_in_the_version_of_its_account(name: str, version: str) -> None:
    with running("dev", "--port", "0", "--api-version", version) as program:
        told = Official(name, OF_ITS_TIME.get(name, "")).told_by(
            "events", program.facts["url"], "sk_test_old"
        )

    assert told["kinds"] == ["Account"]
    assert told["versions"] == [version]
    assert told["is_alike"]
    assert set(told["account"]) == in_version(ACCOUNT, version)


@pytest.mark.official_client("python-8")
def test_types_of_python_notice_what_came_after_them(server: str) -> None:
    told = Official("python-8", TODAY).told_by("calls", server, "sk_test_python_from_the_future")

    assert {"session.filters.country is unknown", "account.account_numbers is unknown"} <= set(
        told["surprises"]
    )


@pytest.mark.official_client("npm-11", COMPILER)
def test_types_of_typescript_notice_what_came_after_them(server: str, tmp_path: Path) -> None:
    told = Official("npm-11", TODAY).told_by("calls", server, "sk_test_node_from_the_future")

    noticed = complaints("npm-11", told["shown"], tmp_path)

    assert any("'\"account_numbers\"' does not exist in type 'Account'" in line for line in noticed)
