"""The pages on which somebody protects themselves, reads what was done, and ends it."""

import gzip
import re
from datetime import timedelta

import pytest
import time_machine

from caucusmail import tokens
from caucusmail.accounts import addressing, addressing_back
from caucusmail.accounts.models import Person, Shelter
from caucusmail.clock import now
from caucusmail.database import db, transaction
from caucusmail.delivery import covers
from caucusmail.privacy import protecting
from caucusmail.privacy.protection_models import How, Protection
from caucusmail.tokens import Purpose
from tests import letters, make
from tests.door import let_in
from tests.web.my import my, text

PAGE, OLD = "/me/protect", "achieng@mhi.example"


@pytest.fixture
def achieng(client, member) -> Person:
    let_in(client, member)
    return member


def read_again(person: Person) -> Person:
    db.session.expire_all()
    return db.session.get(Person, person.id)


def action(page, ending: str) -> str:
    """The address a form with this ending is sent to."""
    return re.search(rf'action="([^"]*{ending})"', page.text)[1]


def press(client, **filled):
    return client.post(PAGE, data=filled)


def test_two_taps_from_my_page_and_the_receipt_says_in_numbers_what_was_done(client, achieng):
    assert f'href="{PAGE}"' in client.get("/me").text
    page = client.get(PAGE)
    for words in ("What happens at once", "What we cannot call back", "signed out on every device"):
        assert words in text(page)
    assert read_again(achieng).shelter is None  # looking changes nothing
    done = client.post(action(page, "/protect"), follow_redirects=True)
    assert read_again(achieng).shelter is Shelter.SILENT
    said = text(done)
    assert "You are protected, and signed out everywhere" in said
    assert "1 device" in said
    assert "Achieng" not in done.text
    assert OLD not in done.text
    assert done.headers["Cache-Control"] == "no-store"


def test_who_had_an_address_changed_lately_reads_first_what_protecting_ends(client, achieng):
    assert "changed lately" not in text(client.get(PAGE))
    with transaction():
        addressing.replace(achieng, "achieng@new.example", by=achieng)
    page = client.get(PAGE)
    assert "If that was not you, take the change back first" in text(page)
    assert 'href="/account/addresses"' in page.text
    with time_machine.travel(now() + addressing.WAY_BACK + timedelta(minutes=1)):
        assert not addressing_back.lately(read_again(achieng))


def test_whoever_presses_it_they_are_told_and_read_on_their_page_how_it_came(client, app, achieng):
    client.post("/sign-out")
    app.test_client().post(my(achieng, "/protect"))  # by the link of a letter, whoever has it
    address = read_again(achieng).address
    assert [one["Subject"] for one in letters.to(address)] == ["Your page has changed"]
    let_in(client, read_again(achieng))
    assert "By you, or whoever had one of your letters" in text(client.get(PAGE))


def test_the_page_is_light(client, achieng):
    css = len(gzip.compress(client.get("/static/house.css").data))
    assert len(gzip.compress(client.get(PAGE).data)) + css <= 14 * 1024
    press(client)
    let_in(client, achieng)
    assert len(gzip.compress(client.get(PAGE).data)) + css <= 14 * 1024


def test_from_then_on_every_old_link_sign_in_and_feed_is_refused(client, app, achieng):
    elsewhere = let_in(app.test_client(), achieng)
    client.post("/sign-out")
    client.post("/sign-in", data={"address": OLD})
    sign_in = letters.link(letters.to(OLD)[-1], "/sign-in/")
    feed = f"/calendar/{tokens.sign(Purpose.CALENDAR, achieng.id, achieng.calendar_version)}.ics"
    old = [my(achieng), my(achieng, "/protect"), my(achieng, "/leave"), feed]
    assert [client.get(one).status_code for one in old] == [200, 200, 200, 200]
    let_in(client, achieng)
    with time_machine.travel(now() + timedelta(seconds=2)):
        press(client)
        assert [client.get(one).status_code for one in old] == [404, 404, 404, 404]
        assert client.post(old[1]).status_code == 404
        assert client.post(sign_in).status_code in (401, 404, 410)
        for one in (client, elsewhere):
            assert one.get("/me").status_code == 303
            assert one.get("/account/data").status_code == 303


def test_a_slip_is_taken_back_on_the_receipt_and_not_an_hour_later(client, achieng):
    receipt = press(client).location
    assert text(client.get(receipt)).count("Take it back") == 1
    assert "/sign-in" in client.post(receipt).location  # whoever has the phone now
    assert let_in(client, make.person()).post(receipt).status_code == 404
    assert read_again(achieng).shelter is Shelter.SILENT
    let_in(client, read_again(achieng))
    assert "Taken back" in client.post(receipt, follow_redirects=True).text
    again = read_again(achieng)
    assert (again.shelter, again.name, again.address) == (None, "Achieng Odera", OLD)
    assert client.post(receipt).status_code == 404
    let_in(client, achieng)
    second = press(client).location
    with time_machine.travel(now() + protecting.UNDO + timedelta(minutes=1)):
        let_in(client, read_again(achieng))
        assert (client.get(second).status_code, client.post(second).status_code) == (404, 404)
    assert read_again(achieng).shelter is Shelter.SILENT


