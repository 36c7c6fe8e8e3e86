"""Who holds a place in two meetings at one hour: generated worlds, counted the slow way; what is told to whom."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from caucusmail import clock, zones
from caucusmail.announcements import clashes
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState, AudienceGap, LeftOut
from caucusmail.database import db, transaction
from caucusmail.directory import rounding, visibility
from caucusmail.directory.models import Affiliation, AffiliationState, RosterPolicy, Status
from caucusmail.groups.models import Subscription
from caucusmail.meetings.models import Answer, AnswerState, AnswerWay, Meeting, MeetingKind, MeetingState
from tests import make
from tests.announcements import worlds
from tests.announcements.rooms import STAFF, announcement
from tests.statements import counted

NINE = datetime(2027, 11, 30, 12, tzinfo=UTC)  # 13:00 in The Hague
MEANT = {"excluded", "not-sent", "other-language", "other-role", "no-region", "other-region"}
HOLD = {None, LeftOut.PAUSED, LeftOut.READS_ON_SITE, LeftOut.SUPPRESSED}


def meets(caucus, begins: datetime = NINE, hours: float = 1, **more) -> Meeting:
    number = len(make.rows(Meeting))
    ends, zone = begins + timedelta(hours=hours), zones.zone(zones.THE_HAGUE)
    values = {
        "reference": f"m{number}",
        "uid": f"{number}@x",
        "caucus_id": caucus.id,
        "state": MeetingState.CONFIRMED,
        "kind": MeetingKind.STRATEGY,
        "titles": {"en": f"Meeting {number}"},
        "city": "The Hague",
        "zone": zones.THE_HAGUE,
        "starts": begins.astimezone(zone).replace(tzinfo=None),
        "ends": ends.astimezone(zone).replace(tzinfo=None),
        "starts_at": begins,
        "ends_at": ends,
        "tzdata": "x",
        "made_at": clock.now(),
    }
    return make.keep(Meeting(**values | more))


def told(caucus, chosen: Audience, meeting: Meeting, **more) -> Announcement:
    sent = {"state": AnnouncementState.SENT, "release_at": clock.now()}
    return announcement(caucus, chosen, kind=AnnouncementKind.MEETING, meeting_id=meeting.id, reference=f"a{meeting.id}", **sent | more)  # fmt: skip


def mine(caucus, chosen: Audience | None = None, **more) -> Announcement:
    """The draft that is looked at."""
    meeting = meets(caucus, state=MeetingState.DRAFT, **more)
    return told(
        caucus, chosen or Audience(caucus_ids=(caucus.id,)), meeting, state=AnnouncementState.DRAFT, release_at=None
    )


def holders(world, chosen: Audience, verdict) -> set[int]:
    """Who holds a place on the groups that were chosen, and was meant: counted row by row."""
    active = {(one.person_id, one.caucus_id) for one in make.rows(Affiliation) if one.state is AffiliationState.ACTIVE}
    places = {(one.person_id, one.group_id) for one in make.rows(Subscription)}
    dormant = {one.id for one in world.caucuses if one.status is Status.DORMANT}
    found = set()
    for group in world.groups:
        whole = group.kind.value == "announcement" and (chosen.everybody or group.caucus_id in chosen.caucus_ids)
        if group.closed_at or group.caucus_id in dormant or not (whole or group.id in chosen.group_ids):
            continue
        found |= {
            person.id
            for person in world.people
            if (person.id, group.id) in places
            and (person.id, group.caucus_id) in active
            and str(verdict.get(person.id, (None,))[0] or "") not in MEANT
        }
    return found


@pytest.mark.parametrize("seed", range(12))
def test_in_generated_worlds_the_totals_are_those_of_a_slow_count(seed):
    world, luck = worlds.build(seed), random.Random(seed)
    now, expected = clock.now(), {}
    for number in range(6):
        caucus = luck.choice(world.caucuses)
        meeting = meets(caucus, NINE + timedelta(minutes=luck.choice((-90, -60, -30, 0, 30, 60, 600))))
        chosen = worlds.choice(seed * 100 + number, world, []) if number else Audience(caucus_ids=(caucus.id,))
        verdict = worlds.expected(world, chosen, now, {}) if number else {}
        if number:  # the first has no announcement: its caucus is meant
            sent = told(caucus, chosen, meeting)
            with transaction():
                db.session.add_all(
                    AudienceGap(announcement_id=sent.id, person_id=person, reason=reason)
                    for person, (reason, _groups) in verdict.items()
                    if reason
                )
        expected[meeting.id] = holders(world, chosen, verdict)
    own = worlds.choice(seed * 100 + 50, world, [])
    one = mine(world.caucuses[0], own)
    meant = {person for person, (reason, _groups) in worlds.expected(world, own, now, {}).items() if reason in HOLD}
    found = clashes.of(one, STAFF, now)
    overlapping = [
        row for row in make.rows(Meeting)[:-1] if row.starts_at < NINE + timedelta(hours=1) and row.ends_at > NINE
    ]
    assert {clash.meeting.id: clash.people for clash in found.found} == {row.id: len(expected[row.id] & meant) for row in overlapping}  # fmt: skip
    assert all(clash.exact for clash in found.found)


def shared(number: int, **more):
    """Two caucuses with so many people in both, and one more in each; the second one's meeting at the same hour."""
    first, second = make.caucus("first"), make.caucus("second", **more)
    groups = [make.group(one) for one in (first, second)]
    for _ in range(number):
        person = make.member(first, group=groups[0])
        make.member(second, person, groups[1])
    make.member(first, group=groups[0])
    make.member(second, group=groups[1])
    return first, second, visibility.viewer(make.coordinator(first))


