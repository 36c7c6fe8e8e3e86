import pytest

from caucusmail.errors import Invalid
from caucusmail.mail.slots import CLOSE, OPEN
from caucusmail.meetings import wording


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  K-12 ", "K-12"),
        ("K\t12", "K 12"),
        ("Cafe\u0301", "Café"),
        (f"K{OPEN}name{CLOSE}", "Kname"),
        ("\u200fقاعة\u200f", "\u200fقاعة\u200f"),  # marks of direction are of the text
        ("👩‍👧", "👩‍👧"),
    ],
)
def test_a_line_is_trimmed_and_composed_and_holds_no_slot(typed, kept):
    assert wording.one_line("room", typed, 20) == kept


@pytest.mark.parametrize("hidden", ["\r\n", "\n", "\x00", "\x1b", "\x85", "\u2028", "\u2029", "\ud800"])
def test_a_line_with_what_cannot_be_seen_is_refused_and_not_mended(hidden):
    with pytest.raises(Invalid, match="cannot be seen") as refused:
        wording.one_line("room", f"K{hidden}12", 20)
    assert refused.value.field == "room"


def test_the_length_is_that_of_what_would_be_kept():
    assert wording.one_line("room", " " * 50 + "x" * 20, 20) == "x" * 20
    assert wording.one_line("room", "e\u0301" * 20, 20) == "é" * 20
    with pytest.raises(Invalid, match="21 characters long; at most 20"):
        wording.one_line("room", "x" * 21, 20)


def test_several_lines_keep_their_breaks_in_one_spelling_and_lose_what_cannot_be_seen():
    assert wording.lines("agenda", "\r\nOne\r\nTwo\rThree\n\n\tFour\x00\u2028 \n", 50) == "One\nTwo\nThree\n\n\tFour"
    with pytest.raises(Invalid, match="5 characters long; at most 4") as refused:
        wording.lines("agenda", "a\nb\nc", 4)
    assert refused.value.field == "agenda"


def test_only_what_was_written_is_kept_in_each_language():
    assert wording.in_each("titles", {"en": " A ", "fr": " \n", "ar": "ب"}, 9) == {"en": "A", "ar": "ب"}
    assert wording.in_each("agenda", {"en": "A\nB"}, 9, many=True) == {"en": "A\nB"}


def test_a_language_that_nobody_writes_is_refused_only_where_something_is_written_in_it():
    assert wording.in_each("titles", {"xx": ""}, 9) == {}
    with pytest.raises(Invalid, match="“xx” is not a language") as refused:
        wording.in_each("titles", {"xx": "A"}, 9)
    assert refused.value.field == "titles"
