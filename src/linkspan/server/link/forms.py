"""Writes what a person enters in the modal as the block of its pane."""

from collections.abc import Mapping
from typing import Any, Final

from linkspan.server.core.forms import Field, FieldKind, Form
from linkspan.server.link.languages import Language

# Names of fields that are ours; a bank's own come with the bank's words for them.
_LABELED: Final = frozenset({"user_id", "password", "token"})
# What browsers and password managers fill in (WHATWG HTML, "autofill").
_AUTOCOMPLETE: Final[Mapping[FieldKind, str]] = {"password": "current-password", "code": "one-time-code"}


def form_block(form: Form, words: Language, *, bank: str, is_away: bool) -> dict[str, Any]:
    """Return the pane's block for *form*; *is_away* while the bank is given an answer."""
    about, problem = form.about, form.problem
    return {
        "about": about,
        "status": "checking" if is_away else "ready",
        "title": words.text(f"server.form.{about}.title", bank=bank),
        "text": words.text(f"server.form.{about}.text", bank=bank),
        "said": form.said,
        "fields": [_field(field, words) for field in form.fields],
        "problem": problem and words.text(f"server.form.problem.{problem}", bank=bank),
        "help": form.help_url
        and {"url": form.help_url, "label": words.text(f"server.form.{about}.help", bank=bank)},
        "submit": words.text("server.form.submit"),
        "ends_at": form.ends_at,
    }


def _field(field: Field, words: Language) -> dict[str, Any]:
    ours = field.name if field.name in _LABELED else "answer"
    return {
        "name": field.name,
        "kind": field.kind,
        "label": field.label or words.text(f"server.form.label.{ours}"),
        "options": [{"value": option.value, "label": option.label} for option in field.options],
        "autocomplete": "username" if field.name == "user_id" else _AUTOCOMPLETE.get(field.kind, "off"),
    }
