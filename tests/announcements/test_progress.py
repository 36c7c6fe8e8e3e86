from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.announcements import composition, dispatch, leaving, progress
from caucusmail.announcements.choice import Audience
from caucusmail.database import db, transaction
from caucusmail.delivery import outcome
from caucusmail.delivery.models import DeliveryState
from caucusmail.directory import visibility
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, ready

QUEUED = [DeliveryState.QUEUED]


def test_a_keeper_sees_names_of_their_own_members_alone_and_no_address():
    mine, other = Room(), Room()
    make.member(mine.caucus, make.person("Ada"), mine.group)
    make.member(other.caucus, make.person("Hidden"), other.group)
    staff = visibility.viewer(make.secretary())
    with transaction():
        sent = composition.draft(mine.draft(audience=Audience(everybody=True)), staff)
    with transaction():
        dispatch.send_test(sent, staff)
    with transaction():
        dispatch.confirm(sent, "ALL 2", 1, staff)
    seen, total = progress.copies(sent, QUEUED, mine.by, 1)
    assert ([(one.name, one.address) for one in seen], total) == ([("Ada", ""), ("", "")], 2)
    seen, _total = progress.copies(sent, QUEUED, staff, 1)
    assert [one.name for one in seen] == ["Ada", "Hidden"]
    assert all("***@mail.example" in one.address for one in seen)


def test_a_servers_words_name_a_mailbox_to_nobody():
    room = Room()
    ada = make.member(room.caucus, make.person("Ada"), room.group)
    with transaction():
        sent = room.drafted()
        dispatch.send_test(sent, room.by)
    with transaction():
        dispatch.confirm(sent, room.caucus.slug, 1, room.by)
        [row] = copies(sent)
        row.state, row.settled_at, row.reply = DeliveryState.FAILED, clock.now(), f"no mailbox <{ada.address}> here"
    for by, said in ((room.by, "no mailbox <***> here"), (visibility.viewer(make.secretary()), "no mailbox <p***@")):
        [[one], _total] = progress.copies(sent, [DeliveryState.FAILED], by, 1)
        assert one.reply.startswith(said)
        assert ada.address not in one.reply
    assert db.session.get_one(make.Person, ada.id).address == ada.address


def settled(seconds_ago: int, count: int) -> progress.Numbers:
    """The numbers, ten minutes after the start, when ``count`` copies were settled evenly since ``seconds_ago``."""
    room = Room()
    for _ in range(count + 3):
        make.member(room.caucus, group=room.group)
    sent = confirmed(room, ready(room))
    now = clock.now()
    with transaction():
        sent.release_at = now
        db.session.flush()
        leaving.send_due()
        sent.begun_at = now - timedelta(minutes=10)
        for number, copy in enumerate(copies(sent)[:count]):
            copy.state = DeliveryState.ACCEPTED
            copy.settled_at = now - timedelta(seconds=seconds_ago - number * seconds_ago / count)
    return progress.numbers(sent)


def test_the_pace_after_an_outage_is_that_of_the_copies_that_leave_again():
    assert 55 <= settled(20, 20).a_minute <= 60


def test_a_stretch_of_a_second_is_no_pace():
    assert settled(1, 10).a_minute == 0


def after_an_acceptance(fault_seconds_later: int) -> progress.Numbers:
    """The numbers when one copy was accepted a minute ago, and another found no relay so much later."""
    room = Room()
    for _ in range(2):
        make.member(room.caucus, group=room.group)
    sent = confirmed(room, ready(room))
    accepted_at = clock.now() - timedelta(minutes=1)
    with transaction():
        first, second, *_more = copies(sent)
        first.state, first.settled_at, first.reply_code = DeliveryState.ACCEPTED, accepted_at, 250
        fault_at = accepted_at + timedelta(seconds=fault_seconds_later)
        for column, value in outcome.waiting_for_relay("refused", fault_at).items():
            setattr(second, column, value)
    return progress.numbers(sent)


def test_a_relay_that_fell_silent_is_known_although_copies_left_a_minute_ago():
    assert after_an_acceptance(30).unanswered


def test_a_relay_that_took_a_copy_since_it_was_silent_answers():
    assert not after_an_acceptance(-30).unanswered


@pytest.mark.parametrize(
    "words",
    [
        "no mailbox <ben.okoro@mail.example> here",
        'no mailbox "ben.okoro"@mail.example here',
        "delivery of =?utf-8?q?ben.okoro?=@mail.example failed",
        "user ben.okoro unknown",
        "User BEN.OKORO unknown; mailto:ben.okoro@mail.example?subject=x",
        "ben.okoro=40mail.example@relay.example bounced",
        "also rosa@andina.example, ünïc@bücher.example and (x)y@z.example",
    ],
)
def test_no_address_and_no_name_of_a_mailbox_is_left_in_a_servers_words(words):
    said = progress.words_for(Room().by, words, "ben.okoro@mail.example")
    assert "okoro" not in said.lower()
    assert "@" not in said
    assert "***" in said


def test_words_that_only_begin_like_a_mailbox_stay_as_they_are():
    assert progress.words_for(Room().by, "information at info", "info@mail.example") == "information at ***"
    assert progress.words_for(Room().by, "no", "n@mail.example") == "no"
