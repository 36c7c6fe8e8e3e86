"""The start page and the pages that explain the house."""

import gzip

import pytest
from flask.testing import FlaskClient

from caucusmail import settings
from caucusmail.database import transaction
from caucusmail.directory import founding
from caucusmail.web.assets import asset
from tests import make
from tests.statements import counted

PAGES = [
    "/",
    "/caucuses",
    "/caucuses/vrwg",
    "/regions",
    "/regions/africa",
    "/your-data",
    "/who-we-write-as",
    "/help",
    "/promise",
    "/help/ask",
]
BUDGET = 14 * 1024  # bytes, page and style sheet together, packed


@pytest.fixture
def founded(client: FlaskClient) -> FlaskClient:
    with transaction():
        founding.found()
    return client


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_and_its_style_sheet_fit_the_first_packets(founded, path, language):
    answer = founded.get(f"/{language}{path}", headers={"Accept-Encoding": "gzip"})
    sheet = founded.get(asset("house.css"), headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert len(answer.data) + len(sheet.data) <= BUDGET
    assert b"</html>" in gzip.decompress(answer.data)


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/help/ask"])
def test_no_cookie_is_set_by_reading(founded, path):
    assert "Set-Cookie" not in founded.get(path).headers


@pytest.mark.parametrize("path", PAGES)
def test_no_address_of_another_host_is_loaded_by_a_page(founded, path):
    text = founded.get(path).text
    assert "<script" not in text
    assert "<img" not in text
    assert text.count("stylesheet") == 1
    assert " style=" not in text  # the policy would refuse it


def test_home_shows_the_six_with_six_different_words(founded):
    make.coordinator(make.db.session.query(make.Caucus).filter_by(slug="vrwg").one())
    text = founded.get("/en/").text
    words = ("Joins elsewhere", "Gathering interest", "Dormant", "Archived", "By approval")
    for word in (*words, "By approval, no coordinator yet"):
        assert f">{word}</span>" in text, word


def test_home_of_an_empty_house_is_a_page_in_words(client):
    text = client.get("/en/").text
    assert "No caucus has been set up yet." in text
    assert "No public meeting is planned at the moment." in text


def test_the_number_of_statements_of_home_does_not_grow_with_the_house(founded):
    with counted() as few:
        founded.get("/")
    for number in range(12):
        make.coordinator(make.caucus(f"more{number}"))
        make.ngo()
    with counted() as many:
        founded.get("/")
    assert len(many) == len(few) <= 8


def test_who_we_write_as_names_the_domain_and_no_person(founded):
    caucus = make.caucus("water")
    keeper = make.coordinator(caucus, make.person("Ilse Keeper", "ilse@secret.example"))
    text = founded.get("/en/who-we-write-as").text
    assert "@caucus.example" in text
    assert "water@caucus.example" in text
    assert keeper.address not in text
    assert "peace@" not in text  # archived: nothing comes from it


def test_the_frame_names_the_way_to_the_secretariat_at_the_same_place_on_each_page(founded):
    for path in (*PAGES, "/nothing"):
        foot = founded.get(path).text.rpartition("<footer")[2]
        assert "/help/ask" in foot
        assert "/your-data" in foot


def test_a_language_link_leads_to_the_same_page_with_its_query(founded):
    assert 'href="/fr/caucuses?x=1"' in founded.get("/en/caucuses?x=1").text
    assert '"><script>' not in founded.get('/en/caucuses?"><script>').text


def test_what_we_do_with_data_names_every_field_of_the_sign_up_form_and_who_is_responsible(client):
    text = client.get("/en/your-data").text
    for word in (
        "name",
        "email address",
        "languages",
        "city",
        "country",
        "exile",
        "website",
        "knows you",
        "what you do",
    ):
        assert word in text, word
    assert settings.current().controller in text
    assert "Articles 6(1)(a)" in text


def test_who_we_write_as_promises_only_links_that_are_ours(client):
    text = client.get("/en/who-we-write-as").text
    assert "Every link in it" not in text
    assert "Every link to your own page, to confirm or to leave begins with exactly:" in text
