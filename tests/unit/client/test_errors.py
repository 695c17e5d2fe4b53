import pickle

import pytest

from linkspan.client import _errors
from linkspan.client._errors import APIConnectionError, InvalidRequestError, LinkspanError

KINDS = [kind for kind in vars(_errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]


def test_every_error_hangs_on_one_root_and_is_drawn() -> None:
    assert _errors.__doc__ is not None
    for kind in KINDS:
        assert issubclass(kind, LinkspanError)
        assert kind.__name__ in _errors.__doc__


def test_an_error_says_what_to_quote_when_asking_for_help() -> None:
    error = InvalidRequestError("No such session: 'fcsess_1'", request_id="req_1", param="session")

    assert str(error) == "Request req_1: No such session: 'fcsess_1'"
    assert repr(error) == (
        "InvalidRequestError(\"No such session: 'fcsess_1'\", request_id='req_1', param='session')"
    )


@pytest.mark.parametrize(
    "error",
    [
        InvalidRequestError(
            "no", http_status=404, request_id="req_1", code="resource_missing", param="id", type="t"
        ),
        APIConnectionError("reset", should_retry=False),
    ],
)
def test_an_error_survives_the_way_between_processes(error: LinkspanError) -> None:
    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is type(error)
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)
