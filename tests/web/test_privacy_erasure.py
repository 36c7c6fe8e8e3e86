"""The pages on which somebody has themselves erased, and thinks again."""

import gzip

import pytest

from caucusmail import tokens
from caucusmail.accounts.models import Person, SignIn
from caucusmail.clock import now
from caucusmail.database import db, transaction
from caucusmail.privacy import erasing
from caucusmail.privacy.models import Erasure
from caucusmail.tokens import Purpose
from tests import letters, make
from tests.door import let_in
from tests.web.my import my, text

PAGE = "/account/erase"


@pytest.fixture
def achieng(client, member) -> Person:
    let_in(client, member)
    return member


def waits() -> list[Erasure]:
    db.session.expire_all()
    return make.rows(Erasure)


def test_the_page_says_what_goes_what_stays_and_what_cannot_be_called_back(client, achieng):
    assert f'href="{PAGE}"' in client.get("/account/data").text
    page = client.get(PAGE)
    for words in ("What goes", "2 groups", "What stays, and why", "What we cannot call back", "0 letters"):
        assert words in text(page)
    css = client.get("/static/house.css").data
    assert len(gzip.compress(page.data)) + len(gzip.compress(css)) <= 14 * 1024
    assert waits() == []


def test_in_a_fortnight_unless_one_thinks_again_by_the_link(client, achieng):
    assert client.post(PAGE, data={"when": "later", "remember": "y"}).status_code == 303
    [waiting] = waits()
    assert waiting.remember
    assert "You will be erased on" in client.get("/me").text
    assert "You will be erased on" not in client.get(my(achieng)).text
    assert "Think again" in client.get(PAGE).text
    [letter] = letters.to("achieng@mhi.example")
    link = letters.link(letter, "/erasure/")
    client.post("/sign-out")
    assert "Press the button" in client.get(link).text
    assert len(waits()) == 1
    assert "Nothing is erased" in client.post(link).text
    assert waits() == []
    assert (client.get(link).status_code, client.post(link).status_code) == (404, 404)


def test_one_thinks_again_by_signing_in(client, achieng):
    client.post(PAGE, data={"when": "later"})
    assert not waits()[0].remember
    for _twice in range(2):
        assert client.post(f"{PAGE}/keep").location.endswith("/me")
    assert waits() == []
    assert "Nothing is erased" in client.get("/me").text


def test_at_once_signs_out_and_every_old_link_is_dead(client, achieng):
    old, feed = my(achieng), tokens.sign(Purpose.CALENDAR, achieng.id, achieng.calendar_version)
    wrong = client.post(PAGE, data={"when": "now", "typed": "x"})
    assert wrong.status_code == 422
    assert "Type the address that our letters go to, achieng@mhi.example" in text(wrong)
    done = client.post(PAGE, data={"when": "now", "typed": "achieng@mhi.example", "remember": "y"})
    assert (done.status_code, done.location) == (303, "/erased")
    assert "You are erased" in client.get("/erased").text
    assert client.get("/me").status_code == 303
    assert client.get(old).status_code == 404
    assert client.get(f"/calendar/{feed}.ics").status_code == 404
    assert db.session.get(Person, achieng.id) is None


def test_at_once_is_still_open_while_the_fortnight_runs(client, achieng):
    client.post(PAGE, data={"when": "later"})
    assert client.post(PAGE, data={"when": "now", "typed": "achieng@mhi.example"}).status_code == 303
    assert waits() == []


def test_nothing_is_done_without_a_fresh_proof_a_choice_or_where_something_has_to_be_handed_on(client, vrwg):
    ilse = make.coordinator(vrwg, make.person("Ilse", "ilse@desk.example"))
    let_in(client, ilse)
    page = client.get(PAGE)
    assert "You are the only coordinator of Victims" in text(page)
    assert "Only for" not in page.text
    for data in ({"when": "later"}, {"when": "now", "typed": "ilse@desk.example"}):
        assert client.post(PAGE, data=data).status_code == 409
    assert client.post(PAGE, data={"when": "never"}).status_code == 422
    with transaction():
        make.rows(SignIn)[0].proved_at = now().replace(year=2020)
    for method in (client.get, client.post):
        assert "/sign-in" in method(PAGE).location
    assert waits() == []


def test_a_link_of_an_erased_person_is_of_nobody(client, achieng):
    with transaction():
        token = tokens.sign(Purpose.ERASURE, erasing.ask(achieng, remember=True).id)
        erasing.at_once(achieng, achieng.address, remember=True)
    assert client.get(f"/erasure/{token}").status_code == 404
