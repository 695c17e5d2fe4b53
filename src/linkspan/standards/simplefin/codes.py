"""The codes of protocol 2's ``errlist``; one that is not known means what its prefix means."""

from typing import Final

KNOWN: Final = frozenset(
    {"gen.", "gen.api", "gen.auth", "con.", "con.auth", "act.", "act.failed", "act.missingdata"}
)


def known_code(code: str) -> str:
    """Return the longest known code that *code* begins with, or ``gen.`` for one of no known kind.

    ``act.failed.timeout`` means ``act.failed``; ``con.weather`` means ``con.``.
    """
    parts = code.split(".")
    for length in range(len(parts), 1, -1):
        if (shorter := ".".join(parts[:length])) in KNOWN:
            return shorter
    prefix = f"{parts[0]}."
    return prefix if prefix in KNOWN else "gen."
