"""An organisation asks somebody in, and offers a vacant seat."""

import re
from html import unescape

import pytest

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import asking
from caucusmail.directory.models import Seat
from caucusmail.throttle import limits
from tests import letters, make
from tests.web.my import text


def test_an_invitation_is_not_put_back_over_a_place_that_was_given_to_somebody_else(client, rosas):
    url, _luis, seat = rosas
    data = {"name": "Peter", "language": "en", "caucuses": [str(seat.caucus_id)]}
    said = client.post(
        f"{url}/add", data=data | {"submission": "a" * 16, "address": "p@mail.example"}, follow_redirects=True
    )
    withdraw = re.search(r'action="([^"]*/withdraw)"', said.text)[1]
    client.post(withdraw)
    client.post(f"{url}/add", data=data | {"submission": "b" * 16, "address": "q@mail.example"})
    assert client.post(withdraw.replace("withdraw", "put-back")).status_code == 409


def test_who_asks_somebody_in_too_late_finds_the_form_as_it_was_typed(client, rosas):
    url, _luis, seat = rosas
    data = {"name": "Peter", "title": "lawyer", "language": "en", "caucuses": [str(seat.caucus_id)]}
    client.post(f"{url}/add", data=data | {"submission": "a" * 16, "address": "p@mail.example"})
    late = client.post(f"{url}/add", data=data | {"submission": "b" * 16, "address": "q@mail.example", "name": "Amina"})
    assert late.status_code == 409
    assert 'role="alert"' in late.text
    assert {'value="Amina"', 'value="lawyer"', 'value="q@mail.example"'} <= set(re.findall(r'value="[^"]*"', late.text))


def test_somebody_is_invited_once_and_the_invitation_withdrawn(client, rosas):
    url, _luis, seat = rosas
    form = client.get(f"{url}/add?caucus=water").text
    submission = re.search(r'name="submission"[^>]*value="([^"]+)"', form)[1]
    data = {
        "submission": submission,
        "name": "Peter Kamau",
        "title": "lawyer",
        "address": "peter@mail.example",
        "language": "fr",
        "caucuses": [str(seat.caucus_id)],
    }
    for _time in range(2):
        assert client.post(f"{url}/add", data=data).status_code == 303
    assert len(letters.to("peter@mail.example")) == 1
    page = client.get(url)
    assert "Have yet to confirm" in page.text
    assert "All places are taken or offered" in page.text
    withdraw = re.search(r'action="([^"]*/withdraw)"', page.text)[1]
    said = client.post(withdraw, follow_redirects=True)
    assert "The invitation of Peter Kamau is withdrawn" in said.text
    assert "Have yet to confirm" not in said.text
    client.post(re.search(r'action="([^"]*/put-back)"', said.text)[1])
    assert "Have yet to confirm" in client.get(url).text


def test_what_is_said_of_the_letter_is_the_same_for_an_address_that_just_had_one(client, rosas):
    url, _luis, seat = rosas
    texts = []
    for number, address in enumerate(("known@mail.example", "new@mail.example")):
        if number == 0:
            with transaction():
                limits.spend(asking.A_DAY, "known@mail.example")
        data = {"name": "Peter", "address": address, "language": "en", "caucuses": [str(seat.caucus_id)]}
        said = client.post(f"{url}/add", data=data | {"submission": "s" * 31 + str(number)}, follow_redirects=True)
        texts.append(re.search(r"A letter to Peter leaves at once, or within a day[^<]*", said.text)[0])
        client.post(re.search(r'action="([^"]*/withdraw)"', said.text)[1])
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Write the name"),
        ("address", "peter at mail", "is not a complete email address"),
        ("caucuses", [], "Tick at least one caucus"),
        ("caucuses", ["99999"], ""),
        ("language", "tlh", ""),
        ("submission", "", ""),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(client, rosas, field, value, words):
    url, _luis, seat = rosas
    data = {
        "submission": "0123456789abcdef",
        "name": "Peter Kamau",
        "address": "peter@mail.example",
        "language": "fr",
        "caucuses": [str(seat.caucus_id)],
    } | {field: value}
    page = client.post(f"{url}/add", data=data)
    assert page.status_code == 422
    assert words in unescape(page.text)
    if field != "name":
        assert "Peter Kamau" in page.text
    assert letters.to("peter@mail.example") == []


def test_an_invitation_without_a_title_can_be_sent_twice(client, rosas):
    url, _luis, seat = rosas
    data = {
        "submission": "0123456789abcdef",
        "name": "Peter Kamau",
        "address": "peter@mail.example",
        "language": "fr",
        "caucuses": [str(seat.caucus_id)],
    }
    assert [client.post(f"{url}/add", data=data).status_code for _time in range(2)] == [303, 303]


def test_a_name_pasted_with_a_line_end_is_one_line(client, rosas):
    url, _luis, seat = rosas
    data = {
        "submission": "0123456789abcdef",
        "name": "Bea\u2028Lopez \ue000x\ue001",
        "title": "lawyer",
        "address": "bea@mail.example",
        "language": "en",
        "caucuses": [str(seat.caucus_id)],
    }
    assert client.post(f"{url}/add", data=data).status_code == 303
    assert "Bea Lopez x" in client.get(url).text


def test_a_vacant_seat_is_offered_by_letter_and_the_offer_withdrawn(client, rosas):
    url, luis, seat = rosas
    vacant = make.keep(Seat(ngo_id=seat.ngo_id, caucus_id=make.caucus("arms").id, since=clock.now()))
    page = client.get(url)
    assert "Ask Luis Mamani to take it" in text(page)
    said = client.post(f"{url}/seats/{vacant.id}", data={"representative": luis}, follow_redirects=True)
    assert "We wrote to Luis Mamani" in text(said)
    client.post(re.search(r'action="([^"]*/withdraw)"', said.text)[1])
    assert "Have yet to confirm" not in client.get(url).text


def test_one_caucus_of_two_is_enough_and_none_is_refused_beside_the_boxes(client, rosas):
    url, _luis, seat = rosas
    peace = make.keep(Seat(ngo_id=int(url.rpartition("/")[2]), caucus_id=make.caucus("forests").id, since=clock.now()))
    page = client.get(f"{url}/add").text
    boxes = re.findall(r'<input[^>]*name="caucuses"[^>]*>', page)
    assert len(boxes) == 2
    assert not any("required" in box for box in boxes)
    data = {"submission": "a" * 16, "name": "Peter", "address": "p@mail.example", "language": "en"}
    refused = client.post(f"{url}/add", data=data)
    assert refused.status_code == 422
    assert "Tick at least one caucus." in refused.text
    assert client.post(f"{url}/add", data=data | {"caucuses": [str(peace.caucus_id)]}).status_code == 303
    assert seat.caucus_id != peace.caucus_id


def test_who_was_added_by_their_own_organisation_does_not_read_that_the_secretariat_approved_it(client, rosas):
    url, _luis, seat = rosas
    data = {"name": "Peter", "address": "p@mail.example", "language": "en", "caucuses": [str(seat.caucus_id)]}
    client.post(f"{url}/add", data=data | {"submission": "a" * 16})
    confirm = letters.link(letters.to("p@mail.example")[0], "/join/confirm/")
    client.post(confirm, data={"kept": [str(seat.caucus_id)]})
    page = client.get(confirm, follow_redirects=True)
    assert "approved it" not in text(page)
    assert "Your organisation itself has added you" in text(page)
