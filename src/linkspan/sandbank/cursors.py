"""The opaque keys between two pages of a list."""

import base64


def write_cursor(last_id: str) -> str:
    """Return a key that stands for the rows after *last_id*."""
    return base64.urlsafe_b64encode(last_id.encode()).rstrip(b"=").decode()


def read_cursor(key: str) -> str | None:
    """Return the id that *key* stands for; None if it is not one of ours."""
    try:
        return base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        return None
