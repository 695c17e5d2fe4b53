"""Copies a SQLite database whole while servers write to it."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from linkspan.server.store.sqlite import reading


class BadBackup(Exception):
    """A copy cannot be made or kept; the message says why."""


def backup(source: Path, target: Path) -> int:
    """Write a copy of *source* to the new file *target*, checked and synced; return its size in bytes.

    It holds everything that was committed when it began, and nothing that was
    deleted: ``VACUUM INTO`` reads in one view, which holds up no writer, and
    leaves out what SQLite has not yet written over. The copy gets its name when
    it is whole. Whoever owns it alone may read it.
    """
    if target.exists():
        raise BadBackup(f"{target} exists; a backup overwrites nothing")
    with _draft(target) as draft:
        with closing(reading(source)) as connection:
            connection.execute("VACUUM INTO ?", (str(draft),))
        _check(draft)
        _sync(draft)
        draft.rename(target)
    _sync(target.parent)
    return target.stat().st_size


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Lend a file beside *target* that is gone afterwards, unless it was renamed."""
    draft = target.with_name(target.name + ".new")
    draft.unlink(missing_ok=True)  # of a backup that was killed
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _check(copy: Path) -> None:
    """Refuse a copy that does not hold together."""
    with closing(reading(copy)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise BadBackup(f"the copy is damaged, and so may be the database: {found}")


def _sync(path: Path) -> None:
    """Return when *path*, a file or a folder, is on disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
