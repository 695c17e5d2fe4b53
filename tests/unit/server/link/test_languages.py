"""People are spoken to in their own language, in the operator's words where there are any."""

import pytest

from linkspan.server.link.languages import TAGS, InvalidMessages, Languages, read_own

OURS = Languages()


@pytest.mark.parametrize(
    ("wanted", "tag", "name"),
    [
        ("de", "de", "de"),
        ("de-CH", "de-CH", "de"),
        ("pt", "pt", "pt-BR"),
        ("pt-PT, en;q=0.8", "pt-PT", "pt-BR"),
        ("zh-CN", "zh-CN", "zh-Hans"),
        ("zh-Hant-TW, ja;q=0.9, en;q=0.8", "ja", "ja"),
        ("iw", "iw", "he"),
        ("AR-eg", "AR-eg", "ar"),
        ("sv, nl;q=0.9, en;q=0.8", "nl", "nl"),
        ("fr;q=0.1, pl;q=0.9", "pl", "pl"),
        ("fr;q=0, es", "es", "es"),
        ("sv", "en", "en"),
        ("*", "en", "en"),
        ("", "en", "en"),
        ("de\u2028<script>", "en", "en"),
        ("de;q=1e9, fr", "de", "de"),
        (", ".join(["sv"] * 50 + ["de"]), "en", "en"),
    ],
)
def test_the_most_wanted_language_there_is_is_spoken(wanted: str, tag: str, name: str) -> None:
    picked = OURS.pick(wanted)

    assert (picked.tag, picked.messages) == (tag, OURS.pick(name).messages)


@pytest.mark.parametrize("tag", TAGS)
def test_arabic_and_hebrew_run_from_right_to_left(tag: str) -> None:
    assert OURS.pick(tag).direction == ("rtl" if tag in {"ar", "he"} else "ltr")


def test_what_a_value_says_is_not_looked_at_for_places() -> None:
    said = OURS.pick("en").text("server.trouble.bank_down.title", bank="{merchant} {0.__class__}")

    assert said == "{merchant} {0.__class__} is not available"


def test_a_name_keeps_its_order_among_letters_that_run_the_other_way() -> None:
    said = OURS.pick("he").text("server.trouble.bank_down.title", bank="Harbor (NY)")

    assert said.startswith("\u2068Harbor (NY)\u2069 ")


def test_the_frame_is_not_sent_what_only_the_server_says() -> None:
    sent = OURS.pick("en").for_frame()

    assert "bank.title" in sent
    assert [name for name in sent if name.startswith("server.")] == []


def test_an_operators_words_take_the_place_of_ours() -> None:
    own = read_own(
        '[de]\n"bank.title" = "Wo liegt Ihr Geld?"\n[de."bank.found"]\none = "1"\nother = "{count}"'
    )

    german = Languages(own).pick("de-AT")

    assert german.messages["bank.title"] == "Wo liegt Ihr Geld?"
    assert german.messages["bank.found"] == {"one": "1", "other": "{count}"}
    assert german.messages["close"] == "Schließen"
    assert Languages(own).pick("en").messages == OURS.pick("en").messages


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[de", "Expected"),
        ('[sv]\n"close" = "Stäng"', "there is no language sv"),
        ('close = "x"', "there is no language close"),
        ('de = "x"', "de must be a table"),
        ('[de]\n"clos" = "x"', "de: clos: there is no such message"),
        ('[de]\n"close" = 1', "de: close: must be text"),
        ('[de]\n"bank.found" = "x"', "de: bank.found: must be a table of one, other"),
        ('[pl."bank.found"]\none = "x"\nother = "y"', "pl: bank.found: must be a table of one, few, many"),
        ('[de]\n"bank.text" = "{merchant} {bank}"', "de: bank.text: nothing is known to put at {bank}"),
    ],
)
def test_words_that_cannot_be_used_are_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(InvalidMessages, match=said.replace("{", r"\{").replace("}", r"\}")):
        read_own(text)
