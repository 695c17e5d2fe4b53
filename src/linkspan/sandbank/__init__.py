"""A demonstration bank to link to, reached over HTTP only."""

from linkspan.sandbank.app import create_bank
from linkspan.sandbank.brands import directory
from linkspan.sandbank.clients import Client

__all__ = ["Client", "create_bank", "directory"]
