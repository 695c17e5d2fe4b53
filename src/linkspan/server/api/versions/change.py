"""What one version of the API changed, as data.

Paths of parameters are in brackets, ``filters[country]``; paths of fields have
dots, ``filters.country``. What data cannot say, such as how one field became
another, is a function beside it. Requests, answers and the description of the
API all follow from the same rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from linkspan.objects import Dialect
from linkspan.server.api.forms import Form
from linkspan.server.api.params import Param, Schema

Paths: TypeAlias = Mapping[str, tuple[str, ...]]

SESSION: Final = "financial_connections.session"
ACCOUNT: Final = "financial_connections.account"


def _form_as_it_is(_route: str, form: Form) -> Form:
    return form


def _answer_as_it_is(answer: dict[str, Any]) -> dict[str, Any]:
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one version changed; the version before it is that without this."""

    version: str
    summary: str
    """What the author of a program has to know, in one sentence."""
    parameters: Paths = field(default_factory=dict)
    """The parameters it brought, by route."""
    fields: Paths = field(default_factory=dict)
    """The fields it brought, by the object's name of today."""
    ended_parameters: Mapping[str, Mapping[str, Param]] = field(default_factory=dict)
    """The parameters it ended, by route and path; `up` says what they mean since."""
    ended_fields: Mapping[str, Mapping[str, Schema]] = field(default_factory=dict)
    """The fields it ended, by object and path; `down` says what they were."""
    dialect: Dialect | None = None
    """How objects were spelled before it, where all names changed at once."""
    up: Callable[[str, Form], Form] = _form_as_it_is
    """Turns a route's form of the version before, naming nothing this version brought, into one of it."""
    down: Callable[[dict[str, Any]], dict[str, Any]] = _answer_as_it_is
    """Turns an answer of it, with the fields it brought, into one of the version before."""
