"""Calendar feeds over HTTP: who reads what, what an unchanged one costs, and where the address of one's own may not be."""

import gzip
import logging
import re
from typing import Any

import pytest

from caucusmail import links
from caucusmail.accounts import calendar_address
from caucusmail.database import transaction
from caucusmail.meetings.models import MeetingState
from tests import make
from tests.entering import enter
from tests.statements import counted
from tests.web.test_meetings import SECRET_ROOM, meeting

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def caucus() -> Any:
    return make.caucus("vrwg", tag="VRWG", names={"en": "Victims’ Rights", "fr": "Droits des victimes"})


@pytest.fixture
def one(caucus: Any) -> Any:
    return meeting(caucus, make.coordinator(caucus))


def own(person: Any) -> str:
    return re.sub(r"^https?://[^/]+", "", calendar_address.address(person))


PUBLIC = ("/en/calendar.ics", "/en/caucuses/vrwg/calendar.ics")


def feeds_of(caucus: Any) -> list[str]:
    return [*PUBLIC, own(make.member(caucus))]


def test_anybody_reads_the_public_feeds_and_the_room_stands_in_ones_own(client, caucus, one):
    for path in PUBLIC:
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/calendar")
        assert "SUMMARY:[VRWG] Strategy meeting" in answer.text
        assert SECRET_ROOM.partition(",")[0] not in answer.text
    assert "LOCATION:K-12" in client.get(own(make.member(caucus))).text


def test_a_feed_speaks_the_language_of_its_address(client, caucus, one):
    assert "NAME:CaucusMail : réunions publiques" in client.get("/fr/calendar.ics").text.replace("\xa0", " ")
    assert "à New York" in client.get("/fr/calendar.ics").text.replace("\r\n ", "")


def test_who_is_signed_in_gets_no_more_from_a_public_feed_than_anybody(client, caucus, one):
    meeting(caucus, make.secretary(), "Secret meeting", public=False)
    as_stranger = [client.get(path).data for path in PUBLIC]
    enter(client, make.coordinator(caucus))
    assert [client.get(path).data for path in PUBLIC] == as_stranger


def test_a_caucus_without_public_meetings_and_one_that_is_not_there_have_no_feed(client, caucus):
    meeting(caucus, make.coordinator(caucus), public=False)
    for slug in ("vrwg", "no-such"):
        assert client.get(f"/caucuses/{slug}/calendar.ics").status_code == 404


def test_an_unchanged_feed_costs_a_few_bytes_by_either_question(client, caucus, one):
    for path in feeds_of(caucus):
        first = client.get(path, headers=GZIP)
        assert first.headers["Content-Encoding"] == "gzip"
        assert len(first.data) < len(gzip.decompress(first.data))
        for question in (
            {"If-None-Match": first.headers["ETag"]},
            {"If-Modified-Since": first.headers["Last-Modified"]},
        ):
            again = client.get(path, headers=GZIP | question)
            assert (again.status_code, again.data) == (304, b""), (path, question)


def test_a_changed_feed_is_sent_again(client, caucus, one, days_later):
    asked = {path: client.get(path).headers for path in feeds_of(caucus)}
    with days_later(1), transaction():
        one.state = MeetingState.CANCELLED
    for path, before in asked.items():
        for question in ({"If-None-Match": before["ETag"]}, {"If-Modified-Since": before["Last-Modified"]}):
            answer = client.get(path, headers=question)
            assert answer.status_code == 200
            assert "STATUS:CANCELLED" in answer.text


def test_copies_of_ones_own_feed_lie_nowhere_but_with_its_reader(client, caucus, one):
    for path in feeds_of(caucus):
        headers = client.get(path).headers
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in headers
        assert headers["Cache-Control"].startswith("public" if path in PUBLIC else "private")


def test_a_new_address_stops_the_old_one_which_answers_as_if_it_had_never_been(client, caucus, one):
    person = make.member(caucus)
    old = own(person)
    with transaction():
        calendar_address.renew(person, by=person)
    gone, forged = client.get(old), client.get("/en/calendar/AAAA.ics")
    assert gone.status_code == forged.status_code == 404
    token = old.rpartition("/")[2]
    assert gone.text.replace(token, "") == forged.text.replace("AAAA.ics", "")
    assert client.get(own(person)).status_code == 200


@pytest.mark.parametrize("fault", [False, True])
def test_the_address_is_in_no_log_even_when_something_breaks(app, client, caucus, one, caplog, monkeypatch, fault):
    address = own(make.member(caucus))
    token = address.rpartition("/")[2].removesuffix(".ics")
    if fault:
        monkeypatch.setattr(calendar_address, "owner", lambda _token: 1 / 0)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    with caplog.at_level(logging.DEBUG):
        assert client.get(address).status_code == (500 if fault else 200)
        assert client.get(address.replace("calendar/", "calendar/x")).status_code in (404, 500)
    logged = "\n".join(caplog.handler.format(record) for record in caplog.records)
    assert ("ZeroDivisionError" in logged) is fault
    assert token not in logged


def test_a_feed_takes_as_many_statements_for_ten_meetings_as_for_one(client, caucus, one):
    paths = feeds_of(caucus)
    few, keeper = {}, make.secretary()
    for path in paths:
        with counted() as statements:
            client.get(path)
        few[path] = len(statements)
        etag = client.get(path).headers["ETag"]
        with counted() as statements:
            assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
        assert len(statements) == few[path] <= 6
    for number in range(9):
        meeting(caucus, keeper, f"Number {number}")
    for path in paths:
        with counted() as statements:
            client.get(path)
        assert len(statements) == few[path], path


def test_the_pages_lead_to_the_feeds(client, caucus, one):
    for path, address in (("/en/meetings", links.calendar()), ("/en/caucuses/vrwg", links.caucus_calendar("vrwg"))):
        page = client.get(path).text
        assert address in page
        assert f'href="webcal{address[address.index(":") :]}"' in page
        assert "/me/calendar" not in page
    enter(client, make.member(caucus))
    assert "/me/calendar" in client.get("/en/meetings").text
