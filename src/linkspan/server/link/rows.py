"""Writes institutions as the modal shows them (contract/link/README.md)."""

from typing import Any, Final

from linkspan.server.core.catalog import Row
from linkspan.server.core.health import Health
from linkspan.server.core.listed import Listed

NEUTRAL_COLOR: Final = "#4B5563"
"""Of the monogram of an institution whose color nobody knows."""


def institution_block(listed: Listed) -> dict[str, Any]:
    """Return an institution as every pane shows it."""
    return {
        "id": listed.id,
        "name": listed.name,
        "url": f"https://{listed.domains[0]}" if listed.domains else None,
        "color": listed.color or NEUTRAL_COLOR,
        "monogram": monogram_of(listed.name),
        "logo": logo_of(listed),
    }


def row_block(row: Row, health: Health) -> dict[str, Any]:
    """Return an institution as one may choose it."""
    return {
        **institution_block(row.listed),
        "place": row.listed.place,
        "linkable": row.is_linkable,
        **health_block(health, row.listed),
    }


def health_block(health: Health, listed: Listed | None = None) -> dict[str, Any]:
    """Return how well an institution answers, and how long linking there takes as far as that is known."""
    return {
        "status": health.status,
        "back_at": health.back_at,
        "takes_seconds": health.takes_seconds or (listed.takes_seconds if listed else None),
    }


def logo_of(listed: Listed) -> str | None:
    """Return the address of a logo; none where a monogram stands in its place."""
    return f"/link/logos/{listed.id}" if listed.logo else None


def monogram_of(name: str) -> str:
    """Return one or two letters that stand for *name*."""
    words = [word for word in name.replace("(", " ").replace(")", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()