@pytest.mark.parametrize("number", [0, 1, 4, 5, 7, 23])
def test_of_a_hidden_roster_totals_are_rounded_and_never_fewer_than_five(number):
    first, second, keeper = shared(number)
    meets(second, public=True)
    one = mine(first)
    [seen], [all_] = clashes.of(one, keeper).found, clashes.of(one, STAFF).found
    assert (seen.people, seen.exact) == (rounding.rounded(number), False)
    assert (all_.people, all_.exact) == (number, True)


def test_whoever_keeps_both_or_may_see_who_is_in_both_reads_the_number_itself():
    first, second, keeper = shared(7, roster=RosterPolicy.MEMBERS)
    meets(second, public=True)
    one = mine(first)
    assert [clash.people for clash in clashes.of(one, keeper).found] == [5]
    make.member(second, keeper.person)
    assert [clash.people for clash in clashes.of(one, visibility.viewer(keeper.person)).found] == [7]


@pytest.mark.parametrize(("come", "told_of"), [(4, None), (7, 5)])
def test_how_many_of_them_come_to_the_other_is_told_rounded_and_never_of_a_hidden_group(come, told_of):
    first, second, keeper = shared(9, roster=RosterPolicy.MEMBERS)
    meeting, one = meets(second, public=True), mine(first)
    both = [row.person_id for row in make.rows(Affiliation) if row.caucus_id == second.id][:come]
    with transaction():
        db.session.add_all(
            Answer(meeting_id=meeting.id, person_id=person, state=AnswerState.COMING, at=clock.now(), stamp=clock.now(),
                   way=AnswerWay.LINK, coming_since=clock.now(), has_place=True) for person in both
        )  # fmt: skip
    assert [clash.accepted for clash in clashes.of(one, STAFF).found] == [told_of]
    assert [(clash.exact, clash.accepted) for clash in clashes.of(one, keeper).found] == [(False, None)]


@pytest.mark.parametrize(("number", "found"), [(4, []), (7, [5])])
def test_of_meetings_that_the_asker_may_not_know_of_there_is_one_rounded_total_and_no_name(number, found):
    first, second, keeper = shared(number)
    meets(second)
    seen = clashes.of(mine(first), keeper).found
    assert [(clash.meeting, clash.people) for clash in seen] == [(None, one) for one in found]


def test_a_better_time_is_suggested_and_none_where_hidden_groups_would_tell_of_a_single_person():
    first, second, keeper = shared(7)
    meets(second, public=True)
    meets(second, NINE + timedelta(hours=2), public=True)
    found = clashes.of(mine(first), keeper)
    assert found.slot.begins == NINE + timedelta(hours=1)
    assert (found.slot.people, found.slot_exact) == (0, False)
    alone = mine(first, Audience(caucus_ids=(first.id,), languages=("fr",)))
    assert clashes.of(alone, keeper).slot is None


def test_drafts_cancelled_meetings_and_those_that_only_touch_do_not_clash():
    first, second, _keeper = shared(7)
    meets(second, state=MeetingState.DRAFT)
    meets(second, state=MeetingState.CANCELLED)
    meets(second, NINE + timedelta(hours=1))
    meets(second, NINE - timedelta(hours=1))
    assert clashes.of(mine(first), STAFF).found == []
    notice = announcement(first, Audience(caucus_ids=(first.id,)))
    assert clashes.of(notice, STAFF) == clashes.Clashes()
    assert clashes.of(mine(first, Audience()), STAFF) == clashes.Clashes()


def test_the_number_of_statements_is_constant():
    first, second, keeper = shared(3)
    one = mine(first)
    told(second, Audience(caucus_ids=(second.id,)), meets(second, public=True))
    db.session.expire_all()
    with counted() as few:
        clashes.of(one, keeper)
    for number in range(8):
        caucus = make.caucus()
        make.member(caucus, group=make.group(caucus))
        told(
            caucus,
            Audience(caucus_ids=(caucus.id, second.id)),
            meets(caucus, NINE + timedelta(hours=number), public=True),
        )
    db.session.expire_all()
    with counted() as many:
        clashes.of(one, keeper)
    assert len(many) == len(few)
    assert len(few) < 20
