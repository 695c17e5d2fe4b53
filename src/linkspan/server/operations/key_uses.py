"""Says what still uses which key."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linkspan.server.operations import rotation
from linkspan.server.operations.context import Context
from linkspan.server.store import data_keys as data_key_rows
from linkspan.server.store.master_keys import Held
from linkspan.server.store.sealed import COLUMNS
from linkspan.server.vault.data_keys import id_in
from linkspan.server.vault.first_format import master_id_in


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterUse:
    """What one master key is still needed for."""

    id: str
    is_held_to: bool
    """Whether it wraps from now on."""
    is_here: bool
    data_keys: int
    values: int
    """Of the first format, which a master key opens directly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationUse:
    """What the data keys of one generation still seal, by table and column."""

    generation: int
    is_current: bool
    data_keys: int
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What still uses which key."""

    masters: Sequence[MasterUse]
    generations: Sequence[GenerationUse]
    orphans: Mapping[str, int] = field(default_factory=dict)
    """Values whose data key is not there, by table and column."""


async def report(context: Context) -> Report:
    """Look at every wrapped key and every sealed value, and change nothing."""
    held = await context.store.read(rotation.held_by)
    keys = await context.store.read(data_key_rows.everybodys)
    wrapped = await context.store.read(data_key_rows.wrapped_by_each)
    generation_of = {(key.scope, bytes(key.id)): key.generation for key in keys}
    by_generation: dict[int | None, Counter[str]] = {}
    of_first: Counter[bytes] = Counter()
    for column in COLUMNS:
        async for found in rotation.values_of(context, column):
            for one in found:
                if (master_id := master_id_in(one.value)) is not None:
                    of_first[master_id] += 1
                    continue
                generation = generation_of.get((one.scope, id_in(one.value) or b""))
                by_generation.setdefault(generation, Counter())[f"{column.table}.{column.name}"] += 1
    ids = sorted({held.master or b"", *wrapped, *of_first, *context.vault.masters})
    return Report(
        masters=[_master_use(context, held, each, wrapped, of_first) for each in ids],
        generations=[
            GenerationUse(
                generation=each,
                is_current=each == held.generation,
                data_keys=sum(key.generation == each for key in keys),
                values=dict(by_generation.get(each, {})),
            )
            for each in sorted({held.generation, *generation_of.values()})
        ],
        orphans=dict(by_generation.get(None, {})),
    )


def _master_use(
    context: Context,
    held: Held,
    master_id: bytes,
    wrapped: Mapping[bytes, int],
    of_first: Mapping[bytes, int],
) -> MasterUse:
    return MasterUse(
        id=master_id.hex(),
        is_held_to=master_id == held.master,
        is_here=master_id in context.vault.masters,
        data_keys=wrapped.get(master_id, 0),
        values=of_first.get(master_id, 0),
    )
