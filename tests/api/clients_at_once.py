"""Clients who do things to the same few objects at once, and keep what each of them was answered."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias
from urllib.parse import urlencode

import msgspec

from tests.linearizable import Operation, unexplained

CLIENTS: Final = 8
SITES: Final = 2
CUSTOMERS: Final = "/v1/customers"
ACCOUNTS: Final = "/v1/financial_connections/accounts"
# So many customers have one e-mail address, and so many accounts one holder; a list shows those.
TOGETHER: Final = 5
# How many of the objects somebody does something to at any one time.
AT_ONCE: Final = 4
CUT: Final = 0.04
PATIENT: Final = 0.5

Kind = Literal["create", "change", "read", "delete", "list", "disconnect", "read account", "list accounts"]
_KINDS: Final[dict[Kind, int]] = {
    "create": 3,
    "change": 17,
    "read": 32,
    "delete": 2,
    "list": 15,
    "disconnect": 3,
    "read account": 18,
    "list accounts": 10,
}
_OF_ACCOUNTS: Final = frozenset[Kind]({"disconnect", "read account", "list accounts"})


class Cut(NamedTuple):
    """How a connection ends before an answer is read."""

    share: float
    """How much of the request is sent."""
    seconds: float
    """How long after that."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one client is to do; *thing* numbers customers, or accounts, from 0."""

    number: int
    kind: Kind
    thing: int
    is_field: bool
    """Whether a change is of the description; of the metadata where it is not."""
    site: int
    cut: Cut | None
    is_patient: bool
    """Whether the client asks again, with its key, when it knows nothing of the answer."""


