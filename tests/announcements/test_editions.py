import pytest
from sqlalchemy import select

from caucusmail.accounts.models import Person
from caucusmail.announcements import editions, standing
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.editions import Edition
from caucusmail.database import db
from tests import make
from tests.announcements.rooms import (
    announcement,
)


def served(languages: list[str], versions: list[str]) -> str:
    """The edition that somebody with these languages gets."""
    caucus = make.caucus()
    make.member(caucus, make.person(languages=languages), make.group(caucus))
    asked = standing.question(announcement(caucus, Audience(caucus_ids=(caucus.id,))), versions)
    [row] = db.session.execute(standing.copies(asked))
    return row[4]


@pytest.mark.parametrize(
    ("languages", "versions", "edition"),
    [
        (["en"], ["en", "fr", "ar"], "en"),
        (["fr", "en"], ["en", "fr", "ar"], "fr"),
        (["ar", "fr", "en"], ["fr", "en"], "fr"),
        (["ar", "fr", "en"], ["en"], "en+fr"),
        (["ar"], ["en", "ar"], "ar"),
        (["fr", "ar"], ["en", "ar"], "ar+fr"),
        (["es"], ["fr", "en"], "en+en"),
        (["es"], ["fr"], "fr+en"),
        (["fr"], ["en"], "en+fr"),
        (["es", "fr"], ["es", "fr"], "es+fr"),
        (["zh"], ["ar", "fr"], "ar+en"),
    ],
)
def test_each_reader_gets_the_first_of_their_languages_in_a_frame_they_can_read(languages, versions, edition):
    assert served(languages, versions) == edition
    assert Edition.of(edition).key == edition
    assert Edition.for_reader(languages, versions).key == edition


def test_a_country_without_its_language_in_the_list_reads_the_last_resort():
    assert served(["tr"], ["fr", "ar", "en"]) == "en+en"
    assert db.session.scalar(select(Person.languages[0].as_string()).order_by(Person.id.desc())) == "tr"


@pytest.mark.parametrize(
    ("key", "edition"),
    [
        ("fr", Edition("fr", "fr")),
        ("ar", Edition("ar", "en")),  # the house speaks no Arabic yet
        ("en+fr", Edition("en", "fr")),
        ("ar+fr", Edition("ar", "fr")),
        ("en+en", Edition("en", "en", instead=True)),
        ("ar+en", Edition("ar", "en", instead=True)),
    ],
)
def test_a_key_names_one_edition_and_an_edition_has_one_key(key, edition):
    assert edition.key == key
    assert Edition.of(key) == edition


def test_a_reader_in_whose_languages_there_is_nothing_reads_english_or_else_what_there_is():
    assert editions.choose(["es"], ["fr", "en"]) == "en"
    assert editions.choose(["es"], ["fr", "ar"]) == "fr"
    assert editions.choose(["es", "ar"], ["fr", "ar"]) == "ar"


def test_a_language_is_found_by_its_whole_code_and_in_its_place():
    make.person(languages=["ar", "fr"])
    assert db.session.scalar(select(editions.reads("fr"))) > db.session.scalar(select(editions.reads("ar"))) > 0
    assert db.session.scalar(select(editions.reads("a"))) == db.session.scalar(select(editions.reads("en"))) == 0
