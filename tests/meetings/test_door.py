"""Counting at the door: what a press does, twice, by whom, when; and what it never tells."""

import pytest

from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.directory.models import RosterPolicy, Shown
from caucusmail.errors import Invalid, NotFound
from caucusmail.meetings import door, headcount
from caucusmail.meetings.attendance import Attendance, Tap
from caucusmail.meetings.door import DoorShut, NothingToTakeBack, Standing, Who
from caucusmail.meetings.models import MeetingState
from tests import make
from tests.meetings.doors import begun, form_number, helper, keeper, kept, moved, on, press, seated, take_back

HIDDEN = RosterPolicy.HIDDEN


def test_people_are_counted_by_organisation_typed_name_and_as_experts_and_nobody_is_named():
    one = on()
    haki, hand = seated(one, "Haki")[0], keeper(one)
    for who, number in ((Who(haki.id), 1), (Who(haki.id), 1), (Who(name=" Café Amani "), 3), (Who(), 1)):
        press(one, hand, who, number)
    press(one, hand, Who(haki.id), -1)
    assert kept() == [("expert", "", 1), ("name:cafe amani", "Café Amani", 3), (f"ngo:{haki.id}", "", 1)]
    assert headcount.total(one) == 5
    assert [entry.verb for entry in make.rows(AuditEntry)] == []


def test_the_same_button_of_the_same_form_counts_once_and_another_button_of_it_counts_too():
    one, number = on(), form_number()
    hand = keeper(one)
    first, again = press(one, hand, Who(name="Haki"), submission=number), press(one, hand, Who(name="Haki"), 1, number)
    assert (first[1], again) == (True, (first[0], False))
    assert press(one, hand, Who(name="Andina"), submission=number)[1]
    assert press(one, hand, Who(name="Haki"))[1]
    assert {name: many for _key, name, many in kept()} == {"Haki": 2, "Andina": 1}


def test_a_form_whose_number_was_lost_is_refused_since_it_would_be_taken_for_others():
    with pytest.raises(Invalid, match="Part of the form is missing"):
        press(one := on(), keeper(one), submission="short")


def test_there_are_never_fewer_than_nobody():
    one = on()
    hand = keeper(one)
    with pytest.raises(NothingToTakeBack, match="Nobody is left"):
        press(one, hand, Who(name="Haki"), -1)
    press(one, hand, Who(name="Haki"))
    with pytest.raises(NothingToTakeBack):
        press(one, hand, Who(name="Haki"), -2)
    assert [many for _key, _name, many in kept()] == [1]


def test_a_press_is_taken_back_once_and_only_by_the_hand_that_pressed():
    one = on()
    first, second, at_door = keeper(one), keeper(one), helper(one)
    press(one, first, Who(name="Haki"))
    tap, _new = press(one, at_door, Who(name="Haki"), 2)
    for other in (first, second, helper(one)):
        with pytest.raises(NotFound):
            take_back(one, tap, other)
    take_back(one, tap, at_door)
    with pytest.raises(NothingToTakeBack, match="taken back before"):
        take_back(one, tap, at_door)
    assert [many for _key, _name, many in kept()] == [1]
    elsewhere = on()
    with pytest.raises(NotFound):
        take_back(elsewhere, tap, keeper(elsewhere))


def test_taking_back_what_was_taken_off_meanwhile_is_refused():
    one = on()
    hand = keeper(one)
    tap, _new = press(one, hand, Who(name="Haki"))
    press(one, hand, Who(name="Haki"), -1)
    with pytest.raises(NothingToTakeBack):
        take_back(one, tap, hand)
    assert [row.undone_at for row in make.rows(Tap)] == [None, None]


@pytest.mark.parametrize(
    ("minutes", "link", "hand"),
    [
        (121, Standing.EARLY, Standing.EARLY),
        (119, Standing.OPEN, Standing.OPEN),
        (-60 - 359, Standing.OPEN, Standing.OPEN),
        (-60 - 361, Standing.CLOSED, Standing.OPEN),
        (-31 * 1440, Standing.CLOSED, Standing.CLOSED),
    ],
)
def test_a_door_opens_two_hours_before_and_closes_six_hours_after_for_keepers_after_thirty_days(minutes, link, hand):
    one = begun(make.caucus(), minutes)
    assert (door.standing(one, keeper=False), door.standing(one, keeper=True)) == (link, hand)
    if hand is not Standing.OPEN:
        with pytest.raises(DoorShut):
            press(one, keeper(one))
        assert kept() == []


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.DRAFT])
def test_at_a_meeting_that_is_off_nobody_is_counted(state):
    one = on(state=state)
    with pytest.raises(DoorShut, match="cancelled or not announced"):
        press(one, keeper(one))


def test_a_link_that_was_used_in_time_counts_no_more_after_it():
    one = on()
    hand = helper(one)
    press(one, hand)
    moved(one, hours=-7)
    with pytest.raises(DoorShut, match="long over"):
        press(one, hand)


def test_who_keeps_another_group_or_none_counts_nobody():
    one = on()
    for stranger in (keeper(on()), door.Hand(make_member(one))):
        with pytest.raises(NotFound):
            press(one, stranger)


def make_member(one):
    member = make.member(one.caucus)
    return visibility.viewer(member)


def test_an_organisation_can_be_chosen_only_where_this_hand_may_see_it():
    one = on()
    shown, discreet, foreign = seated(one, "Haki")[0], seated(one, "Quiet", Shown.NOTHING)[0], make.ngo("Foreign")
    hand = helper(one)
    press(one, hand, Who(shown.id))
    for ngo in (discreet, foreign):
        with pytest.raises(NotFound):
            press(one, hand, Who(ngo.id))
    press(one, keeper(one), Who(discreet.id))
    hidden = on(HIDDEN)
    member = seated(hidden, "Member")[0]
    for who in (helper(hidden), keeper(hidden)):
        with pytest.raises(NotFound, match="Write its name instead"):
            press(hidden, who, Who(member.id))


def test_what_is_typed_is_credited_to_the_member_it_names_and_looks_the_same_where_it_names_none():
    one = on(HIDDEN)
    member = seated(one, "Haki Jamii Kenya", acronym="HJK")[0]
    hand = helper(one)
    for name in ("HAKI jamii, Kenya", "hjk", "Nobody Knows"):
        press(one, hand, Who(name=name))
    rows = {row.name: row.ngo_id for row in make.rows(Attendance)}
    assert rows == {"HAKI jamii, Kenya": member.id, "hjk": member.id, "Nobody Knows": None}


def test_where_others_counts_are_not_seen_only_own_ones_can_be_taken_off():
    one = on(HIDDEN)
    first, second = helper(one), helper(one)
    press(one, first, Who(name="Haki"), 3)
    with pytest.raises(NothingToTakeBack, match="Nobody is left"):
        press(one, second, Who(name="Haki"), -1)
    with pytest.raises(NothingToTakeBack, match="Nobody is left"):
        press(one, second, Who(name="Nowhere"), -1)
    press(one, first, Who(name="Haki"), -1)
    assert headcount.total(one) == 2


@pytest.mark.parametrize(("name", "number"), [("x" * 251, 1), ("…", 1), ("a\nb", 1), ("Haki", 100), ("Haki", 0)])
def test_what_cannot_be_a_name_or_a_number_is_refused_beside_its_field(name, number):
    one = on()
    with pytest.raises(Invalid), transaction():
        door.tap(one, Who(name=name), number, form_number(), keeper(one))
    assert kept() == []
