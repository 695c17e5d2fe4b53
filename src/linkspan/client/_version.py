"""The version of this package, with the API version it was written for."""

from typing import Final

__version__: Final = "0.1.0.dev0"
NEWEST_VERSION: Final = "2026-10-28.endive"