def steps(seed: int, size: int, accounts: int) -> Iterator[Step]:
    """What all clients do, in the order in which they begin; the same for the same seed."""
    dice, made = random.Random(seed), 0
    for number in range(size):
        kind = dice.choices([*_KINDS], weights=[*_KINDS.values()])[0] if made else "create"
        if kind == "create":
            thing, made = made, made + 1
        elif kind in _OF_ACCOUNTS:
            thing = min(number * accounts // size + dice.randrange(AT_ONCE), accounts - 1)
        else:
            thing = max(0, made - 1 - dice.randrange(AT_ONCE))
        yield Step(
            number=number,
            kind=kind,
            thing=thing,
            is_field=dice.random() < 0.5,
            site=dice.randrange(SITES),
            cut=Cut(dice.choice((0.5, 1, 1)), dice.random() * 0.003) if dice.random() < CUT else None,
            is_patient=dice.random() < PATIENT,
        )


class Live(NamedTuple):
    """What is looked at of a customer that is there."""

    description: str | None
    metadata: str | None


State: TypeAlias = Live | str
"""A customer that is there, or one of the words below; an account's status."""
ABSENT: Final = "absent"
DELETED: Final = "deleted"
REFUSED: Final = "refused"
"""What is answered of a customer that is not there."""

Action: TypeAlias = Callable[[State], tuple[State, State]]
"""What an object becomes, and what is answered, by what it is."""


def created(value: str) -> Action:
    return lambda _: (Live(value, value), Live(value, value))


def changed(name: str, value: str) -> Action:
    def act(state: State) -> tuple[State, State]:
        after = state._replace(**{name: value}) if isinstance(state, Live) else state
        return after, after if isinstance(after, Live) else REFUSED

    return act


def deleted(state: State) -> tuple[State, State]:
    return (DELETED, DELETED) if isinstance(state, Live) else (state, REFUSED)


def read(state: State) -> tuple[State, State]:
    return state, state


def listed(state: State) -> tuple[State, State]:
    return state, ABSENT if state == DELETED else state


def disconnected(_: State) -> tuple[State, State]:
    return "disconnected", "disconnected"


class Answered(msgspec.Struct):
    """What is looked at of a customer or an account, or of a list of either."""

    id: str | None = None
    name: str | None = None
    description: str | None = None
    metadata: Mapping[str, str] | None = None
    deleted: bool = False
    status: str | None = None
    has_more: bool = False
    data: Sequence["Answered"] = ()

    @property
    def state(self) -> State:
        if self.deleted:
            return DELETED
        return self.status or Live(self.description, (self.metadata or {}).get("n"))


@dataclass(frozen=True, slots=True)
class Request:
    """One request, to one of the servers."""

    site: int
    method: str
    path: str
    form: bytes = b""
    key: str | None = None
    cut: Cut | None = None


class Way(Protocol):
    """Lets one client ask; breaks where nobody knows what became of the request."""

    async def ask(self, request: Request) -> tuple[int, bytes]: ...


_BROKEN: Final = (OSError, EOFError)


@dataclass
class Histories:
    """What was done to each object, and what is known of them."""

    accounts: Sequence[tuple[str, str]]
    """The id of each account, with that of its holder."""
    of: defaultdict[str, list[Operation[State]]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[int, str] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    """The customers whose creation somebody began."""
    counts: Counter[str] = field(default_factory=Counter)
    now: "count[int]" = field(default_factory=count)

    def note(self, thing: str, began: int, action: Action, answer: State | None, name: str) -> None:
        """Keep what was asked since *began*, and its answer; None where nobody knows that."""

        def effect(state: State) -> State | None:
            after, said = action(state)
            return after if answer is None or said == answer else None

        ended = None if answer is None else next(self.now)
        self.of[thing].append(Operation(began, ended, effect, f"{name}: {answer}"))

    def violations(self) -> list[str]:
        """Of each object whose history no order explains, all of it."""
        found = []
        for thing, history in self.of.items():
            first = unexplained("active" if thing.startswith("fca_") else ABSENT, history)
            if first is not None:
                told = (f"{one.began}-{one.ended} {one.name}" for one in sorted(history, key=_beginning))
                found.append(f"{thing}, not explained {first.began}-{first.ended}: " + ", ".join(told))
        return found


def _beginning(operation: Operation[State]) -> int:
    return operation.began


@dataclass
class Client:
    """Takes one step after another of those that all clients share."""

    way: Way
    histories: Histories

    async def live(self, plan: Iterator[Step]) -> None:
        for step in plan:
            self.histories.counts["operations"] += 1
            await self._take(step)

    async def _take(self, step: Step) -> None:
        if step.kind in _OF_ACCOUNTS:
            await self._on_accounts(step)
        elif step.kind == "create":
            await self._create(step)
        elif step.kind == "list" or step.thing not in self.histories.ids:
            await self._list(step)
        else:
            await self._on_customer(step, f"{CUSTOMERS}/{self.histories.ids[step.thing]}")

    async def _create(self, step: Step) -> None:
        self.histories.begun.add(step.thing)
        form = urlencode(
            {
                "name": step.thing,
                "email": _group(step.thing),
                "description": step.number,
                "metadata[n]": step.number,
            }
        )
        answer = await self._do(step, f"c{step.thing}", created(str(step.number)), "POST", CUSTOMERS, form)
        if answer is not None and answer.id is not None:
            self.histories.ids[step.thing] = answer.id

    async def _on_customer(self, step: Step, path: str) -> None:
        name = f"c{step.thing}"
        if step.kind == "change":
            what = "description" if step.is_field else "metadata"
            form = urlencode({"description" if step.is_field else "metadata[n]": step.number})
            await self._do(step, name, changed(what, str(step.number)), "POST", path, form)
        elif step.kind == "delete":
            await self._do(step, name, deleted, "DELETE", path)
        else:
            await self._do(step, name, read, "GET", path)

    async def _on_accounts(self, step: Step) -> None:
        account, holder = self.histories.accounts[step.thing]
        if step.kind == "disconnect":
            await self._do(step, account, disconnected, "POST", f"{ACCOUNTS}/{account}/disconnect")
        elif step.kind == "read account":
            await self._do(step, account, read, "GET", f"{ACCOUNTS}/{account}")
        else:
            began, found = await self._listed(step, f"{ACCOUNTS}?account_holder[customer]={holder}")
            seen = {one.id: one.state for one in found or ()}
            for one in [one for one, of in self.histories.accounts if of == holder and found is not None]:
                self.histories.note(one, began, listed, seen.get(one, ABSENT), f"list {step.number}")

    async def _list(self, step: Step) -> None:
        began, found = await self._listed(step, f"{CUSTOMERS}?email={_group(step.thing)}")
        if found is None:
            return
        seen = {int(one.name or ""): one for one in found}
        assert len(seen) == len(found), "made twice"
        self.histories.ids.update({thing: one.id for thing, one in seen.items() if one.id is not None})
        first = step.thing // TOGETHER * TOGETHER
        for thing in self.histories.begun & {*range(first, first + TOGETHER)}:
            state = seen[thing].state if thing in seen else ABSENT
            self.histories.note(f"c{thing}", began, listed, state, f"list {step.number}")

    async def _do(
        self, step: Step, thing: str, action: Action, method: str, path: str, form: str = ""
    ) -> Answered | None:
        """Do something to one object; return what was answered, where that is known."""
        began = next(self.histories.now)
        known = await self._known(step, method, path, form.encode())
        answer = None if known is None else msgspec.json.decode(known[1], type=Answered)
        if answer is None and method == "GET":
            return None  # whatever it would have been told
        said = None if answer is None or known is None else answer.state if known[0] == 200 else REFUSED
        self.histories.note(thing, began, action, said, f"{step.kind} {step.number}")
        return answer

    async def _listed(self, step: Step, path: str) -> tuple[int, Sequence[Answered] | None]:
        """Read a list, whole; return when that began, and what is in it."""
        began = next(self.histories.now)
        known = await self._known(step, "GET", f"{path}&limit=100", b"")
        if known is None:
            return began, None
        page = msgspec.json.decode(known[1], type=Answered)
        assert not page.has_more
        return began, page.data

    async def _known(self, step: Step, method: str, path: str, form: bytes) -> tuple[int, bytes] | None:
        """Ask, with patience perhaps; return what was answered, or None where nobody knows."""
        key = f"step-{step.number}" if method == "POST" else None
        request = Request(step.site, method, path, form, key, step.cut)
        while True:
            try:
                status, body = await self.way.ask(request)
            except _BROKEN:
                self.histories.counts["broken"] += 1
                if key is None or not step.is_patient:
                    self.histories.counts["unknown"] += method != "GET"
                    return None
                request = Request((request.site + 1) % SITES, method, path, form, key)
            else:
                if status != 409:  # or else the first try is still under way
                    assert status in {200, 404}, body
                    return status, body
                await asyncio.sleep(0.002)


def _group(thing: int) -> str:
    return f"g{thing // TOGETHER}@example.com"
