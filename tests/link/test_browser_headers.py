"""R30: every page of ours is sent with the headers that let a browser protect it."""

import re
from typing import Final

import pytest

from tests.conftest import Tally
from tests.link.stage import SERVER, Stage
from tests.link.wire import Answer

pytestmark = pytest.mark.anyio

PAGES: Final = (
    "/link/frame?key=pk_test_1",
    "/link/hosted",
    "/link/bridge/unknown",
    "/link/callback?state=unknown",
    "/docs",
    "/docs/errors",
    "/docs/requests/req_1",
)
FILES: Final = ("/v3/", "/linkspan.js", "/link/static/app.js", "/link/static/app.css", "/linkspan.d.ts")


def graded(policy: str) -> list[str]:
    """What a policy leaves open, by the rules of CSP Level 3 that graders go by."""
    directives: dict[str, str] = dict(re.findall(r"([\w-]+) ([^;]+)", policy))
    default = directives.get("default-src", "*")
    findings = []
    for name in ("script-src", "object-src", "style-src", "connect-src", "img-src"):
        sources = directives.get(name, default).split()
        if {"*", "http:", "https:", "'unsafe-inline'", "'unsafe-eval'", "data:"} & set(sources) - (
            {"data:"} if name == "img-src" else set()
        ):
            findings.append(f"{name} {' '.join(sources)}")
    # These three do not fall back to default-src.
    alone = ("base-uri", "form-action", "frame-ancestors")
    return findings + [f"no {name}" for name in alone if name not in directives]


def missing(answer: Answer) -> list[str]:
    """Which of the headers that every page needs this one lacks."""
    wanted = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
    }
    return [name for name, value in wanted.items() if answer.header(name) != value]


async def test_every_pages_policy_leaves_nothing_open(stage: Stage, tally: Tally) -> None:
    found = {}
    for path in PAGES:
        answer = await stage.ask("GET", path)
        assert "text/html" in answer.header("content-type"), path
        found[path] = graded(answer.header("content-security-policy")) + missing(answer)

    assert found == {path: [] for path in PAGES}
    tally("R30", pages=len(PAGES), findings=0)


@pytest.mark.parametrize("path", ["/link/frame?key=pk_test_1", "/link/hosted"])
async def test_where_scripts_run_trusted_types_are_required(path: str, stage: Stage) -> None:
    policy = (await stage.ask("GET", path)).header("content-security-policy")

    assert "require-trusted-types-for 'script'" in policy
    assert "trusted-types 'none'" in policy


@pytest.mark.parametrize("path", FILES)
async def test_files_are_taken_for_nothing_else(path: str, stage: Stage) -> None:
    answer = await stage.ask("GET", path)

    assert answer.status == 200
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("cross-origin-resource-policy") == "cross-origin"


async def test_a_page_that_holds_nothing_to_script_runs_no_script(stage: Stage) -> None:
    answer = await stage.ask("GET", f"{SERVER}/link/callback?state=unknown")

    assert "script-src" not in answer.header("content-security-policy")
    assert "default-src 'none'" in answer.header("content-security-policy")
