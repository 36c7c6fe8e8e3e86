"""The page that sets the private link, and every page and file that must not show it."""

import logging

import pytest

from caucusmail import tokens
from caucusmail.accounts import calendar_address
from caucusmail.announcements import letters as announced
from caucusmail.database import db, transaction
from caucusmail.meetings import remote
from caucusmail.meetings.models import MeetingMode, MeetingState
from caucusmail.tokens import Purpose
from tests import make
from tests.announcements.rooms import STAFF, confirmed, copies, meeting, peopled, ready
from tests.entering import enter
from tests.meetings.test_remote import URL, WORDS, put

SECRETS = ("meet.example", "4711")


@pytest.fixture
def room():
    return peopled()


@pytest.fixture
def sent(room):
    """An announced meeting with a private link."""
    draft = meeting(titles={"en": "Strategy"}, mode=MeetingMode.HYBRID, places=2, public=True)
    sent = confirmed(room, ready(room, meeting=draft))
    with transaction():
        sent.meeting.state = MeetingState.CONFIRMED
    put(sent.meeting)
    return sent


@pytest.fixture
def links(sent) -> list[str]:
    return [f"/answer/{tokens.sign(Purpose.MEETING_REPLY, row.id)}" for row in copies(sent)]


@pytest.fixture
def keeper(client, room):
    return enter(client, db.session.get(make.Person, room.by.id))


def told(text: str) -> bool:
    return any(secret in text for secret in SECRETS)


def test_the_answers_page_shows_it_to_who_comes_and_to_nobody_else(client, links):
    assert "There is a private link" in client.get(links[0]).text
    assert not told(client.get(links[0]).text)
    assert URL in client.post(links[0], data={"answer": "coming"}, follow_redirects=True).text
    client.post(links[1], data={"answer": "coming"})
    for link, answer in ((links[2], "coming"), (links[2], "maybe"), (links[0], "not-coming")):
        assert not told(client.post(link, data={"answer": answer}, follow_redirects=True).text), answer
    assert URL in client.get(links[1]).text


def test_signed_in_it_stands_on_the_meetings_page_of_who_comes(client, room, sent):
    address = f"/meetings/{sent.meeting.reference}"
    enter(client, make.member(room.caucus))
    assert not told(client.get(address).text)
    assert URL in client.post(f"{address}/answer", data={"answer": "coming"}, follow_redirects=True).text
    enter(client, make.member(room.caucus))
    assert not told(client.get(address).text)


def test_no_page_file_feed_or_letter_of_the_meeting_holds_it(client, room, sent, caplog):
    caplog.set_level(logging.DEBUG)
    reference, slug = sent.meeting.reference, room.caucus.slug
    member = make.member(room.caucus, None, room.group)
    personal = calendar_address.address(member)
    shared = ["/meetings", f"/meetings/{reference}", f"/meetings/{reference}.ics", "/calendar.ics", "/"]
    pages = [*shared, f"/caucuses/{slug}", f"/caucuses/{slug}/calendar.ics", f"/announcements/{sent.reference}", "/me"]
    for who in (None, member, db.session.get(make.Person, room.by.id), make.secretary()):
        if who is not None:
            enter(client, who)
        for address in [
            *pages,
            personal[personal.index("/calendar/") :],
            f"/meetings/{reference}/answers",
            "/staff/journal",
        ]:
            assert not told(client.get(address).text), (who, address)
    seen = announced.preview(sent, by=STAFF)
    assert not told(seen.text + seen.html + seen.ics)
    assert not told(caplog.text)


def test_a_keeper_sets_it_changes_it_and_takes_it_away(client, keeper, sent):
    where = f"/meetings/{sent.meeting.reference}/remote"
    assert URL in keeper.get(where).text
    assert f'href="{where}"' in keeper.get(f"/meetings/{sent.meeting.reference}").text
    page = keeper.post(
        where, data={"seen": 1, "url": "https://meet.example/new", "words": WORDS}, follow_redirects=True
    )
    assert "The private link is kept." in page.text
    assert remote.kept(sent.meeting).url == "https://meet.example/new"
    page = keeper.post(where, data={"seen": 2, "url": "", "words": ""}, follow_redirects=True)
    assert "The private link is taken away." in page.text
    assert remote.kept(sent.meeting) is None


def test_what_was_typed_is_not_lost_when_it_is_refused(keeper, sent):
    where = f"/meetings/{sent.meeting.reference}/remote"
    page = keeper.post(where, data={"seen": 1, "url": "zoom 123", "words": "Ring twice"})
    assert (page.status_code, "zoom 123" in page.text, "Ring twice" in page.text) == (422, True, True)
    assert "from https:// on" in page.text
    page = keeper.post(where, data={"seen": 0, "url": "https://meet.example/mine", "words": ""})
    assert (page.status_code, "https://meet.example/mine" in page.text, URL in page.text) == (409, True, True)
    assert 'name="seen" type="hidden" value="1"' in page.text


def test_nobody_but_its_keepers_opens_the_page(client, room, sent):
    where = f"/meetings/{sent.meeting.reference}/remote"
    assert client.get(where).status_code == 303
    for who, status in ((make.member(room.caucus), 403), (make.coordinator(make.caucus()), 404)):
        enter(client, who)
        assert client.get(where).status_code == status
        assert client.post(where, data={"seen": 1, "url": "", "words": ""}).status_code == status
    assert remote.kept(sent.meeting) is not None


def test_a_meeting_on_site_says_that_it_has_none(keeper, sent):
    with transaction():
        sent.meeting.mode = MeetingMode.IN_PERSON
    where = f"/meetings/{sent.meeting.reference}/remote"
    assert "takes place on site only" in keeper.get(where).text
    assert keeper.post(where, data={"seen": 1, "url": "", "words": ""}).status_code == 409
