"""Links for who helps at the door: one meeting, one purpose, until it closes or is ended."""

import pytest

from caucusmail import tokens
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.errors import NotFound
from caucusmail.meetings import door_links
from caucusmail.meetings.door import DoorShut
from caucusmail.meetings.door_links import TooManyLinks
from caucusmail.meetings.models import MeetingState
from caucusmail.tokens import BadToken, Purpose
from tests import make
from tests.meetings.doors import begun, helper, keeper, moved, on


def token(link) -> str:
    return door_links.address(link).rpartition("/")[2]


def opens(link) -> bool:
    try:
        return door_links.by_token(token(link)) is link
    except BadToken:
        return False


def test_a_link_opens_its_meeting_and_its_address_is_the_same_each_time():
    one = on()
    link = helper(one).link
    assert door_links.by_token(token(link)).meeting is one
    assert door_links.address(link) == door_links.address(link)
    assert "/door/" in door_links.address(link)


def test_it_can_be_handed_out_before_the_door_opens():
    early = begun(make.caucus(), 10 * 1440)
    assert opens(helper(early).link)


def test_an_ended_link_opens_nothing_until_it_is_let_work_again_and_all_of_it_is_in_the_journal():
    one = on()
    hand = keeper(one)
    link, other = helper(one, hand).link, helper(one, hand).link
    for act, works in ((door_links.end, False), (door_links.end, False), (door_links.resume, True)):
        with transaction():
            act(one, link.id, hand.by)
        assert (opens(link), opens(other)) == (works, True)
    verbs = [entry.verb.removeprefix("meeting.door-link-") for entry in make.rows(AuditEntry)]
    assert verbs == ["made", "made", "ended", "resumed"]


@pytest.mark.parametrize(("hours", "works"), [(6.4, True), (6.6, False)])
def test_it_works_until_six_hours_after_the_end(hours, works):
    one = on()
    link = helper(one).link
    moved(one, hours=-hours)
    assert opens(link) is works
    assert bool(door_links.working(one, keeper(one).by)) is works


def test_that_of_a_cancelled_meeting_opens_nothing():
    one = on()
    link = helper(one).link
    with transaction():
        one.state = MeetingState.CANCELLED
    assert not opens(link)


def test_a_token_of_another_purpose_or_number_opens_nothing():
    link = helper(on()).link
    for forged in (
        tokens.sign(Purpose.MEETING_REPLY, link.id),
        tokens.sign(Purpose.DOOR, link.id + 1),
        tokens.sign(Purpose.DOOR, link.id, 1),
        token(link)[:-1],
    ):
        with pytest.raises(BadToken):
            door_links.by_token(forged)


def test_only_who_keeps_the_meeting_makes_ends_and_sees_links_and_only_its_own():
    one, other = on(), on()
    link = helper(one).link
    for act in (
        lambda: door_links.make(one, keeper(other).by),
        lambda: door_links.working(one, keeper(other).by),
        lambda: door_links.end(one, link.id, keeper(other).by),
        lambda: door_links.end(other, link.id, keeper(other).by),
        lambda: door_links.resume(other, link.id, keeper(other).by),
    ):
        with pytest.raises(NotFound):
            act()
    assert opens(link)


def test_there_are_no_links_for_what_is_over_and_never_more_than_can_be_looked_after():
    over = begun(make.caucus(), -10 * 1440)
    with pytest.raises(DoorShut):
        helper(over)
    one = on()
    hand = keeper(one)
    made = [helper(one, hand).link for _ in range(door_links.MOST)]
    with pytest.raises(TooManyLinks, match="End one of them first"):
        helper(one, hand)
    with transaction():
        door_links.end(one, made[0].id, hand.by)
    helper(one, hand)
    with pytest.raises(TooManyLinks), transaction():
        door_links.resume(one, made[0].id, hand.by)
