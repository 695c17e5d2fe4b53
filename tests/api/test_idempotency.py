"""A request with an idempotency key is carried out once and answered the same each time."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkspan.server.api.idempotency import request_digest
from linkspan.server.core.version import NEWEST
from linkspan.server.operations.answers import prune
from linkspan.server.store import idempotency as idempotency_rows
from linkspan.server.store.idempotency import KeptAnswer
from tests.api.conftest import (
    KEY,
    ON_SQLITE,
    OTHER_KEY,
    Answer,
    Server,
    done,
    link_account,
    make_customer,
    make_server,
    named,
    wanted_session,
)

SESSIONS = "/v1/financial_connections/sessions"
ACCOUNTS = "/v1/financial_connections/accounts"
A_DAY = 24 * 60 * 60


def test_a_repetition_is_answered_byte_for_byte(server: Server, customer: str) -> None:
    first = server.post(SESSIONS, wanted_session(customer), idempotency_key="once")
    rows = server.rows()

    second = server.post(SESSIONS, wanted_session(customer), idempotency_key="once")

    assert (second.status, second.body) == (200, first.body)
    assert second.headers["idempotent-replayed"] == "true"
    assert second.headers["idempotency-key"] == "once"
    assert "idempotent-replayed" not in first.headers
    assert server.rows() == rows


def test_each_repetition_has_a_request_id_of_its_own(server: Server) -> None:
    first = server.post("/v1/customers", idempotency_key="once")
    second = server.post("/v1/customers", idempotency_key="once")

    assert first.headers["request-id"] != second.headers["request-id"]


def test_a_repetition_is_answered_as_then_though_the_world_has_changed(server: Server) -> None:
    account = link_account(server)
    path = f"{ACCOUNTS}/{account.id}/disconnect"
    first = server.post(path, idempotency_key="once")
    server.change("DELETE FROM accounts")

    assert server.post(path, idempotency_key="once").body == first.body


def test_without_a_key_each_request_is_carried_out(server: Server) -> None:
    assert server.post("/v1/customers").json["id"] != server.post("/v1/customers").json["id"]
    assert server.rows()["idempotency"] == 0


@pytest.mark.parametrize(
    ("path", "params", "version"),
    [
        ("/v1/customers", {"name": "Jonny"}, None),
        ("/v1/customers", {}, None),
        (SESSIONS, {"name": "Jenny"}, None),
        ("/v1/customers", {"name": "Jenny"}, "2026-07-29.dahlia"),
    ],
    ids=["other parameters", "fewer parameters", "another route", "another version"],
)
def test_a_key_is_for_one_request_alone(
    server: Server, customer: str, path: str, params: dict[str, str], version: str | None
) -> None:
    server.post("/v1/customers", {"name": "Jenny"}, idempotency_key="once")
    wanted = params if path != SESSIONS else wanted_session(customer)
    headers = {} if version is None else {"stripe_version": version}
    before = server.rows()

    answer = server.post(path, wanted, idempotency_key="once", **headers)

    assert answer.status == 400
    assert answer.error["type"] == "idempotency_error"
    assert answer.error["message"].startswith(
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        "Try using a key other than 'once'"
    )
    assert server.rows() == before


def test_a_key_refused_for_other_parameters_still_has_its_first_answer(server: Server) -> None:
    first = server.post("/v1/customers", {"name": "Jenny"}, idempotency_key="once")
    server.post("/v1/customers", {"name": "Jonny"}, idempotency_key="once")

    assert server.post("/v1/customers", {"name": "Jenny"}, idempotency_key="once").body == first.body


def test_two_tenants_may_use_one_key(server: Server) -> None:
    ours = server.post("/v1/customers", idempotency_key="once")
    theirs = server.post("/v1/customers", idempotency_key="once", key=OTHER_KEY)

    assert "idempotent-replayed" not in theirs.headers
    assert theirs.json["id"] != ours.json["id"]


def test_a_key_means_nothing_where_nothing_changes(server: Server, customer: str) -> None:
    answer = server.get(f"/v1/customers/{customer}", idempotency_key="k" * 300)

    assert answer.status == 200
    assert server.rows()["idempotency"] == 0


@pytest.mark.parametrize("key", ["k" * 255, "é", " ", "'; DROP TABLE customers; --"])
def test_any_key_up_to_255_characters_will_do(server: Server, key: str) -> None:
    first = server.post("/v1/customers", idempotency_key=key)

    assert first.status == 200
    assert server.post("/v1/customers", idempotency_key=key).body == first.body


@pytest.mark.parametrize(
    "params",
    [{"color": "red"}, {"metadata[k]": "x" * 501}, {"name[first]": "Jenny"}],
)
def test_a_refused_parameter_uses_no_key_up(server: Server, params: dict[str, str]) -> None:
    refused = server.post("/v1/customers", params, idempotency_key="once")

    accepted = server.post("/v1/customers", {"name": "Jenny"}, idempotency_key="once")

    assert (refused.status, accepted.status) == (400, 200)


def test_a_rule_found_broken_before_anything_began_uses_no_key_up(server: Server, customer: str) -> None:
    wrong = wanted_session(customer, prefetch__0="transactions")

    refused = server.post(SESSIONS, wrong, idempotency_key="once")

    assert refused.status == 400
    assert server.post(SESSIONS, wanted_session(customer), idempotency_key="once").status == 200


def test_a_request_without_a_key_of_the_api_uses_no_key_up(server: Server) -> None:
    server.post("/v1/customers", key=None, idempotency_key="once")

    assert server.post("/v1/customers", idempotency_key="once").status == 200


@ON_SQLITE
def test_a_bug_uses_no_key_up(server: Server) -> None:
    server.change("ALTER TABLE events RENAME TO gone")
    broken = server.post("/v1/customers", idempotency_key="once")
    server.change("ALTER TABLE gone RENAME TO events")

    assert broken.status == 500
    assert server.post("/v1/customers", idempotency_key="once").status == 200


def test_a_refused_reference_is_kept_and_answered_again(server: Server) -> None:
    first = server.post(SESSIONS, wanted_session("cus_unknown"), idempotency_key="once")

    second = server.post(SESSIONS, wanted_session("cus_unknown"), idempotency_key="once")

    assert first.status == 400
    assert (second.status, second.body) == (400, first.body)
    assert second.headers["idempotent-replayed"] == "true"
    assert server.rows()["idempotency"] == 1


def test_a_refused_address_of_an_object_is_kept_and_answered_again(server: Server) -> None:
    first = server.post(f"{ACCOUNTS}/fca_unknown/disconnect", idempotency_key="once")

    second = server.post(f"{ACCOUNTS}/fca_unknown/disconnect", idempotency_key="once")

    assert (second.status, second.body) == (404, first.body)
    assert second.headers["idempotent-replayed"] == "true"


def at_once(server: Server) -> list[Answer]:
    """The answers to twenty equal requests with one key."""

    async def ask() -> list[Answer]:
        headers = named(KEY, idempotency_key="once")
        asked = [server.send("POST", "/v1/customers", b"name=Jenny", headers) for _ in range(20)]
        return await asyncio.gather(*asked)

    return done(ask())


def test_of_many_at_once_one_is_carried_out(server: Server) -> None:
    answers = at_once(server)

    served = [answer for answer in answers if answer.status == 200]
    assert len({answer.body for answer in served}) == 1
    assert ["idempotent-replayed" in answer.headers for answer in served].count(False) == 1
    # Where two can be under way at once, the second is told so.
    told = [answer.error["code"] for answer in answers if answer.status != 200]
    assert set(told) <= {"idempotency_key_in_use"}
    assert server.rows()["customers"] == server.rows()["events"] == 1


def test_while_the_first_is_not_safe_everyone_else_is_told_to_wait(kept_server: Server) -> None:
    answers = at_once(kept_server)
    later = at_once(kept_server)

    (served,) = [answer for answer in answers if answer.status == 200]
    assert [answer.status for answer in answers].count(409) == 19
    assert {answer.body for answer in later} == {served.body}
    assert all("idempotent-replayed" in answer.headers for answer in later)


def test_a_key_is_free_again_when_its_first_request_was_refused_at_the_door(kept_server: Server) -> None:
    refused = kept_server.post("/v1/customers", {"nmae": "Jenny"}, idempotency_key="once")

    served = kept_server.post("/v1/customers", {"name": "Jenny"}, idempotency_key="once")

    assert (refused.status, served.status) == (400, 200)


def test_a_key_is_remembered_for_a_day_and_no_longer(server: Server) -> None:
    first = server.post("/v1/customers", idempotency_key="once")

    server.clock.pass_(A_DAY - 1)
    before = server.post("/v1/customers", idempotency_key="once")
    server.clock.pass_(1)
    after = server.post("/v1/customers", idempotency_key="once")

    assert before.body == first.body
    assert "idempotent-replayed" not in after.headers
    assert after.json["id"] != first.json["id"]


def test_a_key_used_anew_is_remembered_from_then(server: Server) -> None:
    server.post("/v1/customers", {"name": "Jenny"}, idempotency_key="once")
    server.clock.pass_(A_DAY)
    anew = server.post("/v1/customers", {"name": "Jonny"}, idempotency_key="once")
    server.clock.pass_(A_DAY - 1)

    assert server.post("/v1/customers", {"name": "Jonny"}, idempotency_key="once").body == anew.body


def test_answers_that_nobody_may_ask_for_again_are_forgotten_however_many(server: Server) -> None:
    scope, answer = server.scope(), KeptAnswer(b"digest", 200, b"sealed")

    async def keep_many(tx: Any) -> None:  # Any: the store's own transaction
        for number in range(1_200):
            await idempotency_rows.keep(tx, scope, f"old-{number}", answer, created=int(server.clock.now))

    done(server.store.write(keep_many))
    server.clock.pass_(A_DAY)
    kept = server.post("/v1/customers", idempotency_key="of today")

    done(prune(server.context))

    assert server.rows()["idempotency"] == 1
    assert server.post("/v1/customers", idempotency_key="of today").body == kept.body


def test_a_clock_that_steps_back_forgets_nothing(server: Server) -> None:
    first = server.post("/v1/customers", idempotency_key="once")
    server.clock.pass_(-3600)

    assert server.post("/v1/customers", idempotency_key="once").body == first.body


def test_what_was_kept_is_sealed(kept_server: Server, tmp_path: Path) -> None:
    customer = make_customer(kept_server)
    session = kept_server.post(SESSIONS, wanted_session(customer), idempotency_key="once").json
    secret = session["client_secret"].encode()

    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert {name for name, data in files.items() if session["id"].encode() in data}
    assert [name for name, data in files.items() if secret in data or secret.split(b"_")[-1] in data] == []


def test_what_stands_for_a_request_cannot_be_found_by_trying(server: Server) -> None:
    body = {"name": "Jenny"}
    server.post("/v1/customers", body, idempotency_key="once")
    unkeyed = request_digest("POST", "/v1/customers", urlencode(body).encode(), NEWEST)

    ((kept,),) = server.query("SELECT request_digest FROM idempotency")

    assert kept == server.context.digests.of_bytes(b"request", unkeyed)
    assert kept != unkeyed


def test_an_answer_that_a_former_release_kept_is_given_again(server: Server) -> None:
    body = {"name": "Jenny"}
    first = server.post("/v1/customers", body, idempotency_key="once")
    unkeyed = request_digest("POST", "/v1/customers", urlencode(body).encode(), NEWEST)
    statement = "UPDATE idempotency SET request_digest = :digest"
    done(server.store.write(lambda tx: tx.run(statement, {"digest": unkeyed})))

    again = server.post("/v1/customers", body, idempotency_key="once")
    other = server.post("/v1/customers", {"name": "Ada"}, idempotency_key="once")

    assert again.body == first.body
    assert other.status == 400


def test_a_kept_answer_moved_to_another_key_does_not_open(server: Server) -> None:
    server.post("/v1/customers", {"name": "Jenny"}, idempotency_key="mine")
    server.change("UPDATE idempotency SET key = 'moved'")

    answer = server.post("/v1/customers", {"name": "Jenny"}, idempotency_key="moved")

    assert answer.status == 500
    assert b"Jenny" not in answer.body


def test_a_kept_answer_outlives_the_process(tmp_path: Path) -> None:
    server = make_server(tmp_path / "linkspan.db")
    first = server.post("/v1/customers", idempotency_key="once")
    done(server.store.aclose())

    again = make_server(tmp_path / "linkspan.db", clock=server.clock)
    second = again.post("/v1/customers", idempotency_key="once")
    done(again.store.aclose())

    assert second.body == first.body


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["Jenny", "Jonny"]), st.integers(0, A_DAY)),
        max_size=12,
    )
)
def test_a_key_has_at_most_one_customer_a_day(asked: list[tuple[str, str, int]]) -> None:
    server = make_server()
    kept: dict[str, tuple[float, str, bytes]] = {}

    for key, name, seconds in asked:
        answer = done(
            server.send(
                "POST", "/v1/customers", urlencode({"name": name}).encode(), named(KEY, idempotency_key=key)
            )
        )
        since, first_name, body = kept.get(key, (float("-inf"), "", b""))
        if server.clock.now - since >= A_DAY:
            kept[key] = (server.clock.now, name, answer.body)
            assert (answer.status, "idempotent-replayed" in answer.headers) == (200, False)
        elif name == first_name:
            assert (answer.status, answer.body) == (200, body)
        else:
            assert answer.status == 400
        server.clock.pass_(seconds)
    done(server.store.aclose())
