"""The door page, who came and the minutes in a real browser; and that a door counts without scripts, and a double press once."""

import pytest

from caucusmail.database import db, transaction
from caucusmail.meetings import door_links, minutes
from caucusmail.meetings.door import Who
from tests import make
from tests.browser import DESK, PHONE, assert_accessible, assert_fits, screenshot
from tests.entering import cookie
from tests.meetings.doors import keeper, kept, on, press, seated

pytestmark = pytest.mark.browser
LONG = "Rechtsschutzversicherungsgesellschaftsvertreterversammlung "


@pytest.fixture
def held(live) -> tuple[str, str, int]:
    """A door link, the meeting's address, its keeper's number."""
    with live.world():
        one = on(titles={"en": LONG * 2}, places=3)
        hand = keeper(one)
        press(one, hand, Who(seated(one, LONG + "1")[0].id), 2)
        press(one, hand, Who(name=LONG + "2"))
        seated(one, "Haki")
        texts = {"en": f"# {LONG}\n\n- one\n- two", "ar": "اتفقنا"}
        with transaction():
            link = door_links.make(one, hand.by)
            minutes.publish(one, minutes.save(one, texts, 0, hand.by).revision, "", hand.by)
        return f"/door/{door_links.address(link).rpartition('/')[2]}", f"/meetings/{one.reference}", hand.by.id


@pytest.mark.parametrize(
    ("width", "dark", "language"), [(320, False, "fr"), (PHONE, True, "ar-xb"), (DESK, False, "en")]
)
def test_the_door_is_accessible_and_fits(visit, held, width, dark, language) -> None:
    page = visit(f"{held[0]}?find=haki", width=width, dark=dark, language=language)
    assert page.locator("ul.door button").count() >= 3
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"door-{language}-{width}{'-dark' if dark else ''}")


@pytest.mark.parametrize("js", [True, False])
def test_a_double_press_counts_once_and_what_is_typed_counts_without_scripts(visit, live, held, js) -> None:
    page = visit(f"{held[0]}?find=haki", js=js)
    page.get_by_role("button", name="One more: Haki").dblclick()
    page.get_by_role("button", name="One fewer: Haki").wait_for()
    page.get_by_label("Organisation", exact=True).fill("Amani")
    page.get_by_role("button", name="Count").click()
    page.get_by_role("button", name="One fewer: Amani").wait_for()
    with live.world():
        numbers = {name or key.partition(":")[0]: number for key, name, number in kept() if LONG.strip() not in name}
        assert numbers["Amani"] == 1
        assert [number for key, _name, number in kept() if key.startswith("ngo:")] == [2, 1]


@pytest.mark.parametrize("where", ["/door", "/attendance", "/minutes", "/minutes/write?show=preview"])
@pytest.mark.parametrize(("width", "language"), [(PHONE, "fr"), (DESK, "ar-xb")])
def test_the_pages_of_keepers_are_accessible_and_fit(visit, live, held, where, width, language) -> None:
    with live.world():
        signed_in = cookie(live.app, db.session.get(make.Person, held[2]), live.url)
    page = visit("/help", width=width, language=language)
    page.context.add_cookies([signed_in])
    page.goto(f"{live.url}/{language}{held[1]}{where}")
    assert page.locator("main h1").count() == 1
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"held{where.partition('?')[0].replace('/', '-')}-{language}-{width}")
