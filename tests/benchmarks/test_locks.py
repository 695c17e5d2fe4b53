"""The write lock of a database is seen from outside for as long as it is held."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from benchmarks.locks import watched
from linkspan.server.store.sqlite import open_store


def test_a_lock_is_seen_for_as_long_as_it_is_held(tmp_path: Path) -> None:
    with closing(open_store(str(tmp_path / "linkspan.db"))) as store:
        with watched(tmp_path / "linkspan.db") as held:
            store.writer.execute("BEGIN IMMEDIATE")
            time.sleep(0.2)
            store.writer.execute("COMMIT")

        assert held.longest >= 150


def test_who_watches_takes_no_lock_and_sees_none_that_is_not_there(tmp_path: Path) -> None:
    with closing(open_store(str(tmp_path / "linkspan.db"))):
        other = sqlite3.connect(tmp_path / "linkspan.db", isolation_level=None, timeout=0)
        with closing(other), watched(tmp_path / "linkspan.db") as held:
            for _ in range(200):
                other.execute("SELECT count(*) FROM events").fetchone()
                time.sleep(0.000_5)

        assert held.longest == 0

        other = sqlite3.connect(tmp_path / "linkspan.db", isolation_level=None, timeout=0)
        with closing(other), watched(tmp_path / "linkspan.db"):
            for _ in range(200):
                other.execute("BEGIN IMMEDIATE")  # fails at once where anybody has it
                other.execute("ROLLBACK")
