"""What `linkspan dev` shows a newcomer: the shop, whole, in one process."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

import linkspan
from tests.acceptance.person import Person
from tests.acceptance.programs import Program, running

pytestmark = pytest.mark.browser


@pytest.fixture
def arguments(tmp_path: Path) -> tuple[str, ...]:
    return ("dev", "--port", "0", "--database", f"sqlite:///{tmp_path}/linkspan.db")


@pytest.fixture
def program(arguments: tuple[str, ...]) -> Iterator[Program]:
    with running(*arguments) as started:
        yield started


def link_in_shop(person: Person, shop: str) -> None:
    """Link everything Sam has, from the shop's one button to its result."""
    person.page.goto(shop)
    person.page.get_by_test_id("shop-link").click()
    person.sign_in(person.go_to_bank())
    person.finish()
    expect(person.page.get_by_test_id("shop-result")).to_be_visible()


def test_the_shop_links_shows_and_disconnects(person: Person, program: Program) -> None:
    link_in_shop(person, program.facts["shop"])

    result = person.page.get_by_test_id("shop-result")
    expect(result).to_contain_text("Quillstone Bank")
    expect(result.get_by_text("Held by Samuel Okafor-Reyes Jr.")).to_have_count(2)
    with linkspan.Client(program.facts["secret_key"], base_url=program.facts["url"]) as client:
        linked = {account.display_name: account.status for account in client.accounts.list()}
        assert linked == {"Campus Checking": "active", "Guitar": "active"}

        result.get_by_role("button", name="Disconnect Guitar").click()

        expect(result.get_by_text("Held by Samuel Okafor-Reyes Jr.")).to_have_count(1)
        linked = {account.display_name: account.status for account in client.accounts.list()}
        assert linked == {"Campus Checking": "active", "Guitar": "disconnected"}


def test_linked_accounts_survive_the_server_being_killed(
    person: Person, program: Program, arguments: tuple[str, ...]
) -> None:
    link_in_shop(person, program.facts["shop"])
    program.end(signal.SIGKILL)

    with (
        running(*arguments) as again,
        linkspan.Client(again.facts["secret_key"], base_url=again.facts["url"]) as client,
    ):
        kept = list(client.accounts.list())

        assert {account.display_name for account in kept} == {"Campus Checking", "Guitar"}
        assert {client.accounts.disconnect(account.id).status for account in kept} == {"disconnected"}
