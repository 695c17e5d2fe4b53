"""Tests of programs that link accounts: a server, a link completed in one call, webhooks captured.

Nothing here needs a browser or a network beyond this machine. The server is
``linkspan dev`` in a process of its own, with its objects in memory; it needs
``linkspan[server]`` and refuses live keys. With pytest, the fixtures of
`linkspan.testing.plugin` are there as soon as the package is installed.
"""

from linkspan.testing.completion import Completion, complete
from linkspan.testing.control import ControlRefused
from linkspan.testing.server import DevelopmentServer, ServerDidNotStart, serving
from linkspan.testing.webhooks import Inbox, NothingCame, capturing

__all__ = [
    "Completion",
    "ControlRefused",
    "DevelopmentServer",
    "Inbox",
    "NothingCame",
    "ServerDidNotStart",
    "capturing",
    "complete",
    "serving",
]
