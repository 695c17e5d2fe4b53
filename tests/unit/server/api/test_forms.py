"""Any text is a form or is refused, in space that grows as the text does."""

from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.api.forms import Form, read_form
from linkspan.server.core.refusals import BadParameter

ANY_TEXT = st.one_of(
    st.text(max_size=300),
    st.text("ab[]=&%+0123456789 ", max_size=300),
)
NAMES = st.text("abc_", min_size=1, max_size=5)
TREES = st.dictionaries(
    NAMES,
    st.recursive(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
        lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


def depth(form: "Form | str") -> int:
    return 0 if isinstance(form, str) else 1 + max(map(depth, form.values()), default=0)


def size(form: "Form | str") -> int:
    if isinstance(form, str):
        return len(form)
    return sum(len(name) + size(value) for name, value in form.items())


def spelled(tree: Form, within: str = "") -> list[str]:
    """The pairs of a form, as a client writes them."""
    pairs = []
    for name, value in tree.items():
        path = f"{within}[{name}]" if within else name
        if isinstance(value, str):
            pairs.append(f"{quote_plus(path)}={quote_plus(value)}")
        else:
            pairs += spelled(value, path)
    return pairs


@given(ANY_TEXT)
def test_any_text_is_a_form_or_is_refused(text: str) -> None:
    try:
        found: Form | BadParameter = read_form(text)
    except BadParameter as refusal:
        found = refusal

    if isinstance(found, BadParameter):
        assert len(found.message) < 1_000
        assert len(found.param or "") <= 100
    else:
        assert depth(found) <= 6
        assert size(found) <= len(text) * 2


@given(TREES)
def test_what_a_client_spells_is_read_back(tree: Form) -> None:
    if depth(tree) <= 5:
        assert read_form("&".join(spelled(tree))) == tree


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", {}),
        ("&&", {}),
        ("a", {"a": ""}),
        ("a=b=c", {"a": "b=c"}),
        ("a=1&a=2", {"a": "2"}),
        ("a+b=c%20d", {"a b": "c d"}),
        ("a%5Bb%5D=1", {"a": {"b": "1"}}),
        ("a[]=x&a[]=y", {"a": {"0": "x", "1": "y"}}),
        ("a[0]=x&a[]=y", {"a": {"0": "x", "1": "y"}}),
        ("a[b][]=x&a[b][]=y", {"a": {"b": {"0": "x", "1": "y"}}}),
    ],
)
def test_a_form_is_read_as_it_is_spelled(text: str, form: Form) -> None:
    assert read_form(text) == form


@pytest.mark.parametrize("text", ["a=%ff", "a=%ed%a0%80", "a=x%00", "a=\0", "a[b]=%00"])
def test_what_no_database_gives_back_as_it_came_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadParameter, match="Invalid string") as refused:
        read_form(text)

    assert refused.value.param == text.partition("=")[0]


@pytest.mark.parametrize(
    "text", ["a=1&a[b]=2", "a[b]=2&a=1", "a[b]=1&a[b][c]=2", "a[b][c]=2&a[b]=1", "a[1]=x&a[]=y"]
)
def test_a_name_is_sent_in_one_way_only(text: str) -> None:
    with pytest.raises(BadParameter, match="two ways"):
        read_form(text)
