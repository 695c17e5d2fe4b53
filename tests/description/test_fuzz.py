"""No request, however odd, is answered otherwise than the description says."""

import json
import os
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote_plus

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NotSet

from linkspan.server.api.versions.published import PREVIEWS
from tests.api.conftest import KEY, Answer, Server, done
from tests.description.described import a_world, assert_as_described, description

# The newest preview has everything that any version has.
VERSION: Final = PREVIEWS[-1]
DESCRIBED: Final = description(VERSION)
# Few enough for every run of the tests; FUZZ_EXAMPLES=500 is for a night.
EXAMPLES_A_METHOD: Final = int(os.environ.get("FUZZ_EXAMPLES", "6"))


def operations() -> list[Any]:
    """Every method at every address, as schemathesis knows them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema: Any = schemathesis.openapi.from_dict(dict(DESCRIBED))
        return [found.ok() for found in schema.get_all_operations()]


def pairs(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the pairs of a form that spell *value*, in brackets."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from pairs(inner, f"{name}[{key}]" if name else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from pairs(inner, f"{name}[{index}]")
    elif isinstance(value, bool):
        yield name, str(value).lower()
    else:
        yield name, "" if value is None else str(value)


def spelled(value: Any) -> bytes:
    """A form or query as its bytes; what is no hash is sent as it is."""
    if not isinstance(value, Mapping):
        return str(value).encode(errors="replace")
    return "&".join(
        f"{quote_plus(name, safe='[]', errors='replace')}={quote_plus(text, errors='replace')}"
        for name, text in pairs(value)
    ).encode()


def as_json(value: Any) -> bytes:
    """A body as JSON; what JSON cannot say is sent as it is."""
    try:
        return json.dumps(value).encode()
    except (TypeError, ValueError):
        return str(value).encode(errors="replace")


def grounded(value: Any, world: Mapping[str, str]) -> Any:
    """A value whose ids name what there is."""
    if not isinstance(value, Mapping):
        return value
    return {
        name: world[name] if name in world and isinstance(inner, str) else grounded(inner, world)
        for name, inner in value.items()
    }


def sent(server: Server, world: Mapping[str, str], case: Any, *, is_grounded: bool) -> Answer:
    """What the server answers to one case, with the ids of the case or those of the world."""
    ids = world if is_grounded else {}
    path = case.operation.path.format_map({**case.path_parameters, **grounded(case.path_parameters, ids)})
    parts = case.body if case.method == "POST" else case.query
    is_json = case.method == "POST" and path.startswith("/v2/")
    spell = as_json if is_json else spelled
    raw = b"" if isinstance(parts, NotSet) else spell(grounded(parts, ids))
    headers = {"authorization": f"Bearer {KEY}", "stripe-version": VERSION}
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and not is_grounded:  # the same key again tells nothing new
        headers["idempotency-key"] = key.encode(errors="replace").decode("latin-1")
    return done(server.send(case.method, path, raw, headers))


def ask_oddly(server: Server, world: Mapping[str, str], operation: Any, mode: GenerationMode) -> None:
    """Send requests to a method, the same in every run, and compare each answer with the description."""
    described = DESCRIBED["paths"][operation.path][operation.method]

    @settings(
        max_examples=EXAMPLES_A_METHOD,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode), st.sampled_from([False, True, True]))
    def ask(case: Any, is_grounded: bool) -> None:  # noqa: FBT001 - drawn
        answer = sent(server, world, case, is_grounded=is_grounded)

        assert answer.status < 500, answer.body
        assert_as_described(VERSION, described, answer.status, answer.body)

    ask()


@pytest.mark.timeout(30 * EXAMPLES_A_METHOD)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_one_that_is_described(server: Server, mode: GenerationMode) -> None:
    world = a_world(server)

    for operation in operations():
        ask_oddly(server, world, operation, mode)
