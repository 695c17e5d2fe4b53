"""Answers a request in children that die at a given point of it (run by `test_killed_requests.py`).

The points are the beginning of a transaction, each statement of it, its commit, and its answer.
"""

import sys
from typing import Final

from tests.api.conftest import NOON, Clock, done, make_server
from tests.api.mortal_store import MortalStore, store_at
from tests.dying import Death, children

DATABASE: Final = sys.argv[1]
PATH: Final = sys.argv[2]
FORM: Final = sys.argv[3]


def answer(death: Death) -> None:
    """Answer one request until death comes."""
    store = store_at(DATABASE)
    # A clock of its own: what it makes must not have the ids that the retry, or another child, will make.
    server = make_server(store=MortalStore(store, death), clock=Clock(NOON - 1 - int(death.tag)))
    server.post(PATH, FORM.encode(), idempotency_key=death.tag)
    done(store.aclose())


if __name__ == "__main__":
    children(answer)
