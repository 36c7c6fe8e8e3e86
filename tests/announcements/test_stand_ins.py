from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from caucusmail import clock, languages
from caucusmail.accounts.models import Shelter
from caucusmail.announcements import audience, stand_ins
from caucusmail.announcements import letters as drawn
from caucusmail.announcements.choice import Audience, Role
from caucusmail.announcements.models import AudienceGap, LeftOut
from caucusmail.database import transaction
from caucusmail.delivery import filling, suppression
from caucusmail.delivery.models import Delivery, OutgoingText
from caucusmail.directory.models import Sensitivity
from caucusmail.groups import deputies, pauses
from caucusmail.groups.models import Mode
from tests import make
from tests.announcements.rooms import STAFF, Room, confirmed, copies, ready
from tests.groups.absent import Seated, away, sits


@pytest.fixture
def haki():
    return Seated(Room())


def who(haki, **more):
    """Whose copies a notice to the caucus has when it is confirmed now; two of one person would show."""
    sent = confirmed(haki.room, ready(haki.room, **more))
    return sorted(one.name for one in copies(sent))


def gaps():
    return {one.person_id: one.reason for one in make.rows(AudienceGap)}


def test_in_that_time_the_deputy_gets_it_and_the_holder_is_away(haki):
    made = haki.away()
    sent = confirmed(haki.room, ready(haki.room))
    (copy,) = copies(sent)
    assert (copy.person_id, copy.address) == (haki.amina.id, "amina@haki.example")
    assert copy.why == f"s{made.id}.{haki.room.group.id}"
    assert gaps() == {haki.rosa.id: LeftOut.AWAY}
    counted = audience.estimate(sent)
    assert (counted.total, counted.considered, counted.organisations, counted.experts) == (1, 2, 1, 0)


def test_across_both_borders_and_a_change_of_the_clocks_each_goes_to_one_of_the_two():
    with time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False):
        haki = Seated(Room(), zone="Europe/Amsterdam")
        haki.away(first=date(2027, 3, 20), back=date(2027, 4, 2))
    begins, ends = datetime(2027, 3, 19, 23, tzinfo=UTC), datetime(2027, 4, 1, 22, tzinfo=UTC)
    hold, minute = timedelta(minutes=2), timedelta(minutes=1)
    asked = {
        begins - hold - minute: "Rosa",
        begins - hold: "Amina",  # what is held leaves at the border
        datetime(2027, 3, 28, 1, tzinfo=UTC): "Amina",
        ends - hold - minute: "Amina",
        ends - hold: "Rosa",
    }
    for moment, name in asked.items():
        with time_machine.travel(moment, tick=False):
            assert who(haki) == [name], moment


def test_what_was_frozen_before_goes_to_the_holder(haki):
    sent = confirmed(haki.room, ready(haki.room))
    haki.away()
    assert [one.name for one in copies(sent)] == ["Rosa"]


def test_a_deputy_who_is_a_member_gets_one_copy_for_both(haki):
    make.member(haki.room.caucus, haki.amina, haki.room.group)
    made = haki.away()
    (copy,) = copies(confirmed(haki.room, ready(haki.room)))
    group = haki.room.group.id
    assert copy.why.split() == [f"g{group}", f"s{made.id}.{group}"]


def test_one_deputy_stands_in_for_two_with_one_copy_that_names_both_seats(haki):
    _bo, term, _seat = sits(haki.room, haki.ngo, "Bo")
    keys = {f"s{one.id}.{haki.room.group.id}" for one in (haki.away(), away(term, haki.amina))}
    (copy,) = copies(confirmed(haki.room, ready(haki.room)))
    assert set(copy.why.split()) == keys


@pytest.mark.parametrize("wish", ["paused", "on the site", "bounced"])
def test_how_the_holder_is_served_is_not_the_deputys(haki, wish):
    with transaction():
        if wish == "paused":
            pauses.pause(haki.rosa, None, None, None, by=haki.rosa)
        elif wish == "on the site":
            pauses.set_mode(haki.rosa, haki.room.group, Mode.NONE, by=haki.rosa)
        else:
            suppression.suppress(haki.rosa.address, "bounced")
    haki.away()
    assert who(haki) == ["Amina"]
    assert gaps() == {haki.rosa.id: LeftOut.AWAY}


def test_what_does_not_pass_stays_with_the_holder(haki):
    personal = Room()
    make.member(personal.caucus, haki.rosa, personal.group)
    haki.away()
    sent = confirmed(personal, ready(personal))
    assert [one.name for one in copies(sent)] == ["Rosa"]
    with transaction():
        haki.room.caucus.sensitivity = Sensitivity.CONFIDENTIAL
    assert who(haki) == ["Rosa"]


def protected(haki):
    haki.rosa.shelter = Shelter.REROUTED


def deputy_protected(haki):
    haki.amina.shelter = Shelter.SILENT


def gone(haki):
    haki.term.since, haki.term.until = clock.now() - timedelta(days=9), clock.now()


