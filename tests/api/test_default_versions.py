"""A tenant speaks the version it chose unless a request names another."""

from dataclasses import replace

import pytest

from linkspan.server.core.refusals import NoSuchObject
from linkspan.server.core.scope import Scope
from linkspan.server.operations import tenants
from tests.api.conftest import Server, done
from tests.api.keys import LIVE, OURS, THEIRS, keyed, make_key

CLOVER = "2025-11-17.clover"
ENDIVE = "2026-09-30.endive"


def choose(server: Server, scope: Scope, version: str) -> None:
    done(server.store.write(lambda tx: tenants.choose_version(tx, scope, version)))


def spoken_to(server: Server, key: str) -> str:
    return server.get("/v1/customers", key=key).headers["stripe-version"]


@pytest.fixture
def ours(server: Server) -> Server:
    """A server that speaks an older version to who chose none."""
    return keyed(replace(server, context=replace(server.context, version=ENDIVE)))


def test_who_chose_none_is_spoken_to_in_the_servers_version(ours: Server) -> None:
    assert spoken_to(ours, make_key(ours).text) == ENDIVE


def test_a_tenant_is_spoken_to_in_the_version_it_chose(ours: Server) -> None:
    key = make_key(ours)
    choose(ours, OURS, CLOVER)

    assert spoken_to(ours, key.text) == CLOVER


def test_a_request_that_names_a_version_is_answered_in_it(ours: Server) -> None:
    key = make_key(ours)
    choose(ours, OURS, CLOVER)

    asked = ours.get("/v1/customers", key=key.text, stripe_version=ENDIVE)

    assert asked.headers["stripe-version"] == ENDIVE


def test_a_choice_is_of_one_tenant_in_one_mode(ours: Server) -> None:
    ours_live, theirs = make_key(ours, LIVE), make_key(ours, THEIRS)
    make_key(ours)
    choose(ours, OURS, CLOVER)

    assert {spoken_to(ours, key.text) for key in (ours_live, theirs)} == {ENDIVE}


def test_a_choice_is_known_within_a_second(ours: Server) -> None:
    key = make_key(ours)
    before = spoken_to(ours, key.text)
    choose(ours, OURS, CLOVER)
    ours.clock.pass_(0.5)

    assert (before, spoken_to(ours, key.text)) == (ENDIVE, CLOVER)


def test_a_later_choice_takes_the_place_of_an_earlier_one(ours: Server) -> None:
    key = make_key(ours)
    choose(ours, OURS, CLOVER)
    choose(ours, OURS, ENDIVE)

    assert spoken_to(ours, key.text) == ENDIVE


def test_nobody_chooses_for_a_tenant_that_has_no_key(ours: Server) -> None:
    nobody = Scope("acct_nobody", OURS.livemode)

    with pytest.raises(NoSuchObject, match="No such tenant with keys of this mode: 'acct_nobody'"):
        choose(ours, nobody, CLOVER)
