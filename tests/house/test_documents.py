"""What the documents say is what the code does."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup

from linkspan.cli import app
from linkspan.server.api.versions.published import PUBLISHED

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
LINK = re.compile(r"\[[^\]]*\]\((?!https?://|#|mailto:)([^)#\s]+)")
SETTING = re.compile(r"(LINKSPAN|STRIPE)_[A-Z_]*[A-Z]")
COMMAND = typer.main.get_command(app)
assert isinstance(COMMAND, TyperGroup)
VERBS = COMMAND.commands


def text_of(*path: str) -> str:
    return ROOT.joinpath(*path).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_link_leads_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))

    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_list_of_documents_has_all_of_them() -> None:
    listed = LINK.findall(text_of("docs", "README.md"))
    there = {document.relative_to(ROOT / "docs").as_posix() for document in (ROOT / "docs").rglob("*.md")}
    decisions = {f"decisions/{decision.name}" for decision in DECISIONS}

    assert set(listed) == there - decisions - {"README.md"}


def test_the_example_in_the_readme_is_the_one_that_runs() -> None:
    example = text_of("examples", "link_an_account.py")

    assert f"```python\n{example}```" in text_of("README.md")


@pytest.mark.parametrize("example", ["test_link_in_one_call.py", "test_link_in_a_browser.py"])
def test_the_tests_shown_are_those_that_run(example: str) -> None:
    _, _, body = text_of("examples", example).partition("\n\n\n")

    assert f"```python\n{body}```" in text_of("docs", "how-to", "test-a-program.md")


def test_the_example_has_thirty_lines() -> None:
    lines = [line for line in text_of("examples", "link_an_account.py").splitlines() if line]

    assert len(lines) <= 30


def options_of(command: Any) -> set[str]:
    """The options of a verb, one of typer's commands, and of what it is followed by."""
    own = {name for option in command.params for name in option.opts if name.startswith("--")}
    below = getattr(command, "commands", {}).values()
    return own.union(*(options_of(one) for one in below))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented_with_its_options(verb: str) -> None:
    _, heading, section = text_of("docs", "reference", "commands.md").partition(f"## `linkspan {verb}`")
    section = section.partition("\n## ")[0]
    options = options_of(VERBS[verb])

    assert heading
    assert {name for name in options - {"--help"} if f"| `{name}` |" not in section} == set()
    assert set(re.findall(r"^\| `(--[a-z-]+)` \|", section, re.MULTILINE)) <= options


def settings_in_the_code() -> set[str]:
    found = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {match.group() for match in SETTING.finditer(node.value)}
    return found


def test_every_setting_is_documented() -> None:
    documented = {match.group() for match in SETTING.finditer(text_of("docs", "reference", "settings.md"))}

    assert settings_in_the_code() <= documented


@pytest.mark.parametrize("document", ["README.md", "docs/reference/differences.md"])
def test_the_versions_that_are_named_are_those_that_are_served(document: str) -> None:
    assert f"{PUBLISHED[0]} to {PUBLISHED[-1]}" in text_of(document)


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_enforces_it(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)

    assert text.startswith(f"# {int(decision.name[:4])}. ")
    assert headings == ["Context", "Decision", "Consequences", "Rejected", "Enforced by"]
    assert f"]({decision.name})" in text_of("docs", "decisions", "README.md")


def test_no_two_decisions_share_a_number() -> None:
    numbers = [path.name[:4] for path in DECISIONS]

    assert len(numbers) == len(set(numbers))
