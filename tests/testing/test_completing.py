"""A Session is completed in one call, by whoever may and in test mode alone."""

from typing import Any

import pytest

from linkspan import Client, Session
from linkspan.testing import Completion, ControlRefused, DevelopmentServer, complete
from linkspan.testing.control import ask
from tests.acceptance.production import Site, make_site
from tests.acceptance.programs import running
from tests.acceptance.test_serve import INSTITUTIONS

QUILLSTONE = "fcinst_quillstone"
TOKEN_BANK = "fcinst_causeway"
CREDENTIALS_BANK = "fcinst_ferrydesk"


def session_of(client: Client, **more: Any) -> Session:
    customer = client.customers.create(name="Jenny Rosen")
    holder = {"type": "customer", "customer": customer.id}
    return client.sessions.create(account_holder=holder, permissions=["balances"], **more)  # type: ignore[arg-type] # a plain dict


def is_empty(client: Client, session: str) -> bool:
    return not client.sessions.retrieve(session).accounts.data


def names(completion: Completion) -> list[str | None]:
    return [account.display_name for account in completion.accounts]


def test_everything_that_may_be_linked_is(server: DevelopmentServer, key: str, client: Client) -> None:
    done = complete(server, key, session_of(client), institution=QUILLSTONE, person="sam")

    assert (done.status, done.reason) == ("succeeded", None)
    assert names(done) == ["Campus Checking", "Guitar"]
    assert {account.id for account in client.accounts.list(session=done.session.id)} == {
        account.id for account in done.accounts
    }


def test_the_session_may_take_only_so_many(server: DevelopmentServer, key: str, client: Client) -> None:
    session = session_of(client, limits={"accounts": 1})

    assert names(complete(server, key, session, institution=QUILLSTONE)) == ["Campus Checking"]


@pytest.mark.parametrize("account", ["Guitar", "1027"])
def test_an_account_is_chosen_by_name_or_digits(
    server: DevelopmentServer, key: str, client: Client, account: str
) -> None:
    everything = complete(server, key, session_of(client), institution=QUILLSTONE)
    digits = {one.display_name: one.last4 for one in everything.accounts}
    wanted = digits["Guitar"] if account.isdigit() else account

    chosen = complete(server, key, session_of(client), institution=QUILLSTONE, accounts=[wanted or ""])

    assert names(chosen) == ["Guitar"]


def test_an_account_is_linked_by_a_token(server: DevelopmentServer, key: str, client: Client) -> None:
    session = session_of(client, filters={"account_subcategories": ["checking"]})

    done = complete(
        server, key, session, institution=TOKEN_BANK, accounts=["Campus Checking"], kind="checking"
    )

    assert [account.subcategory for account in done.accounts] == ["checking"]


def test_accounts_are_linked_by_credentials(server: DevelopmentServer, key: str, client: Client) -> None:
    done = complete(server, key, session_of(client), institution=CREDENTIALS_BANK, person="noor")

    assert "Everyday Checking" in names(done)


def test_a_session_of_a_connected_account_is_its_own(
    server: DevelopmentServer, key: str, client: Client
) -> None:
    account = client.connected_accounts.create(country="US").id
    with Client(key, base_url=server.url, account=account) as acting:
        session = session_of(acting)

    url = f"{server.url}/_linkspan/sessions/{session.id}/complete"
    with pytest.raises(ControlRefused, match="No such financial connections session"):
        ask("POST", url, key)
    assert ask("POST", url, key, account=account)["status"] == "succeeded"


def test_who_closes_the_modal_links_nothing(server: DevelopmentServer, key: str, client: Client) -> None:
    done = complete(server, key, session_of(client), failure="cancelled")

    assert (done.status, done.reason, done.accounts) == ("cancelled", None, ())


def test_who_says_no_at_the_bank_links_nothing(server: DevelopmentServer, key: str, client: Client) -> None:
    done = complete(server, key, session_of(client), failure="login_denied")

    assert (done.status, done.reason, done.accounts) == ("failed", "login_denied", ())


@pytest.mark.parametrize(
    ("wish", "param"),
    [
        ({"institution": "fcinst_nowhere"}, "institution"),
        ({"person": "nobody"}, "person"),
        ({"accounts": ["Yacht"]}, "accounts[0]"),
        ({"institution": QUILLSTONE, "accounts": ["Guitar", "Guitar"]}, "accounts[1]"),
        ({"institution": CREDENTIALS_BANK, "failure": "login_denied"}, "failure"),
        ({"failure": "no_such_failure"}, "failure"),
    ],
)
def test_what_nobody_could_do_is_refused_and_may_be_tried_again(
    server: DevelopmentServer, key: str, client: Client, wish: dict[str, Any], param: str
) -> None:
    session = session_of(client)

    with pytest.raises(ControlRefused) as refused:
        complete(server, key, session, **wish)

    assert refused.value.param == param
    assert is_empty(client, session.id)
    assert complete(server, key, session).status == "succeeded"


def test_a_parameter_nobody_knows_is_refused(server: DevelopmentServer, key: str, client: Client) -> None:
    url = f"{server.url}/_linkspan/sessions/{session_of(client).id}/complete"

    with pytest.raises(ControlRefused, match="unknown parameter") as refused:
        ask("POST", url, key, [("bank", QUILLSTONE)])

    assert refused.value.param == "bank"


def test_a_session_is_completed_once(server: DevelopmentServer, key: str, client: Client) -> None:
    session = session_of(client)
    complete(server, key, session)

    with pytest.raises(ControlRefused, match="already been used"):
        complete(server, key, session)


def test_a_foreign_session_is_an_unknown_one(server: DevelopmentServer, client: Client) -> None:
    session = session_of(client).id
    unknown = f"{session[:-4]}zzzz"
    stranger = server.new_key()

    said = {}
    for named in (session, unknown):
        with pytest.raises(ControlRefused) as refused:
            complete(server, stranger, named)
        said[named] = str(refused.value).replace(named, "…"), refused.value.status

    assert said[session] == said[unknown] == ("No such financial connections session: '…'", 404)
    assert is_empty(client, session)


@pytest.mark.parametrize("who", ["pk_test_linkspan", "sk_live_linkspan", "fcsess_client_secret_x", ""])
def test_only_a_secret_test_key_completes_anything(
    server: DevelopmentServer, client: Client, who: str
) -> None:
    session = session_of(client).id

    with pytest.raises(ControlRefused) as refused:
        complete(server, who, session)

    assert refused.value.status in {401, 403}
    assert is_empty(client, session)


@pytest.fixture
def site(tmp_path: Any) -> Site:
    return make_site(tmp_path, f"sqlite:///{tmp_path / 'linkspan.db'}", INSTITUTIONS)


@pytest.mark.parametrize("mode", [("--live",), ()], ids=["live", "test"])
def test_a_production_server_completes_nothing(site: Site, mode: tuple[str, ...]) -> None:
    made = site.keys("create", "--tenant", "new", *mode)
    with running("serve", "--port", "0", settings=site.settings) as program:
        url, key = program.facts["url"], made["key"]
        with Client(key, base_url=url) as client:
            session = session_of(client).id
            for path in (f"sessions/{session}/complete", "clock", f"%73essions/{session}/complete"):
                with pytest.raises(ControlRefused) as refused:
                    ask("POST", f"{url}/_linkspan/{path}", key)
                assert refused.value.status == 404
            assert is_empty(client, session)
