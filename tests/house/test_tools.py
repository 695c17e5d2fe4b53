"""The checks of the house can fail."""

import ast
import socket
from pathlib import Path

import pytest
import pytest_socket

from linkspan.server.core import account
from tools import chromium, life_cycles, schema, size_ratchet

LIMIT = size_ratchet.Limit(what="functions", reason=4, stop=6, share=0.5)


def measured(*lines: int) -> list[size_ratchet.Measured]:
    return [size_ratchet.Measured(f"module.py:{number} it", count) for number, count in enumerate(lines)]


def test_a_docstring_does_not_count_as_length() -> None:
    tree = ast.parse('def it():\n    """One.\n\n    Two.\n    """\n    return 1\n')

    assert [one.lines for one in size_ratchet.functions_of(tree, "module.py")] == [2]


def test_lengths_below_the_stop_pass_while_few_want_a_reason() -> None:
    assert size_ratchet.complaints(LIMIT, measured(1, 4, 6)) == []


def test_one_length_over_the_stop_is_a_complaint() -> None:
    assert size_ratchet.complaints(LIMIT, measured(1, 1, 7)) == ["module.py:2 it: 7 lines, stop 6"]


def test_too_many_lengths_that_want_a_reason_are_a_complaint() -> None:
    assert size_ratchet.complaints(LIMIT, measured(1, 5, 5)) == [
        "more than 50% of functions over 4 lines: module.py:1 it (5), module.py:2 it (5)"
    ]


def test_generated_modules_are_not_measured(tmp_path: Path) -> None:
    for where in ("src/linkspan/client/_sync/calls.py", "src/linkspan/client/_async/calls.py"):
        (tmp_path / where).parent.mkdir(parents=True)
        (tmp_path / where).touch()

    found = size_ratchet.python_files(["src"], root=tmp_path)

    assert [path.parent.name for path in found] == ["_async"]


def test_a_browser_that_is_named_is_the_only_one_considered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nothing"))

    assert chromium.find_chromium() is None


def test_the_browser_of_playwright_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = tmp_path / "chromium-1200" / "chrome-linux" / "chrome"
    binary.parent.mkdir(parents=True)
    binary.touch(mode=0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "APPLICATIONS", ())

    assert chromium.find_chromium() == binary


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_a_missing_browser_is_a_failure_in_ci_alone(
    ci: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nothing"))
    monkeypatch.setenv("CI", ci)

    assert chromium.main([]) == status
    assert "tests marked `browser` are left out" in capsys.readouterr().out


def test_sockets_are_closed_to_all_but_loopback() -> None:
    refused = pytest.raises(pytest_socket.SocketConnectBlockedError)

    # An address of RFC 5737, which nobody has.
    with socket.socket() as one, pytest.warns(UserWarning, match="192.0.2.1"), refused:
        one.connect(("192.0.2.1", 80))


def test_the_written_schema_is_of_today() -> None:
    assert schema.SCHEMA.read_text(encoding="utf-8") == schema.schema(), "run python -m tools.schema"


def test_the_diagrams_are_drawn_from_todays_tables() -> None:
    document = life_cycles.DOCUMENT.read_text(encoding="utf-8")

    assert document == life_cycles.drawn(document), "run python -m tools.life_cycles"
    assert [name for name in life_cycles.DRAWN if f"<!-- {name} -->" not in document] == []


def test_a_move_that_a_table_gains_is_seen_in_its_diagram() -> None:
    active, lost = account.AccountStatus.ACTIVE, account.AccountFact.ACCESS_LOST

    lines = life_cycles.diagram({(None, lost): active}).splitlines()

    assert lines[2:-1] == ["    [*] --> active: access lost", "    active --> [*]"]
