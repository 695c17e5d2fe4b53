"""Brings the directory in line with a file: all of it or nothing, and nothing twice."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, TextIO, TypeAlias

from linkspan.server.core.listed import Listed
from linkspan.server.operations.context import Context
from linkspan.server.operations.directories import documents, fdic, ncua, own_tables
from linkspan.server.operations.directories.entries import Entry, Read, Reading, Unreadable
from linkspan.server.store import directories as directory_rows
from linkspan.server.store import institutions as institution_rows
from linkspan.server.store.driver import Tx

Format: TypeAlias = Literal["fdic", "ncua", "csv", "document"]
READERS: Final[Mapping[str, Read]] = {
    "fdic": fdic.read,
    "ncua": ncua.read,
    "csv": own_tables.read,
    "document": documents.read,
}
# Whoever mends a file mends it a screen at a time.
_TOLD_MAX: Final = 20
# So that no statement waits for a million rows to be gathered.
_AT_ONCE: Final = 500

Open: TypeAlias = Callable[[], TextIO]
"""Opens the file at its beginning; it is read twice."""


class BadFile(ValueError):
    """A file of which nothing was imported; says what cannot be taken, and where."""

    def __init__(self, problems: list[Unreadable], *, has_more: bool = False) -> None:
        told = [str(problem) for problem in problems]
        super().__init__("\n".join([*told, "and more"] if has_more else told))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a file changes, or would change, by the ids of institutions."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    gone: tuple[str, ...]
    """No longer in the file, and marked so, or deleted where that was asked."""
    unchanged: int

    @property
    def are_any(self) -> bool:
        """Whether anything is another than before."""
        return bool(self.added or self.updated or self.gone)


async def import_(
    context: Context,
    format_: Format,
    open_: Open,
    *,
    source: str,
    deletes_gone: bool = False,
    is_rehearsal: bool = False,
) -> Changes:
    """Bring what is known from *source* in line with a file.

    The file is looked through first, so that one with a mistake changes
    nothing and opens no transaction: raises `BadFile`. An institution that the
    file has no more is marked as gone, and found no more; once it comes back
    it is as before.
    """
    check(READERS[format_], open_)
    work = partial(
        _carry_out,
        context=context,
        read=READERS[format_],
        open_=open_,
        source=source,
        deletes_gone=deletes_gone,
        is_rehearsal=is_rehearsal,
    )
    return await (context.store.read(work) if is_rehearsal else context.store.write(work))


def check(read: Read, open_: Open) -> None:
    """Look through a file; raises `BadFile`."""
    problems, seen = list[Unreadable](), set[str]()
    with open_() as file:
        for one in _each(read(file)):
            if isinstance(one, Unreadable):
                problems.append(one)
            elif one.listed.id in seen:
                problems.append(Unreadable(one.place, "id", f"{one.listed.id} is used twice"))
            else:
                seen.add(one.listed.id)
            if len(problems) > _TOLD_MAX:
                raise BadFile(problems[:_TOLD_MAX], has_more=True)
    if problems:
        raise BadFile(problems)
    if not seen:
        raise BadFile([Unreadable("the file", "", "has no institution in it")])


def _each(reading: Reading) -> Iterator[Entry | Unreadable]:
    """Yield what a file has; a file that ends in something else ends with that."""
    try:
        yield from reading
    except Unreadable as unreadable:
        yield unreadable
    except UnicodeDecodeError:
        yield Unreadable("the file", "", "is not text in this encoding")


async def _carry_out(
    tx: Tx,
    *,
    context: Context,
    read: Read,
    open_: Open,
    source: str,
    deletes_gone: bool,
    is_rehearsal: bool,
) -> Changes:
    known = {entry.listed.id: entry for entry in await institution_rows.all_(tx)}
    missing = {one: entry for one, entry in known.items() if entry.source == source}
    added, updated, to_save, unchanged = list[str](), list[str](), list[Listed](), 0
    with open_() as file:
        for one in read(file):
            if isinstance(one, Unreadable):
                raise BadFile([one])  # the file has changed since it was looked through
            before = known.get(one.listed.id)
            if before is not None and before.source != source:
                raise BadFile([Unreadable(one.place, "id", f"{one.listed.id} is known from {before.source}")])
            missing.pop(one.listed.id, None)
            if before is not None and before.listed == one.listed and before.gone_at is None:
                unchanged += 1
                continue
            (added if before is None else updated).append(one.listed.id)
            to_save.append(one.listed)
            if len(to_save) == _AT_ONCE and not is_rehearsal:
                await institution_rows.save(tx, source, to_save)
                to_save.clear()
    gone = sorted(one for one, entry in missing.items() if deletes_gone or entry.gone_at is None)
    changes = Changes(added=tuple(added), updated=tuple(updated), gone=tuple(gone), unchanged=unchanged)
    if changes.are_any and not is_rehearsal:
        await institution_rows.save(tx, source, to_save)
        if deletes_gone:
            await institution_rows.forget(tx, gone)
        else:
            await institution_rows.mark_gone(tx, gone, at=context.world.seconds())
        await directory_rows.change(tx)
    return changes
