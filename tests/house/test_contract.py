"""The import contract names every room, and catches whoever enters the wrong one."""

import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "linkspan"
# Where the pieces are put together, families are named.
ASSEMBLY = {"app", "worker", "connectors"}


def contract(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser[f"importlinter:contract:{name}"]


def rooms(folder: Path) -> set[str]:
    """The packages and modules that stand in a folder."""
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    modules = {path.stem for path in folder.glob("*.py")}
    return packages | modules - {"__init__", "__main__"}


def listed(name: str, key: str) -> set[str]:
    return set(contract(name)[key].split())


@pytest.mark.parametrize(("name", "folder"), [("house", PACKAGE), ("server", PACKAGE / "server")])
def test_the_layers_are_the_rooms_that_stand(name: str, folder: Path) -> None:
    words = re.split(r"[\s|:]+", contract(name)["layers"].strip())
    planned = {word.strip("()") for word in words if word.startswith("(")}
    required = set(words) - {f"({word})" for word in planned}

    assert required == rooms(folder)
    assert planned.isdisjoint(rooms(folder))


def test_every_standard_is_named() -> None:
    folders = {path.parent.name for path in (PACKAGE / "standards").glob("*/__init__.py")}

    assert listed("standards", "modules") == {f"linkspan.standards.{one}" for one in folders}


def test_every_connector_family_is_named() -> None:
    folders = {path.parent.name for path in (PACKAGE / "server" / "connectors").glob("*/__init__.py")}
    families = {f"linkspan.server.connectors.{one}" for one in folders}

    assert listed("families", "modules") == families
    assert listed("concrete", "forbidden_modules") == families


def test_no_room_but_the_assembly_may_reach_a_family() -> None:
    names = rooms(PACKAGE / "server") - ASSEMBLY

    assert listed("concrete", "source_modules") == {f"linkspan.server.{name}" for name in names}


@pytest.mark.parametrize("name", ["words", "core"])
def test_the_lower_rooms_are_closed_to_every_dependency_but_msgspec(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = project["dependencies"] + project["optional-dependencies"]["server"]
    names = (re.split(r"[\[<>=;! ]", requirement)[0] for requirement in requirements)
    dependencies = {name.replace("-", "_") for name in names}

    assert dependencies - listed(name, "forbidden_modules") == {"msgspec"}


VIOLATIONS = {
    "objects/_trespass.py": "import httptools",
    "standards/fdx/_trespass.py": "import socket",
    "client/_trespass.py": "import linkspan.server.core",
    "sandbank/_trespass.py": "import linkspan.objects",
    "shop/_trespass.py": "import linkspan.standards",
    "utils/__init__.py": "",
    "server/core/_trespass.py": "import time",
    "server/store/_trespass.py": "import linkspan.server.vault",
    "server/jobs/_trespass.py": "import linkspan.server.telemetry.traces",
    "server/operations/_trespass.py": "import linkspan.server.connectors.fdx",
    "server/vault/_trespass.py": "import linkspan.server.vault._accomplice",
    "server/vault/_accomplice.py": "import linkspan.server.vault._trespass",
    "server/connectors/other/__init__.py": "import linkspan.server.connectors.fdx",
    "standards/other/__init__.py": "import linkspan.standards.fdx",
}
CAUGHT = (
    "linkspan.objects is not allowed to import httptools",
    "linkspan.standards is not allowed to import socket",
    "linkspan.client is not allowed to import linkspan.server",
    "linkspan.sandbank is not allowed to import linkspan.objects",
    "linkspan.shop is not allowed to import linkspan.standards",
    "linkspan.utils",
    "linkspan.server.core is not allowed to import time",
    "linkspan.server.store is not allowed to import linkspan.server.vault",
    "linkspan.server.jobs is not allowed to import linkspan.server.telemetry.traces",
    "linkspan.server.operations is not allowed to import linkspan.server.connectors.fdx",
    "linkspan.server.connectors.other is not allowed to import linkspan.server.connectors.fdx",
    "linkspan.standards.other is not allowed to import linkspan.standards.fdx",
    "_accomplice",
)


def test_whoever_enters_the_wrong_room_is_caught(tmp_path: Path) -> None:
    copy = tmp_path / "linkspan"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "static"))
    rules = (ROOT / ".importlinter").read_text(encoding="utf-8")
    for family in ("linkspan.standards.fdx", "linkspan.server.connectors.fdx"):
        rules = rules.replace(f"modules =\n    {family}", f"modules =\n    {family}\n    {family[:-3]}other")
    (tmp_path / ".importlinter").write_text(rules, encoding="utf-8")
    for where, text in VIOLATIONS.items():
        (copy / where).parent.mkdir(exist_ok=True)
        (copy / where).write_text(text + "\n", encoding="utf-8")

    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run(
        [linter, "--no-logo", "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    said = " ".join(ran.stdout.split())
    assert ran.returncode == 1
    assert [one for one in CAUGHT if one not in said] == []
    assert "KEPT" not in said
