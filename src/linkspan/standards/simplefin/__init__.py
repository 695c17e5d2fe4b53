"""The account data of SimpleFIN, protocol 1 and 2, with its tokens."""

from linkspan.standards.malformed import MalformedField
from linkspan.standards.simplefin.codes import known_code
from linkspan.standards.simplefin.reader import read_account_set, read_info
from linkspan.standards.simplefin.records import (
    AccessUrl,
    Account,
    AccountSet,
    Connection,
    Organization,
    Transaction,
    Trouble,
)
from linkspan.standards.simplefin.tokens import read_access_url, read_setup_token

__all__ = [
    "AccessUrl",
    "Account",
    "AccountSet",
    "Connection",
    "MalformedField",
    "Organization",
    "Transaction",
    "Trouble",
    "known_code",
    "read_access_url",
    "read_account_set",
    "read_info",
    "read_setup_token",
]
