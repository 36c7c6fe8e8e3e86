"""An announcement that leaves in waves: chosen with the last word, watched, paused by itself or by a person, let go on."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from caucusmail import clock
from caucusmail.announcements import dispatch, leaving, queries
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import DeliveryState, OutgoingMessage
from caucusmail.errors import Invalid
from tests import make
from tests.announcements.gone import begun
from tests.announcements.rooms import Room, confirmed, copies, meeting, ready, released
from tests.entering import enter
from tests.filled import form
from tests.web.test_announcements import page

PEOPLE = 54


@pytest.fixture
def room(client: FlaskClient) -> Room:
    """A room with members enough for two waves, whose coordinator is signed in."""
    room = Room()
    for number in range(PEOPLE):
        make.member(room.caucus, make.person(f"Reader {number}", f"reader{number}@mail.example"), room.group)
    enter(client, room.by.person)
    return room


def confirm(client: FlaskClient, room: Room, sent: Announcement, per_hour: str) -> int:
    url = f"/compose/{sent.id}/confirm"
    data = form(page(client, url), url, typed=room.caucus.slug, per_hour=per_hour)
    return client.post(url, data=data).status_code


def in_waves(client: FlaskClient, room: Room) -> Announcement:
    """Confirmed on the page, and begun."""
    sent = ready(room)
    assert confirm(client, room, sent, "50") == 303
    db.session.refresh(sent)
    with transaction():
        sent.release_at = clock.now() - timedelta(seconds=1)
        for row in copies(sent):
            row.due_at -= dispatch.timing.HOLD + timedelta(seconds=1)
        db.session.flush()
        leaving.send_due()
    return sent


def states(sent: Announcement, state: DeliveryState) -> int:
    db.session.expire_all()
    return sum(row.state is state for row in copies(sent))


def test_waves_are_offered_with_how_long_they_take_where_there_would_be_more_than_one(client, room):
    html = page(client, f"/compose/{ready(room).id}/confirm")
    assert "In waves of 50 an hour, which takes about 60 minutes" in html
    assert "In waves of 200" not in html
    assert "How fast" not in page(client, f"/compose/{ready(room, urgent=True).id}/confirm")
    few = Room(slug="few")
    make.member(few.caucus, make.person("Ada"), few.group)
    enter(client, few.by.person)
    assert "How fast" not in page(client, f"/compose/{ready(few).id}/confirm")


def test_a_number_that_was_not_offered_is_refused(client, room):
    sent = ready(room)
    assert confirm(client, room, sent, "7") == 422
    assert confirm(client, room, sent, "0") == 303
    assert queries.per_hour(make.rows(Announcement)[-1]) is None


def test_one_wave_leaves_and_the_page_says_how_many_wait_until_when(client, room, sink):
    sent = in_waves(client, room)
    outgoing.turn("w")
    assert states(sent, DeliveryState.ACCEPTED) == 50
    html = page(client, f"/compose/{sent.id}/progress")
    assert "It leaves in waves of 50 an hour. 4 copies wait for a later one: the next on" in html
    assert "0 wrong addresses (it pauses by itself after 2), 0 complaints (after 0)" in html
    assert 'data-live="30"' in html
    assert " left." not in html
    assert "par vagues de 50" in page(client, f"/fr/compose/{sent.id}/progress")


def test_a_wave_that_goes_badly_says_why_it_stopped_and_goes_on_for_a_reason(client, room, sink):
    sink.refuse = {f"reader{number}@mail.example": "550 5.1.1 no such user" for number in range(3)}
    sent = in_waves(client, room)
    outgoing.turn("w")
    url = f"/compose/{sent.id}"
    html = page(client, url + "/progress")
    assert "Too many addresses of the last copies do not exist" in html
    assert "3 wrong addresses" in html
    assert "Stop: nothing more leaves" in html
    assert client.post(url + "/go-on", data={"reason": ""}).status_code == 422
    assert client.post(url + "/go-on", data={"reason": "Three have left their office"}).status_code == 303
    assert make.rows(AuditEntry)[-1].reason == "Three have left their office"
    assert "Too many addresses" not in page(client, url + "/progress")
    outgoing.turn("w")
    assert states(sent, DeliveryState.QUEUED) == 4, "the next wave keeps its time"


def test_a_long_pause_lets_no_more_than_one_wave_leave_at_once(client, room, sink):
    sent = in_waves(client, room)
    url = f"/compose/{sent.id}"
    client.post(url + "/pause", data={"reason": "The room may change"})
    with transaction():
        for row in copies(sent):
            row.due_at = clock.now() - timedelta(days=1)
    client.post(url + "/go-on", data={"reason": "It stays"})
    outgoing.turn("w")
    assert states(sent, DeliveryState.ACCEPTED) == 50


def test_a_person_pauses_it_for_a_reason_that_is_shown_and_lets_it_go_on(client, room, sink):
    sent = begun(room)
    url = f"/compose/{sent.id}"
    assert f'href="{url}/pause"' in page(client, url + "/progress")
    assert "Nothing more of it leaves" in page(client, url + "/pause")
    assert client.post(url + "/pause", data={"reason": " "}).status_code == 422
    answer = client.post(url + "/pause", data={"reason": "The room <may> change"}, follow_redirects=True)
    html = answer.get_data(as_text=True)
    assert "Somebody paused it, and said why:" in html
    assert "The room &lt;may&gt; change" in html
    assert f'href="{url}/pause"' not in html
    outgoing.turn("w")
    assert states(sent, DeliveryState.QUEUED) == PEOPLE
    entry = make.rows(AuditEntry)[-1]
    assert (entry.verb, entry.reason, entry.by_id) == ("announcement.paused", "The room <may> change", room.by.id)
    assert client.post(url + "/pause", data={"reason": "again"}).location == f"{url}/progress"
    client.post(url + "/go-on", data={"reason": "It stays"})
    outgoing.turn("w")
    assert states(sent, DeliveryState.ACCEPTED) == PEOPLE


def test_what_has_ended_is_not_paused_and_nothing_by_opening_the_page(client, room):
    sent = begun(room)
    page(client, f"/compose/{sent.id}/pause")
    assert db.session.get_one(OutgoingMessage, sent.message_id).paused_at is None
    with transaction():
        dispatch.stop(sent, room.by)
    answer = client.post(f"/compose/{sent.id}/pause", data={"reason": "x"})
    assert answer.location == f"/compose/{sent.id}/progress"
    assert "There is nothing to pause: it is not being sent." in page(client, answer.location)


def test_another_caucus_s_coordinator_pauses_nothing(client, room):
    sent = begun(room)
    enter(client, Room(slug="other").by.person)
    assert client.get(f"/compose/{sent.id}/pause").status_code == 404
    assert client.post(f"/compose/{sent.id}/pause", data={"reason": "x"}).status_code == 404


def test_another_time_keeps_the_waves_and_a_draft_forgets_them(room):
    sent = confirmed(room, ready(room), per_hour=50)
    with transaction():
        dispatch.reschedule(sent, room.by, clock.now() + timedelta(days=1))
    assert queries.per_hour(sent) == 50
    assert len({row.due_at for row in copies(sent)}) == 2
    with transaction():
        dispatch.undo(sent, room.by)
    assert sent.state is AnnouncementState.DRAFT
    released(confirmed(room, sent))
    assert len({row.due_at for row in copies(sent)}) == 1


def test_a_last_wave_after_the_meeting_has_begun_is_refused(room):
    soon = clock.now() + timedelta(minutes=30)
    wall = datetime(soon.year, soon.month, soon.day, soon.hour, soon.minute)
    sent = ready(room, meeting=meeting(starts=wall, ends=wall + timedelta(hours=1), zone="UTC"))
    with pytest.raises(Invalid) as found, transaction():
        dispatch.confirm(sent, room.caucus.slug, sent.revision, room.by, per_hour=50)
    assert found.value.field == "per_hour"
    assert "The last wave would leave on" in str(found.value)