def bounced(haki):
    suppression.suppress(haki.amina.address, "bounced")


def erased(haki):
    haki.amina.left_at = clock.now()


def risen(haki):
    haki.seat.holder_id = None


@pytest.mark.parametrize("happens", [protected, deputy_protected, gone, bounced, erased, risen])
def test_where_no_deputy_is_there_it_stays_with_the_holder(haki, happens):
    haki.away()
    with transaction():
        happens(haki)
    assert who(haki) == ["Rosa"]


def test_a_deputy_who_pauses_is_not_there(haki):
    make.member(haki.room.caucus, haki.amina, haki.room.group)
    haki.away()
    with transaction():
        pauses.pause(haki.amina, haki.room.caucus, None, None, by=haki.amina)
    assert who(haki) == ["Rosa"]
    assert gaps() == {haki.amina.id: LeftOut.PAUSED}


def test_chains_and_loops_of_deputies_end_at_who_holds_the_seat(haki):
    bo, term, _seat = sits(haki.room, haki.ngo, "Bo")
    away(haki.holder, bo)
    assert who(haki) == ["Bo"]
    away(term, haki.amina)  # a chain: Rosa, Bo, Amina
    assert who(haki) == ["Amina", "Rosa"]  # Amina for Bo, and Rosa by herself
    sara, third, _seat = sits(haki.room, haki.ngo, "Sara")
    with transaction():
        for one in stand_ins.absences.of_ngo(haki.ngo):
            deputies.end(one, by=haki.rosa)
    for holder, deputy in ((haki.holder, bo), (term, sara), (third, haki.rosa)):
        away(holder, deputy)  # a loop of three
    assert who(haki) == ["Bo", "Rosa", "Sara"]


def test_who_was_not_meant_by_their_seat_brings_nothing(haki):
    haki.away()
    chosen = Audience(caucus_ids=(haki.room.caucus.id,), exclude_caucus_ids=(haki.room.caucus.id,))
    sent = haki.room.drafted(audience=chosen)
    assert audience.estimate(sent).left_out == {LeftOut.EXCLUDED: 1}


@pytest.mark.parametrize(("role", "number"), [(Role.REPRESENTATIVE, 1), (Role.ADMINISTRATOR, 0), (Role.KEEPER, 0)])
def test_a_role_is_that_of_who_holds_the_seat(haki, role, number):
    make.representative(haki.amina, make.ngo(), admin=True)
    haki.away()
    chosen = Audience(caucus_ids=(haki.room.caucus.id,), roles=(role,))
    assert audience.estimate(haki.room.drafted(audience=chosen)).total == number


def test_a_seat_that_had_it_by_its_deputy_is_not_sent_it_again(haki):
    haki.away(days=2)
    first = confirmed(haki.room, ready(haki.room))
    later = haki.room.drafted(
        audience=Audience(caucus_ids=(haki.room.caucus.id,), exclude_announcement_ids=(first.id,))
    )
    only = haki.room.drafted(audience=Audience(caucus_ids=(haki.room.caucus.id,), sent_announcement_ids=(first.id,)))
    assert audience.estimate(only).total == 1
    with time_machine.travel(clock.now() + timedelta(days=3)):
        assert audience.estimate(later).left_out == {LeftOut.EXCLUDED: 1}
        assert audience.estimate(only).total == 1


def test_the_letter_says_for_whom(haki):
    haki.away()
    read = drawn.preview(haki.room.drafted(), haki.amina, by=STAFF)
    assert "you stand in for the seat of Haki in" in " ".join(read.text.split())
    (copy,) = copies(confirmed(haki.room, ready(haki.room)))
    words = make.rows(OutgoingText)[-1].words
    with languages.use("en"):
        assert filling.why(copy, words) == f"you stand in for the seat of Haki in {haki.room.caucus.names['en']}"


def test_lists_name_nobody_who_is_away(haki):
    haki.away()
    draft = haki.room.drafted()
    with languages.use("en"):
        (row,) = audience.people(draft, haki.room.by).rows
        (other,) = audience.left_out(draft, haki.room.by).rows
    assert (row.name, row.organisation, row.why) == ("", "", ["stands in for somebody who is away"])
    assert (other.reason, other.why) == (LeftOut.AWAY, ["away: their deputy gets it"])


def test_words_only_for_its_own_keys(haki):
    made = haki.away()
    key = f"s{made.id}.{haki.room.group.id}"
    assert set(stand_ins.words([key, "g1", "s9.9", "t"], "en")) == {key}
    assert [stand_ins.is_key(one) for one in (key, "g1", "s1", "")] == [True, False, False, False]


def test_a_frozen_list_keeps_its_reasons(haki):
    haki.away()
    sent = confirmed(haki.room, ready(haki.room))
    with languages.use("en"):
        (row,) = audience.people(sent, haki.room.by).rows
    assert row.why == ["stands in for somebody who is away"]
    assert stand_ins.keys(sent.message_id) == {
        one.why for one in make.rows(Delivery) if one.message_id == sent.message_id
    }
