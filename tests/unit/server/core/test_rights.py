"""A right is a resource and a verb; who may write may read."""

import pytest

from linkspan.server.core.rights import RESOURCES, RIGHTS, implied, label, right_to


@pytest.mark.parametrize(
    ("method", "right"),
    [("GET", "customer_read"), ("POST", "customer_write"), ("DELETE", "customer_write")],
)
def test_anything_but_reading_takes_the_right_to_write(method: str, right: str) -> None:
    assert right_to("customers", method) == right


def test_every_resource_has_two_rights() -> None:
    assert {right_to(name, method) for name in RESOURCES for method in ("GET", "POST")} == RIGHTS


def test_who_may_write_may_read() -> None:
    assert implied(["customer_write"]) == {"customer_write", "customer_read"}


def test_who_may_read_may_do_nothing_more() -> None:
    assert implied(["customer_read"]) == {"customer_read"}


def test_a_right_has_a_name_for_people() -> None:
    assert label("financial_connections_session_write") == "Financial Connections Sessions Write"
