"""What one version of the API changed, as data.

Paths of parameters are in brackets, ``filters[country]``; paths of fields have
dots, ``filters.country``. What data cannot say, such as how one field became
another, is a function beside it. Requests, answers and the description of the
API all follow from the same rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from linkspan.objects.dialects import Spelling
from linkspan.server.api.forms import Form
from linkspan.server.api.params import Param, Schema

Paths: TypeAlias = Mapping[str, tuple[str, ...]]
Members: TypeAlias = dict[str, Any]  # Any: the members of a JSON object, not decoded into a type
Turn: TypeAlias = Callable[[Members], Members]

SESSION: Final = "financial_connections.session"
ACCOUNT: Final = "financial_connections.account"
AUTHORIZATION: Final = "financial_connections.authorization"
PAYMENT_INTENT: Final = "payment_intent"
PAYMENT_METHOD: Final = "payment_method"
SETUP_INTENT: Final = "setup_intent"


def form_as_it_is(_route: str, form: Form) -> Form:
    """Return *form*: most changes leave what is sent alone."""
    return form


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one version changed; the version before it is that without this."""

    version: str
    previewed: str | None = None
    """The preview that had it, where that was an earlier day's."""
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
    up: Callable[[str, Form], Form] = form_as_it_is
    """Turns a route's form of the version before, naming nothing this version brought, into one of it."""
    down: Mapping[str, Turn] = field(default_factory=dict)
    """Turns an object of it, by its name of today, into one of the version before; `fields` are left out
    after it."""
    spellings: Mapping[str, Spelling] = field(default_factory=dict)
    """How objects were spelled before it, by their name of today, where names changed; comes last."""
