"""Digests: one letter of all that is new, each announcement once in it and settled with it; what cannot wait comes at once."""

from datetime import timedelta

import pytest

from caucusmail import tokens
from caucusmail.announcements import changes, digests, dispatch
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState
from caucusmail.database import db, transaction
from caucusmail.delivery import held
from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from caucusmail.groups import membership, pauses, undo
from caucusmail.groups.models import Mode
from caucusmail.tokens import Purpose
from tests import make
from tests.announcements import rooms, served
from tests.announcements.served import HOUR, MONDAY, TUESDAY, row, sent, to, work


def test_all_that_is_new_comes_in_one_letter_at_their_hour_and_is_settled_with_it(monkeypatch, both, dora, relay):
    assert work(monkeypatch, MONDAY + 2 * HOUR) == 0
    assert to(relay, dora) == []
    assert [(one.state, one.lane, one.due_at) for one in (row(key, dora) for key in both)] == [
        (DeliveryState.QUEUED, Lane.DIGEST, TUESDAY)
    ] * 2
    assert work(monkeypatch, TUESDAY - timedelta(seconds=1)) == 0
    assert work(monkeypatch, TUESDAY) == 1
    [letter] = to(relay, dora)
    assert letter.message["Subject"] == "Your digest: 2 announcements"
    assert letter.text.index("1. [VRWG] News") < letter.text.index("2. [WATER] Wells")
    assert "Some *news*. More of it." in letter.text
    assert letter.text.count("More of it") < 30
    assert "a well is dug" in letter.text
    assert "“Victims' Rights” and “Water”" in letter.text or "groups" in letter.text
    rows = [row(key, dora) for key in both]
    assert [(one.state, one.settled_at, one.reply_code) for one in rows] == [(DeliveryState.ACCEPTED, TUESDAY, 250)] * 2
    assert [db.session.get_one(Announcement, key).state for key in both] == [AnnouncementState.SENT] * 2
    assert work(monkeypatch, TUESDAY + 24 * HOUR) == 0
    assert len(to(relay, dora)) == 1


def test_its_link_shows_each_letter_whole(monkeypatch, both, dora, relay):
    work(monkeypatch, TUESDAY)
    carrier = row(both[0], dora).digest_id
    found = held.by_token(tokens.sign(Purpose.READ, carrier, dora.settings_version))
    assert [one.subject for one in found.parts] == ["[VRWG] News", "[WATER] Wells"]
    assert found.parts[0].text.count("More of it") == 60
    assert "Dear Dora, a well is dug." in found.parts[1].text


def test_readers_of_the_same_share_a_message_and_others_get_their_own_language(monkeypatch, vrwg, water, dora, relay):
    same, other = make.person("Dan"), make.person("Élodie", languages=["fr"])
    for person in (same, other):
        served.serve(person, vrwg, Mode.DIGEST)
    text = {"en": Text("News", "Some news."), "fr": Text("Nouvelles", "Du nouveau.")}
    key = sent(monkeypatch, vrwg, MONDAY, texts=text)
    assert work(monkeypatch, TUESDAY) == 3
    assert len({db.session.get_one(Delivery, row(key, one).digest_id).message_id for one in (dora, same, other)}) == 2
    [french] = to(relay, other)
    assert "Nouvelles" in str(french.message["Subject"])
    assert "Du nouveau." in french.text


def test_one_click_leaves_what_brought_any_of_it(monkeypatch, both, dora, relay):
    work(monkeypatch, TUESDAY)
    [letter] = to(relay, dora)
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    copy = db.session.get_one(Delivery, row(both[0], dora).digest_id)
    with transaction():
        membership.leave_by_copy(copy)
    assert pauses.queries.subscriptions(dora) == []


def test_urgent_ones_come_at_once_and_whole(monkeypatch, vrwg, dora, relay):
    key = sent(monkeypatch, vrwg, MONDAY, urgent=True)
    served.drain()
    [letter] = to(relay, dora)
    assert letter.message["Subject"] == "[VRWG] News"
    assert row(key, dora).lane is Lane.URGENT


