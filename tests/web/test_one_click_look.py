"""The look of the page behind a letter's way out, in a real browser; and that its buttons do what they say."""

import pytest

from caucusmail import tokens
from caucusmail.groups import queries
from caucusmail.tokens import Purpose
from tests import make
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot
from tests.groups.leaving import copy

pytestmark = pytest.mark.browser
LONG = "Rechtsschutzversicherungsgesellschaftsvertreterversammlung "


@pytest.fixture
def reader(live) -> tuple[int, str]:
    """Somebody in three caucuses, one with a long name, and the path out of a copy that two of them brought."""
    with live.world():
        person = make.person()
        groups = []
        for slug, names in (("water", {}), ("long", {"names": {"en": LONG * 2}}), ("peace", {})):
            caucus = make.caucus(slug, **names)
            groups.append(make.group(caucus))
            make.member(caucus, person, groups[-1])
        return person.id, f"/leave/{tokens.sign(Purpose.ONE_CLICK, copy(person, *groups[:2]).id)}"


@pytest.mark.parametrize(
    ("width", "dark", "language"), [(320, False, "fr"), (PHONE, True, "ar-xb"), (DESK, False, "en")]
)
def test_the_page_is_accessible_and_fits(visit, reader, width, dark, language) -> None:
    page = visit(reader[1], width=width, dark=dark, language=language)
    assert page.locator("main button").count() == 3
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"one-click-{language}-{width}{'-dark' if dark else ''}")


def test_one_of_them_is_left_by_its_own_button_without_scripts(visit, live, reader) -> None:
    person_id, path = reader
    page = visit(path, js=False)
    page.get_by_role("button", name="Leave only water caucus").click()
    assert page.locator("h1").text_content() == "You have left"
    with live.world():
        person = make.rows(make.Person)[-1]
        assert person.id == person_id
        assert [place.caucus.slug for place in queries.places(person)] == ["long", "peace"]
