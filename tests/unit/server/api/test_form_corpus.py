"""Forms kept in the tree are read as is written beside them; whatever becomes of them breaks nothing."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final
from urllib.parse import quote_plus

import msgspec
import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.api.forms import Form, read_form
from linkspan.server.core.refusals import BadParameter

CORPUS: Final = sorted((Path(__file__).parents[3] / "corpus" / "forms").glob("*.form"))
TEXTS: Final = {path.stem: path.read_text(encoding="utf-8") for path in CORPUS}
SPELLED: Final = ["[", "]", "[]", "][", "[0]", "=", "&", "%", "%5B", "%00", "%ff", "+", ";", "\0", "a", "é"]


def read(text: str) -> "Form | None":
    """The form that *text* spells; none where it is refused."""
    try:
        return read_form(text)
    except BadParameter:
        return None


def spelled(form: Form, within: str = "") -> str:
    """A form as it can be written down again."""
    pairs = []
    for name, value in form.items():
        path = f"{within}[{quote_plus(name)}]" if within else quote_plus(name)
        pairs.append(f"{path}={quote_plus(value)}" if isinstance(value, str) else spelled(value, path))
    return "&".join(pairs)


def test_the_corpus_is_whole() -> None:
    assert len(CORPUS) > 40
    assert [path for path in CORPUS if not path.with_suffix(".json").exists()] == []


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_kept_form_is_read_as_is_written_beside_it(path: Path) -> None:
    assert read(TEXTS[path.stem]) == msgspec.json.decode(path.with_suffix(".json").read_bytes())


def insert(text: str, place: int, what: str) -> str:
    return text[:place] + what + text[place:]


def cut(text: str, place: int, _what: str) -> str:
    return text[:place] + text[place + 7 :]


def repeat(text: str, place: int, _what: str) -> str:
    return text[:place] + text[max(0, place - 12) : place] * 3 + text[place:]


def replace(text: str, place: int, what: str) -> str:
    return text[:place] + what + text[place + len(what) :]


CHANGES: Final[list[Callable[[str, int, str], str]]] = [insert, cut, repeat, replace]


@st.composite
def changed(draw: st.DrawFn) -> str:
    """A form of the corpus after a few changes, or two that were put together."""
    text = draw(st.sampled_from(sorted(TEXTS.values())))
    if draw(st.booleans()):
        text += "&" + draw(st.sampled_from(sorted(TEXTS.values())))
    for _ in range(draw(st.integers(0, 6))):
        change = draw(st.sampled_from(CHANGES))
        text = change(text, draw(st.integers(0, len(text))), draw(st.sampled_from(SPELLED)))
    return text


@given(changed())
def test_whatever_becomes_of_a_form_it_is_read_or_refused(text: str) -> None:
    form = read(text)

    # What was read can be written and read again; names in brackets cannot be empty, nor hold brackets.
    if form is not None and not re.search(r"%5[BbDd]", spelled(form)):
        assert read_form(spelled(form)) == form


class Recorder(stripe.HTTPClient):
    """Keeps what the official client would send."""

    name = "recorder"

    def __init__(self) -> None:
        super().__init__()
        self.sent = ""

    def request(self, *request: Any, **_options: Any) -> tuple[str, int, Any]:
        self.sent = request[-1] or ""  # method, address, headers, body
        return "{}", 200, {}

    def close(self) -> None: ...


NAMES: Final = st.text(st.characters(codec="utf-8", exclude_characters="\0[]"), min_size=1, max_size=6)
# In an array the client writes a boolean as Python does, which no route could mean.
IN_ARRAYS: Final = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), st.integers()
)
ONES: Final = st.one_of(IN_ARRAYS, st.booleans())
HASHES: Final = st.dictionaries(NAMES, ONES, max_size=3)
PARAMS: Final = st.dictionaries(
    NAMES.filter(lambda name: name not in {"expand", "id"}),
    st.one_of(
        ONES,
        HASHES,
        st.lists(IN_ARRAYS, max_size=4),
        st.lists(HASHES, max_size=3),
        st.dictionaries(NAMES, st.one_of(ONES, HASHES, st.lists(HASHES, max_size=2)), max_size=3),
    ),
    max_size=5,
)


def as_form(value: Any) -> "Form | str":
    """What a value is once it was sent: text, and arrays by index; what is empty is not sent."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, dict | list):
        return str(value)
    named = value.items() if isinstance(value, dict) else enumerate(value)
    sent = {str(name): as_form(one) for name, one in named}
    return {name: one for name, one in sent.items() if one != {}}


@given(PARAMS)
def test_what_the_official_client_sends_is_read_back(params: dict[str, Any]) -> None:
    recorder = Recorder()
    client = stripe.StripeClient("sk_test_1", http_client=recorder)

    client.raw_request("post", "/v1/customers", **params)

    assert read_form(recorder.sent) == as_form(params)


def operations(text: str) -> int:
    """How many steps of the interpreter reading *text* takes, whatever else the machine is doing."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(text)
    finally:
        sys.settrace(before)
    return count


HOSTILE: Final = {
    "array": lambda size: "a[]=1&" * size,
    "array of hashes": lambda size: "a[][b]=1&" * size,
    "array of hashes that fills up": lambda size: "".join(f"a[][b{size}{n}]=1&" for n in range(size)),
    "array of deep hashes": lambda size: "".join(f"a[][b][c][{size}{n}]=1&" for n in range(size)),
    "indexes": lambda size: "".join(f"a[{size}{n}]=1&" for n in range(size)),
    "one name again and again": lambda size: "name=1&" * size,
    "escapes": lambda size: "%41%5B%5d=%41%42&" * size,
    "nothing": lambda size: "&" * size,
    "no names": lambda size: "=&" * size,
    "brackets": lambda size: "[" * size,
    "closed brackets": lambda size: "a" + "[b]" * size + "=1",
    "brackets that close nothing": lambda size: "a" + "]" * size + "=1",
}


@pytest.mark.parametrize("spell", HOSTILE.values(), ids=HOSTILE)
def test_reading_takes_twice_the_steps_for_twice_the_size(spell: Callable[[int], str]) -> None:
    assert operations(spell(400)) <= 2.3 * operations(spell(200)) + 500


@pytest.mark.parametrize("spell", HOSTILE.values(), ids=HOSTILE)
def test_beyond_the_limits_size_costs_nothing_more(spell: Callable[[int], str]) -> None:
    assert operations(spell(20_000)) <= 1.1 * operations(spell(2_000)) + 500