def test_they_sign_in_again_with_their_own_address_and_end_it(client, achieng):
    press(client)
    assert client.post("/sign-in", data={"address": OLD}).status_code in (200, 303)
    covered = read_again(achieng).address_key
    assert covered != OLD
    sign_in = letters.link(letters.to(covered)[-1], "/sign-in/")
    assert client.post(sign_in).status_code == 303
    page = client.get("/me")
    assert "You are protected." in text(page)
    assert "Protect me now" not in text(page)
    assert "Achieng" not in page.text
    assert "protected.invalid" not in page.text
    assert "No letters leave" in text(page)
    assert "protected.invalid" not in client.get("/sign-in?why=proof").text
    shown = client.get(PAGE)
    assert make.rows(Protection)[0].stands_for in text(shown)
    assert client.post(action(shown, "/lift"), follow_redirects=True).status_code == 200
    assert (read_again(achieng).name, achieng.address) == ("Achieng Odera", OLD)
    assert "You are protected." not in client.get("/me").text
    assert client.post(f"{PAGE}/lift").location.endswith("/me")  # twice does no harm


def test_it_ends_by_itself_on_the_day_that_was_chosen_and_the_day_can_be_changed(client, achieng):
    day = (now() + timedelta(days=10)).date()
    press(client, until=day.isoformat())
    let_in(client, achieng)
    assert "Until" in text(client.get(PAGE))
    later = (now() + timedelta(days=20)).date()
    assert client.post(f"{PAGE}/until", data={"until": later.isoformat()}).status_code == 303
    db.session.expire_all()
    [protection] = make.rows(Protection)
    assert protection.until.date() in (later, later - timedelta(days=1))  # it begins in their own zone
    assert client.post(f"{PAGE}/until", data={"until": "2001-01-01"}).status_code == 422
    with time_machine.travel(protection.until + timedelta(minutes=1)):
        assert protecting.end_due() == 1
    assert read_again(achieng).name == "Achieng Odera"


@pytest.mark.parametrize("until", ["2001-01-01", "soon"])
def test_a_day_that_makes_no_sense_is_said_beside_the_field_and_nothing_is_done(client, achieng, until):
    answer = press(client, until=until)
    assert answer.status_code == 422
    assert until in answer.text
    assert read_again(achieng).shelter is None


def test_letters_go_to_another_address_if_they_have_just_signed_in(client, achieng):
    press(client, address="safe@elsewhere.example")
    again = read_again(achieng)
    assert again.shelter is Shelter.REROUTED
    [(cover, under)] = covers.under([again.address_key]).items()
    assert (cover, under.address, under.opens) == (again.address_key, "safe@elsewhere.example", True)
    let_in(client, achieng)
    assert "Go to the address that you chose" in text(client.get(PAGE))


def test_an_address_that_is_none_is_said_beside_the_field(client, achieng):
    assert press(client, address="not an address").status_code == 422
    assert read_again(achieng).shelter is None


def test_another_address_is_not_taken_from_a_desk_left_open_nor_from_a_letters_link(client, achieng):
    with time_machine.travel(now() + timedelta(hours=2)):
        assert 'name="address"' not in client.get(PAGE).text
        assert "/sign-in" in press(client, address="evil@elsewhere.example").location
        by_letter = my(achieng, "/protect")
        assert 'name="address"' not in client.get(by_letter).text
        assert "/sign-in" in client.post(by_letter, data={"address": "evil@elsewhere.example"}).location
        assert read_again(achieng).shelter is None
        assert "/protected/" in press(client).location  # the button itself asks for nothing more


def test_by_the_link_at_the_foot_of_a_letter_it_takes_two_taps_too(client, member):
    page = client.get(my(member))
    path = re.search(r'href="([^"]*/protect)"', page.text)[1]
    done = client.post(action(client.get(path), "/protect"), follow_redirects=True)
    assert "You are protected" in text(done)
    assert read_again(member).shelter is Shelter.SILENT


def test_twice_at_once_is_once(client, achieng):
    with transaction():
        protecting.protect(achieng, by=achieng, how=How.SELF)
    let_in(client, achieng)
    assert press(client).status_code == 409
    assert len(make.rows(Protection)) == 1


def test_whoever_may_find_it_finds_it(client, achieng):
    for page in ("/me", "/me/shown/water", "/account/data", "/help"):
        assert PAGE in client.get(page).text, page
