"""Reads OFX documents with ofxtools and tells as JSON what it makes of each: FILE…"""

import json
import sys
from typing import Any

from ofxtools.Parser import OFXTree


def told(path: str) -> dict[str, Any]:
    """Return what stands in one document of a bank, by ofxtools' own strict models."""
    tree = OFXTree()
    tree.parse(path)
    document = tree.convert()
    challenges = getattr(document.signonmsgsrsv1, "mfachallengetrnrs", None)
    signup = getattr(document, "signupmsgsrsv1", None)
    accounts = [] if signup is None else list(signup[0].acctinfors)
    return {
        "code": document.sonrs.status.code,
        "challenges": [] if challenges is None else [one.mfaphraseid for one in challenges.mfachallengers],
        "accounts": len(accounts),
        "statements": [_statement(one) for one in document.statements],
    }


def _statement(one: Any) -> dict[str, Any]:
    ledger = None if one.__class__.__name__ == "INVSTMTRS" else one.ledgerbal
    rows = list(one.transactions or [])
    plain = [row if row.__class__.__name__ == "STMTTRN" else row.stmttrn for row in rows]
    return {
        "kind": one.__class__.__name__,
        "account": one.account.acctid,
        "ledger": None if ledger is None else str(ledger.balamt),
        "rows": [[row.fitid, str(row.trnamt), row.name, row.dtposted.isoformat()] for row in plain],
    }


print(json.dumps([told(path) for path in sys.argv[1:]]))
