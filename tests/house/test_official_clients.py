"""What cannot be installed is left out in one line, and fails where nothing may be left out."""

from pathlib import Path

import pytest

from tools import official_clients


@pytest.fixture(autouse=True)
def _no_way_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clients be looked for where there are none, with programs that are not there."""
    monkeypatch.setattr(official_clients, "HOMES", tmp_path / "clients")
    monkeypatch.setattr(official_clients, "PROGRAMS", tmp_path / "bin")
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin" / "python"))


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_clients_that_cannot_be_installed_are_a_failure_in_ci_alone(
    ci: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", ci)

    assert official_clients.main() == status
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2
    assert "are left out" in said[1]
    assert not official_clients.is_installed("python-5")


def test_a_client_is_installed_when_its_folder_holds_what_the_lock_names() -> None:
    home = official_clients.home_of("python-5")
    home.mkdir(parents=True)
    lock = (official_clients.LOCKS / "python-5.txt").read_text("utf-8")

    (home / ".installed").write_text(lock.replace("5.0.0", "5.1.0"), "utf-8")
    assert not official_clients.is_installed("python-5")

    (home / ".installed").write_text(lock, "utf-8")
    assert official_clients.is_installed("python-5")
