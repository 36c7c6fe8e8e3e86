"""A name and addresses, found however somebody wrote them."""

import quopri

import pytest

from caucusmail.privacy.quoted import Quoted

NAME, ADDRESS = "Élodie O’Brien-Smith", "elodie@haki.example"


def search(name: str = NAME, *addresses: str) -> Quoted:
    return Quoted(name, addresses or (ADDRESS,), "Vega Onyx 511", lambda one: f"x{len(one)}@protected.invalid")


@pytest.mark.parametrize(
    "text",
    [
        "Élodie O’Brien-Smith",
        "ÉLODIE  O’BRIEN-SMITH",
        "élodie\no’brien-smith",
        "E\u0301lodie O’Brien-Smith",
    ],
)
def test_a_name_is_found_in_any_case_over_line_ends_and_in_both_ways_of_unicode(text):
    assert search().put(f"({text})") == "(Vega Onyx 511)"


@pytest.mark.parametrize(
    "text", ["Élodie", "Élodie O’Brien-Smithson", "Mélodie O’Brien-Smith", "Élodie and O’Brien-Smith"]
)
def test_another_name_is_left_alone(text):
    assert search().put(text) == text
    assert not search().found(text)


@pytest.mark.parametrize("text", ["elodie@haki.example", "Elodie@HAKI.example", "elodie%40haki.example"])
def test_an_address_is_found(text):
    assert search().put(f"<mailto:{text}>.") == "<mailto:x19@protected.invalid>."


@pytest.mark.parametrize("text", ["m.elodie@haki.example", "elodie@haki.example.org", "elodie@haki.examples"])
def test_somebody_elses_address_is_left_alone(text):
    assert search().put(text) == text


def test_a_name_of_one_word_is_not_searched_for():
    one = search("Peace")
    assert not one.searches_name
    assert one.put("Peace to elodie@haki.example") == "Peace to x19@protected.invalid"


def test_in_lists_and_objects_every_text_is_searched():
    was = {"Élodie O’Brien-Smith": [{"who": NAME, "at": 3}], "other": None}
    assert search().put_in(was) == {"Élodie O’Brien-Smith": [{"who": "Vega Onyx 511", "at": 3}], "other": None}


@pytest.mark.parametrize("name", [NAME, "Амина Иванова", "Ana <b> Maria", "محمد علي الحسن"])
def test_in_quoted_printable_it_is_found_wherever_the_line_breaks(name):
    for blanks in range(76):
        raw = quopri.encodestring(("x " * 40 + "y" * blanks + f" {name} and {ADDRESS}.").encode()).replace(
            b"\n", b"\r\n"
        )
        one = search(name)
        assert one.perhaps(raw.replace(b"=\r\n", b"").lower())
        told = quopri.decodestring(one.put_octets(raw)).decode()
        assert told.endswith(" Vega Onyx 511 and x19@protected.invalid."), told
        assert max(map(len, one.put_octets(raw).split(b"\r\n"))) <= 76


def test_what_holds_nothing_is_not_looked_at_closely():
    assert not search().perhaps(b"nothing of it")