@pytest.mark.parametrize(("ahead", "waits"), [(timedelta(hours=40), False), (timedelta(days=20), True)])
def test_a_change_within_two_days_does_not_wait_and_a_meeting_is_never_told_too_late(
    monkeypatch, vrwg, dora, relay, ahead, waits
):
    starts = (MONDAY + ahead).replace(tzinfo=None)
    meeting = rooms.meeting(starts=starts, ends=starts + HOUR, zone="UTC")
    key = sent(monkeypatch, vrwg, MONDAY, kind=AnnouncementKind.MEETING, meeting=meeting)
    served.drain()
    assert (to(relay, dora) == []) is waits
    assert (row(key, dora).lane is Lane.DIGEST) is waits


def invited(monkeypatch, vrwg, days: int) -> Announcement:
    starts = (MONDAY + timedelta(days=days)).replace(tzinfo=None)
    meeting = rooms.meeting(starts=starts, ends=starts + HOUR, zone="UTC", room="K-12")
    key = sent(monkeypatch, vrwg, MONDAY, kind=AnnouncementKind.MEETING, meeting=meeting)
    return db.session.get_one(Announcement, key)


def off(monkeypatch, one: Announcement, vrwg, moment) -> int:
    served.at(monkeypatch, moment)
    with transaction():
        made = changes.tell(one.meeting, Change(ChangeKind.CANCELLED, 0, reason="Closed."), vrwg.by)
    assert made is not None
    return made.id


def test_a_cancellation_waits_for_the_digest_while_there_is_time_and_not_after(monkeypatch, vrwg, dora, relay):
    far, near = invited(monkeypatch, vrwg, 10).id, invited(monkeypatch, vrwg, 5).id
    assert work(monkeypatch, TUESDAY) == 1
    key = off(monkeypatch, db.session.get_one(Announcement, far), vrwg, TUESDAY + HOUR)
    assert (row(key, dora).lane, row(key, dora).due_at) == (Lane.DIGEST, TUESDAY + 24 * HOUR)
    key = off(monkeypatch, db.session.get_one(Announcement, near), vrwg, MONDAY + timedelta(days=3, hours=1))
    served.drain()
    assert "CANCELLED" in str(to(relay, dora)[-1].message["Subject"])
    assert row(key, dora).lane is Lane.URGENT


def test_who_had_only_to_wait_for_an_invitation_that_is_off_hears_nothing(monkeypatch, vrwg, dora, relay):
    one = invited(monkeypatch, vrwg, 10)
    served.at(monkeypatch, MONDAY + HOUR)
    with transaction():
        assert changes.tell(one.meeting, Change(ChangeKind.CANCELLED, 0, reason="Closed."), vrwg.by) is None
    assert work(monkeypatch, TUESDAY) == 0
    assert to(relay, dora) == []


def test_who_was_sent_the_meeting_whole_is_sent_its_changes_whole(monkeypatch, vrwg, dora, relay):
    with transaction():
        pauses.set_mode(dora, vrwg.group, Mode.EVERY, by=dora)
    one = invited(monkeypatch, vrwg, 20)
    served.drain()
    with transaction():
        pauses.set_mode(dora, vrwg.group, Mode.NOTICE, by=dora)
    off(monkeypatch, db.session.get_one(Announcement, one.id), vrwg, MONDAY + HOUR)
    served.drain()
    last = to(relay, dora)[-1].message
    assert "text/calendar" in [part.get_content_type() for part in last.walk()]


def test_what_is_stopped_before_the_digest_leaves_is_not_in_it(monkeypatch, vrwg, both, dora, relay):
    served.at(monkeypatch, TUESDAY)
    with transaction():
        assert digests.gather() == 1
    carrier = row(both[0], dora).digest_id
    with transaction():
        dispatch.stop(db.session.get_one(Announcement, both[0]), vrwg.by)
    assert db.session.get_one(Delivery, carrier).state is DeliveryState.WITHDRAWN
    assert (row(both[0], dora).state, row(both[1], dora).digest_id) == (DeliveryState.WITHDRAWN, None)
    assert work(monkeypatch, TUESDAY) == 1
    [letter] = to(relay, dora)
    assert letter.message["Subject"] == "Your digest: [WATER] Wells"
    assert [row(key, dora).state for key in both] == [DeliveryState.WITHDRAWN, DeliveryState.ACCEPTED]


