"""How many came: by organisation; of a hidden group one number that singles out nobody; an organisation sees its own."""

import pytest

from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.directory.models import RosterPolicy
from caucusmail.errors import NotFound
from caucusmail.meetings import checking_in, headcount
from caucusmail.meetings.door import Who
from tests import make
from tests.meetings.doors import helper, keeper, on, press, seated, take_back

HIDDEN = RosterPolicy.HIDDEN


def test_keepers_see_each_organisation_however_it_was_counted_and_the_rest_apart():
    one = on()
    haki, holder = seated(one, "Haki")
    hand = keeper(one)
    press(one, hand, Who(haki.id), 2)
    press(one, helper(one), Who(name="HAKI"))
    press(one, hand, Who(name="Not a member"), 4)
    press(one, hand)
    with transaction():
        checking_in.check_in(one, holder)
    guest = make.person()
    make.representative(guest, make.ngo("In another group"))
    with transaction():
        checking_in.check_in(one, guest)
    found = headcount.of_meeting(one, hand.by)
    assert found.organisations == [("Haki", 4), ("Not a member", 4)]
    assert (found.experts, found.others, found.total, found.hidden) == (1, 1, 10, False)


def test_who_does_not_keep_the_group_sees_nothing():
    one = on()
    for by in (visibility.STRANGER, visibility.viewer(make.member(one.caucus)), keeper(on()).by):
        with pytest.raises(NotFound):
            headcount.of_meeting(one, by)


def test_of_a_hidden_group_no_two_numbers_that_are_shown_are_one_person_apart():
    one = on(HIDDEN)
    hand, shown = keeper(one), []
    for number in range(23):
        press(one, hand, Who(name=f"NGO {number}"))
        shown.append(headcount.of_meeting(one, hand.by).total)
    assert shown == [None] * 4 + [5] * 5 + [10] * 5 + [15] * 5 + [20] * 4
    found = headcount.of_meeting(one, hand.by)
    assert (found.hidden, found.organisations, found.experts, found.others) == (True, [], 0, 0)


def test_one_who_goes_or_comes_at_the_edge_is_not_seen():
    one = on(HIDDEN)
    hand = keeper(one)
    press(one, hand, Who(name="Many"), 10)
    tap, _new = press(one, hand, Who(name="One"))
    seen = [headcount.of_meeting(one, hand.by).total]
    take_back(one, tap, hand)
    press(one, hand, Who(name="Many"), -1)
    seen.append(headcount.of_meeting(one, hand.by).total)
    assert seen == [10, 10]
    press(one, hand, Who(name="Many"), -5)
    assert headcount.of_meeting(one, hand.by).total is None


def test_an_organisation_sees_its_own_people_at_every_meeting_the_latest_first():
    first, second = on(), on(HIDDEN)
    ngo, holder = seated(first, "Haki")
    press(first, keeper(first), Who(ngo.id), 3)
    press(first, keeper(first), Who(name="Haki"))
    make.keep(headcount.Seat(ngo_id=ngo.id, caucus_id=second.caucus_id, since=second.made_at))
    press(second, keeper(second), Who(name="haki"))
    press(second, keeper(second), Who(name="Somebody else"))
    admin, speaker = make.person(), make.person()
    make.representative(admin, ngo, admin=True)
    make.representative(speaker, ngo)
    for who in (admin, speaker, holder):
        by = visibility.viewer(who)
        found = headcount.of_organisation(headcount.organisation(ngo.id, by), by)
        assert [(one.meeting, one.number) for one in found] == [(second, 1), (first, 4)]
    staff = visibility.viewer(make.secretary())
    assert [one.meeting for one in headcount.of_organisation(ngo, staff)] == [first]


def test_nobody_else_sees_what_an_organisation_sees():
    one = on()
    ngo, _holder = seated(one, "Haki")
    other = seated(one, "Another")[1]
    former = make.person()
    make.representative(former, ngo, since=one.made_at, until=one.made_at)
    for by in (visibility.STRANGER, *map(visibility.viewer, (other, former, make.person())), keeper(one).by):
        with pytest.raises(NotFound):
            headcount.organisation(ngo.id, by)
    with pytest.raises(NotFound):
        headcount.organisation(987_654, visibility.viewer(make.secretary()))


def test_that_the_numbers_were_taken_along_is_written_down():
    one = on()
    with transaction():
        headcount.taken_along(one, keeper(one).by)
    assert [entry.verb for entry in make.rows(AuditEntry)] == ["meeting.attendance-taken"]
