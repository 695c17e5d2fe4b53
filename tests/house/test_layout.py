"""Every room says in one sentence what it is for."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "tools", "benchmarks", "examples")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def purpose(path: Path) -> str:
    """The first paragraph of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.partition("\n\n")[0].split())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_opens_with_one_sentence(path: Path) -> None:
    sentence = purpose(path)

    assert sentence.endswith((".", "?"))
    assert ". " not in sentence.replace("e.g. ", "").replace("i.e. ", "")


def test_every_folder_with_modules_is_a_package() -> None:
    package = ROOT / "src" / "linkspan"
    folders = {path.parent for path in package.rglob("*.py")}
    bare = [folder for folder in folders if not (folder / "__init__.py").exists()]

    assert [folder.relative_to(package).as_posix() for folder in bare] == []
