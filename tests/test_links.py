"""Links of letters. That each leads to a route: tests/house/test_routes.py; that no request bends one: tests/hostile."""

import pytest

from caucusmail import languages, links, settings


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_link_leads_to_the_site_in_the_language_of_its_letter(language: str):
    with languages.use(language):
        assert links.my_page("abc") == f"{settings.current().site_url}/{language}/my/abc"
        assert links.home() == f"{settings.current().site_url}/{language}/"


def test_a_language_that_was_asked_for_goes_before_the_current_one():
    with languages.use("fr"):
        assert links.page("/help", "en") == f"{settings.current().site_url}/en/help"


@pytest.mark.parametrize("language", [languages.PSEUDO, "es"])
def test_a_language_without_pages_of_its_own_leaves_the_choice_to_the_site(language: str):
    assert links.page("/help", language) == f"{settings.current().site_url}/help"


def test_the_way_out_for_machines_has_no_language_and_that_for_people_has(french: None):
    assert links.one_click("abc") == f"{settings.current().site_url}/leave/abc"
    assert links.leave("abc") == f"{settings.current().site_url}/fr/leave/abc"
