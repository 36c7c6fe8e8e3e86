"""What a door shows: to keepers every organisation, by a link what members see, of a hidden group only what was typed there."""

from caucusmail.database import transaction
from caucusmail.directory.models import RosterPolicy, Shown
from caucusmail.meetings import at_the_door, checking_in
from caucusmail.meetings.door import Who
from tests.meetings.doors import helper, keeper, lines, on, press, seated, take_back
from tests.statements import counted


def test_a_keeper_finds_every_organisation_and_sees_whoever_was_counted_anywhere():
    one = on()
    haki, quiet = seated(one, "Haki")[0], seated(one, "Quiet", Shown.NOTHING)[0]
    at_door = helper(one)
    press(one, at_door, Who(haki.id), 2)
    press(one, at_door, Who(name="Typed"))
    assert lines(one, keeper(one)) == {"Haki": 2, "Typed": 1, quiet.name: 0}
    assert lines(one, keeper(one), "qui") == {"Haki": 2, "Typed": 1, "Quiet": 0}


def test_a_link_lists_nothing_finds_by_three_letters_and_only_what_members_may_see():
    one = on()
    for name, shown in (("Haki", Shown.ORGANISATION), ("Hakuna", Shown.NOTHING), ("Hakika", Shown.REGION)):
        seated(one, name, shown)
    hand = helper(one)
    assert lines(one, hand) == lines(one, hand, "ha") == {}
    assert lines(one, hand, "hak") == {"Haki": 0}


def test_a_link_sees_what_was_typed_at_it_and_not_what_was_typed_elsewhere():
    one = on()
    quiet = seated(one, "Quiet", Shown.NOTHING)[0]
    mine, other = helper(one), keeper(one)
    press(one, mine, Who(name="Mine"))
    press(one, other, Who(name="Theirs"))
    press(one, other, Who(quiet.id))
    press(one, other)
    assert lines(one, mine) == {"Mine": 1, "": 1}
    assert at_the_door.seen(one, mine).total == 4


def test_of_a_hidden_group_each_hand_sees_only_what_was_typed_at_its_own_door():
    one = on(RosterPolicy.HIDDEN, places=4)
    _member, holder = seated(one, "Member")
    first, second, chair = helper(one), helper(one), keeper(one)
    press(one, first, Who(name="Member"), 2)
    press(one, second, Who(name="member"))
    with transaction():
        checking_in.check_in(one, holder)
    for hand, shown, total in ((first, {"Member": 2}, 2), (second, {"Member": 1}, 1), (chair, {}, 0)):
        for search in ("", "Member", "mem"):
            seen = at_the_door.seen(one, hand, search)
            assert seen.hidden
            assert lines(one, hand, search) == {name: number for name, number in shown.items()}
            assert (seen.total, seen.full, seen.offered) == (total, True, [])


def test_full_is_said_as_soon_as_the_places_are_taken_and_without_places_never():
    one, endless = on(places=2), on()
    hand = keeper(one)
    press(one, hand)
    assert not at_the_door.seen(one, hand).full
    tap, _new = press(one, hand)
    assert at_the_door.seen(one, hand).full
    take_back(one, tap, hand)
    assert not at_the_door.seen(one, hand).full
    press(endless, keeper(endless), Who(), 50)
    assert not at_the_door.seen(endless, keeper(endless)).full


def test_the_last_press_of_this_hand_is_offered_to_be_taken_back_then_the_one_before():
    one = on()
    hand, other = keeper(one), keeper(one)
    assert at_the_door.seen(one, hand).last is None
    first, second = (press(one, hand, Who(name=name))[0] for name in ("First", "Second"))
    press(one, other, Who(name="Other"))
    assert at_the_door.seen(one, hand).last is second
    take_back(one, second, hand)
    assert at_the_door.seen(one, hand).last is first


def test_a_door_takes_as_many_statements_for_ten_organisations_as_for_one():
    one = on()
    hand = keeper(one)

    def statements() -> int:
        with counted() as found:
            at_the_door.seen(one, hand)
        return len(found)

    press(one, hand, Who(seated(one, "Only")[0].id))
    few = statements()
    for number in range(10):
        press(one, hand, Who(seated(one, f"NGO {number}")[0].id))
        seated(one, f"Absent {number}")
    assert statements() == few


def test_a_long_list_is_cut_and_says_that_there_is_more():
    one = on()
    for number in range(21):
        seated(one, f"Haki {number:02}")
    hand, link = keeper(one), helper(one)
    for who, search, listed, more in ((hand, "", 20, True), (link, "haki", 8, True), (hand, "20", 1, False)):
        seen = at_the_door.seen(one, who, search)
        assert (len(seen.offered), seen.more) == (listed, more)
