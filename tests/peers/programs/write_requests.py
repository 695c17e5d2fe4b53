"""Writes with ofxtools' client what a program asks a bank: VERSION FOLDER. Sends nothing."""

import pathlib
import sys
from datetime import UTC, datetime

from ofxtools.Client import CcStmtRq, InvStmtRq, OFXClient, StmtRq

version, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
client = OFXClient(
    "http://127.0.0.1:1/",
    userid="avery",
    org="SANDBANK",
    fid="1301",
    version=version,
    bankid="130110006",
    brokerid="ferrydesk.example",
    clientuid=None if version == 102 else "0f0f",
)
start = datetime(2026, 1, 1, tzinfo=UTC)
statements = client.request_statements(
    "a&b<c>",
    StmtRq(acctid="1", accttype="CHECKING", dtstart=start),
    CcStmtRq(acctid="2"),
    InvStmtRq(acctid="3"),
    dryrun=True,
)
(folder / "statements.ofx").write_bytes(statements.read())
(folder / "accounts.ofx").write_bytes(client.request_accounts("a&b<c>", start, dryrun=True).read())
