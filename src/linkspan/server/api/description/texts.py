"""What the sources say about structs and routes, as the texts of a description."""

import ast
import inspect
import re
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

_UNITS = re.compile(r", (a count|text|or the [\w ]+ itself when expanded)(?=[,.]|$)")
_SINCE = re.compile(r"\s*Since \d{4}[^;]*?\.(?=\s|$)")


def sentences(doc: str | None) -> str:
    """Return a docstring as running text, its code in single quotes as Markdown has it."""
    return " ".join((doc or "").split()).replace("``", "`")


def summary(doc: str | None) -> str:
    """Return the first sentence of a docstring, without its full stop."""
    return sentences((doc or "").strip().partition("\n\n")[0]).removesuffix(".")


@cache
def field_texts(kind: type) -> Mapping[str, str]:
    """Return the text under each field of a struct; nothing where the sources are not there to read."""
    try:
        source = textwrap.dedent(inspect.getsource(kind))
    except OSError:
        return {}
    (body,) = [node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return {
        node.target.id: sentences(after.value.value)
        for node, after in pairwise(body)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if isinstance(after.value.value, str)
    }


def as_parameter(text: str) -> str:
    """Return the text of a field as that of its parameter: what it is, not when it is missing."""
    told = _UNITS.sub("", _SINCE.sub("", text).partition(";")[0]).strip()
    return f"{told.removesuffix('.')}." if told else ""
