"""Spellings of a name: what is taken for it, and what is not."""

import json
import quopri
import unicodedata

import pytest
from sqlalchemy import literal, select

from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import AnnouncementText
from caucusmail.database import db
from caucusmail.privacy import spellings
from caucusmail.privacy.quoted import Quoted
from tests import make
from tests.announcements.rooms import Room, ready
from tests.privacy.erased import erase
from tests.privacy.protected import lift, protect

NAME = "José Álvarez Ruiz"

HERS = [
    NAME,
    "Jose Alvarez Ruiz",
    "JOSÉ ALVAREZ RUIZ",
    "jose alvarez",
    "José Álvarez",
    "José Ruíz",
    "Álvarez Ruiz, José",
    "Álvarez, José",
    "ALVAREZ RUIZ José",
    "Ruiz José Álvarez",
    "Ruiz, J.",
    "J. Álvarez Ruiz",
    "J.Álvarez",
    "José Á. Ruiz",
    "José-Álvarez-Ruiz",
    "José Álvarez-Ruiz",
    "José_Álvarez_Ruiz",
    "José\u00a0Álvarez\u200b Ruiz",
    "José\r\n Álvarez",
    "Ｊｏｓé Alvarez",
    "**José** Álvarez Ruiz",
    "<b>José</b> Álvarez",
]
OTHERS = [
    "José",
    "Álvarez",
    "Álvarez Ruiz",
    "J. R.",
    "josé and ruiz",
    "ruiz, josé",  # two words of a list
    "Marie-José Álvarez",
    "José Álvarezson",
    "José Ruiz-Smith",
    "San José; Ruiz",
    "José. Álvarez",
    "A.J. Ruiz",
]
NAMES = {
    "Jean-Pierre Müller": ["Jean Pierre Mueller", "J.-P. Muller", "J. Müller", "Müller, Jean-Pierre"],
    "Łukasz Dvořák": ["Lukasz Dvorak", "DVOŘÁK Łukasz", "Ł. Dvorak"],
    "Ng’ang’a Wanjirũ": ["Ng'ang'a Wanjiru", "Nganga Wanjirũ"],
    "María José de la Cruz Peña": ["Maria de la Cruz", "M. Peña", "María José Cruz", "Peña, María"],
    "Амина Иванова": ["ИВАНОВА Амина", "А. Иванова"],
    "محمد علي الحسن": ["محمد الحسن", "مُحَمَّد علي"],
    "김민수정 박하늘": ["박하늘 김민수정"],
    "Wei Li": ["WEI LI", "Li, Wei"],
    "Strauß Weiß-Øre": ["STRAUSS WEISS", "Strauss Ore"],
    "क्षमा शर्मा": ["क्षमा शर्मा"],
}
NO_NAMES = {"Jean-Pierre Müller": ["Jean Pierre", "Jean-Pierre"], "María José de la Cruz Peña": ["María José", "de la"]}


def search(name: str = NAME) -> Quoted:
    return Quoted(name, [], "Vega Onyx 511", lambda _address: "...")


EVERY = [(NAME, one) for one in HERS] + [(name, one) for name, some in NAMES.items() for one in [name, *some]]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("name", "text"), EVERY)
def test_a_spelling_is_found_in_text_and_in_letters(name, text, form):
    told = unicodedata.normalize(form, f"As {text} said.")
    assert search(name).found(told)
    assert not search(name).found(search(name).put(told))
    for raw in (told.encode(), quopri.encodestring(told.encode()).replace(b"\n", b"\r\n")):
        assert search(name).perhaps(raw)
        assert search(name).found_in(raw)
        assert "Vega Onyx 511" in quopri.decodestring(search(name).put_octets(raw)).decode()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("name", "text"), EVERY)
def test_the_database_finds_it_too_as_text_and_as_json(app, name, text, form):
    told = unicodedata.normalize(form, f"As {text} said.")
    for stored in (told, json.dumps([told])):
        likes = [literal(stored).ilike(one, escape="|") for one in search(name).patterns()]
        assert db.session.scalar(select(db.or_(*likes)))


@pytest.mark.parametrize(
    ("name", "text"), [(NAME, one) for one in OTHERS] + [(name, one) for name, some in NO_NAMES.items() for one in some]
)
def test_a_single_name_or_somebody_elses_is_left_alone(name, text):
    assert search(name).put(f"As {text} said.") == f"As {text} said."
    assert search(name).put_octets(text.encode()) == text.encode()


@pytest.mark.parametrize(
    ("text", "put"),
    [
        ("**José** Álvarez, ", "**X**, "),
        ("José **Álvarez**", "**X**"),
        ("**José** **Álvarez**", "**X**"),
        ("see José **Álvarez Ruiz**", "see **X**"),
        ("<b>José</b> Ruiz", "<b>X</b>"),
        ("José <em>Ruiz</em>", "<em>X</em>"),
        ("_José_ Ruiz", "_X_"),
        ("José_Ruiz", "X"),
    ],
)
def test_marks_that_belong_to_others_outside_stay(text, put):
    assert Quoted(NAME, [], "X", str).put(text) == put


@pytest.mark.parametrize(
    "text", ["José " * 9_000, "J. " * 9_000, "José" + " " * 9_000, "José *_~" * 9_000, "Álvarez, " * 9_000]
)
def test_a_long_text_of_half_mentions_is_read_once(text):
    assert search().put(text) == text


def test_of_several_surnames_particles_and_a_further_first_name_tell_nobody():
    assert spellings.words("María José de la Cruz-Peña") == ("María", ["José", "de", "la", "Cruz", "Peña"])
    assert spellings.telling(["José", "de", "la", "Cruz", "Peña"]) == ["Cruz", "Peña"]
    assert spellings.telling(["Li"]) == ["Li"]


def test_each_spelling_that_stands_somewhere_is_put_back_when_it_is_lifted():
    her, room = make.person(NAME, "jose@mail.example"), Room()
    body = "\n\n".join(f"{number}: {one}!" for number, one in enumerate([*HERS, *OTHERS]))
    drafted = ready(room, texts={"en": Text(f"News of {HERS[1]}", body)})
    (text,) = make.rows(AnnouncementText)
    was = (text.subject, text.body)
    made = protect(her)
    db.session.refresh(text)
    assert [one for one in HERS if f": {one}!" in text.body] == []
    assert [one for one in OTHERS if f": {one}!" in text.body] == OTHERS
    lift(made)
    db.session.refresh(text)
    assert (text.subject, text.body) == was
    assert drafted.id == text.announcement_id


def test_who_is_erased_stands_in_no_spelling_either():
    her, room = make.person(NAME, "jose@mail.example"), Room()
    ready(room, texts={"en": Text("News", "\n\n".join(f"{one}!" for one in HERS))})
    erase(her)
    (text,) = make.rows(AnnouncementText)
    assert [one for one in HERS if f"{one}!" in text.body] == []
