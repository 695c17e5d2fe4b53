"""The one exception that every reader of a bank format raises."""

import re
from typing import Final

# Enough to recognize what was sent, too little to copy a document into a log.
_SHOWN_CHARACTERS: Final = 40


class MalformedField(ValueError):
    """A document breaks its standard; nothing of it was used.

    ``content`` holds what stood in the field. The message shows only its shape,
    with every letter as ``x`` and every digit as ``9``: it ends up in logs, and
    the content may be an account number or a person's name.
    """

    def __init__(self, standard: str, field: str, content: str, problem: str) -> None:
        shape = re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "x", content[:_SHOWN_CHARACTERS]))
        super().__init__(f"{standard}: {field}: {problem}, in {shape!r}")
        self.standard = standard
        self.field = field
        self.content = content
        self.problem = problem
