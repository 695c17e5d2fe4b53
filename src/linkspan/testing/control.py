"""Asks a development server for what only it does, below ``/_linkspan/``."""

import json
from collections.abc import Sequence
from typing import Any, Final, Literal
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

_SECONDS_MAX: Final = 60
# The server is on this machine, whatever proxy the environment names.
_opener: Final = build_opener(ProxyHandler({}))


class ControlRefused(ValueError):
    """The server did not do what was asked; the message says why, *param* what about."""

    def __init__(self, message: str, *, param: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.param = param
        self.status = status


def ask(
    method: Literal["GET", "POST"],
    url: str,
    key: str,
    form: Sequence[tuple[str, str]] = (),
    *,
    account: str | None = None,
) -> dict[str, Any]:
    """Return the JSON object that the server answers with; *account* is a connected one to act for."""
    body = urlencode(form).encode() if method == "POST" else None
    headers = {"authorization": f"Bearer {key}", "content-type": "application/x-www-form-urlencoded"}
    if account is not None:
        headers["stripe-account"] = account
    request = Request(url, body, headers, method=method)  # noqa: S310 - the address of a test's own server
    try:
        with _opener.open(request, timeout=_SECONDS_MAX) as answer:
            told: dict[str, Any] = json.load(answer)
            return told
    except HTTPError as refused:
        with refused:
            raise _refusal(refused) from None


def _refusal(refused: HTTPError) -> ControlRefused:
    try:
        error = json.load(refused)["error"]
        return ControlRefused(str(error["message"]), param=error.get("param"), status=refused.code)
    except (ValueError, KeyError, TypeError):
        message = f"{refused.url} answers {refused.code}: only `linkspan dev` does this"
        return ControlRefused(message, status=refused.code)