@pytest.mark.parametrize("gathered", [False, True])
def test_who_leaves_gets_the_rest_alone_and_what_they_left_again_if_they_come_back(
    monkeypatch, vrwg, both, dora, relay, gathered
):
    served.at(monkeypatch, TUESDAY)
    if gathered:
        with transaction():
            digests.gather()
    with transaction():
        step = membership.leave_caucus(dora, vrwg.caucus, by=dora)
    assert row(both[0], dora).state is DeliveryState.WITHDRAWN
    with transaction():
        undo.take_back(step)
    assert work(monkeypatch, TUESDAY) == 1
    subjects = [str(one.message["Subject"]) for one in to(relay, dora)]
    assert [one for one in subjects if "digest" in one] == ["Your digest: 2 announcements"]


@pytest.mark.parametrize("mode", [Mode.EVERY, Mode.NOTICE])
def test_who_chooses_otherwise_gets_what_waits_at_once_in_a_last_one(monkeypatch, vrwg, both, dora, relay, mode):
    served.at(monkeypatch, MONDAY + 2 * HOUR)
    with transaction():
        pauses.set_mode(dora, vrwg.group, mode, by=dora)
    assert work(monkeypatch, MONDAY + 2 * HOUR) == 1
    assert [row(key, dora).state for key in both] == [DeliveryState.ACCEPTED, DeliveryState.QUEUED]
    assert work(monkeypatch, TUESDAY) == 1
    assert [str(one.message["Subject"]) for one in to(relay, dora)] == [
        "Your digest: [VRWG] News",
        "Your digest: [WATER] Wells",
    ]


def test_what_is_held_when_they_choose_letters_leaves_as_a_letter_at_its_time(monkeypatch, vrwg, dora, relay):
    served.at(monkeypatch, MONDAY)
    made = rooms.confirmed(vrwg, rooms.ready(vrwg)).id
    with transaction():
        pauses.set_mode(dora, vrwg.group, Mode.EVERY, by=dora)
    assert work(monkeypatch, MONDAY + timedelta(minutes=1)) == 0
    assert to(relay, dora) == []
    work(monkeypatch, MONDAY + timedelta(minutes=2))
    served.drain()
    assert [str(one.message["Subject"]) for one in to(relay, dora)] == ["[VRWG] News"]
    assert row(made, dora).lane is Lane.ANNOUNCE


def test_who_reads_on_the_site_from_now_on_gets_no_digest(monkeypatch, vrwg, both, dora, relay):
    with transaction():
        pauses.set_mode(dora, vrwg.group, Mode.NONE, by=dora)
    work(monkeypatch, TUESDAY)
    assert [row(key, dora).state for key in both] == [DeliveryState.WITHDRAWN, DeliveryState.ACCEPTED]


def test_a_pause_that_begins_before_the_digest_holds_it_back(monkeypatch, vrwg, water, dora, relay):
    served.at(monkeypatch, MONDAY - HOUR)
    tomorrow = pauses.today(dora.zone) + timedelta(days=1)
    with transaction():
        pauses.pause(dora, None, tomorrow, None, by=dora)
    key = sent(monkeypatch, vrwg, MONDAY, urgent=True)
    assert row(key, dora).lane is Lane.URGENT
    with pytest.raises(rooms.dispatch.NotReady):  # nobody else is there, and its digest would fall into the pause
        sent(monkeypatch, vrwg, MONDAY + HOUR)


def test_the_first_lines_are_cut_between_words():
    assert digests.beginning("a  b\nc") == "a b c"
    cut = digests.beginning("word " * 100)
    assert cut.endswith("word …")
    assert len(cut) <= digests.FIRST_LINES + 2
