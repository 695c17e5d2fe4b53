"""The steps of the modal: each answers what to show next, and nothing takes one out of turn."""

import pytest

from tests.link.stage import Stage

pytestmark = pytest.mark.anyio


async def test_the_steps_lead_from_a_bank_to_linked_accounts(stage: Stage) -> None:
    session = await stage.session()

    view = await stage.modal(session).to_done()

    linked = await stage.accounts(session["id"])
    assert view["next_pane"] == "done"
    assert len(linked) == 2
    result = view["result"]["financialConnectionsSession"]["accounts"]
    assert sorted(result, key=lambda each: each["id"]) == linked[::-1]


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer nobody", "Basic bm9ib2R5"])
async def test_no_client_secret_is_refused_in_stripes_words(stage: Stage, authorization: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization}

    answer = await stage.ask("GET", "/link/view", headers)

    assert answer.status == 401
    assert answer.json()["error"]["param"] == "client_secret"
    assert answer.header("request-id").startswith("req_")


async def test_an_address_that_is_not_served_is_said_so(stage: Stage) -> None:
    answer = await stage.ask("GET", "/link/nowhere")

    assert answer.status == 404
    assert answer.json()["error"]["message"] == "Unrecognized request URL (GET: /link/nowhere)."
