from datetime import UTC, date, datetime, timedelta

import pytest

from caucusmail import languages, zones
from caucusmail.meetings import agenda, warnings
from caucusmail.meetings.agenda import Item
from caucusmail.meetings.models import MeetingMode, MeetingSession, SessionPart, Venue
from caucusmail.meetings.warnings import Doubt
from tests.meetings.test_icalendar import meeting

NOW = datetime(2027, 1, 4, 12, 0, tzinfo=UTC)


def part(begins: str, ends: str, city: str = "The Hague", zone: str = zones.THE_HAGUE) -> SessionPart:
    return SessionPart(begins_on=begins, ends_on=ends, city=city, zone=zone)


def doubts(subject, now=NOW) -> set[Doubt]:
    found = warnings.about(subject, now)
    for one in found:
        for language in languages.OFFERED:
            with languages.use(language):
                assert "%(" not in warnings.say(one)
                assert warnings.say(one).endswith((".", "?"))
    return {one.doubt for one in found}


def said(subject, doubt, now=NOW) -> str:
    [one] = [one for one in warnings.about(subject, now) if one.doubt is doubt]
    return warnings.say(one)


@pytest.mark.parametrize(
    ("starts", "zone", "hours"),
    [
        ("2026-03-16T15:00", zones.THE_HAGUE, "5"),
        ("2026-10-28T15:00", zones.THE_HAGUE, "5"),
        ("2027-03-17T09:00", zones.NEW_YORK, "5"),
        ("2027-11-03T10:00", zones.NEW_YORK, "5"),
        ("2026-03-02T15:00", zones.THE_HAGUE, None),
        ("2026-04-06T15:00", zones.THE_HAGUE, None),
        ("2026-11-04T15:00", zones.THE_HAGUE, None),
        ("2027-11-30T08:15", zones.THE_HAGUE, None),
    ],
)
def test_the_weeks_in_which_the_clocks_disagree_are_named(starts, zone, hours):
    subject = meeting(starts, zone)
    assert (Doubt.CLOCK_GAP in doubts(subject)) is (hours is not None)
    if hours:
        assert (
            said(subject, Doubt.CLOCK_GAP)
            == f"In the week of the meeting New York and The Hague are {hours} hours apart, not 6 as usual."
        )


def test_every_year_to_2030_has_the_weeks_that_the_rules_give():
    days = {
        2026: ("03-08", "03-28", "10-25", "10-31"),
        2027: ("03-14", "03-27", "10-31", "11-06"),
        2028: ("03-12", "03-25", "10-29", "11-04"),
        2029: ("03-11", "03-24", "10-28", "11-03"),
        2030: ("03-10", "03-30", "10-27", "11-02"),
    }
    for year, (spring, spring_end, autumn, autumn_end) in days.items():
        noon = datetime(year, 1, 1, 17, tzinfo=UTC)
        found = [f"{noon + timedelta(n):%m-%d}" for n in range(365) if zones.clocks_disagree(noon + timedelta(n))]
        assert (found[0], found[-1]) == (spring, autumn_end)
        assert spring_end in found
        assert autumn in found


def test_a_meeting_before_the_badge_desk_opens_is_named_only_where_one_must_be_there():
    venue = Venue(
        slug="x", names={"en": "X"}, city={"en": "The Hague"}, zone=zones.THE_HAGUE, access={}, desk_opens="09:00"
    )
    early = meeting("2027-11-30T08:15", zones.THE_HAGUE, venue=venue)
    assert "badge desk opens, at 09:00" in said(early, Doubt.BEFORE_DESK)
    assert Doubt.BEFORE_DESK not in doubts(meeting("2027-11-30T09:00", zones.THE_HAGUE, venue=venue))
    assert Doubt.BEFORE_DESK not in doubts(
        meeting("2027-11-30T08:15", zones.THE_HAGUE, venue=venue, mode=MeetingMode.ONLINE)
    )


def test_a_deadline_is_looked_at_from_both_ends():
    def due(wall: datetime):
        return meeting(
            "2027-11-30T08:15",
            zones.THE_HAGUE,
            reply_by=wall,
            reply_by_at=zones.instant(wall, zones.THE_HAGUE),
            room="K",
        )

    assert said(due(datetime(2027, 11, 25, 18)), Doubt.REPLY_DAYS) == "The reply deadline is 5 days before the meeting."
    assert Doubt.REPLY_AFTER_START in doubts(due(datetime(2027, 11, 30, 8, 16)))
    now = datetime(2027, 11, 25, 15, 30, tzinfo=UTC)
    assert said(due(datetime(2027, 11, 25, 18)), Doubt.REPLY_SHORT, now) == "People have less than 2 hours to reply."
    assert doubts(due(datetime(2027, 11, 25, 16)), now) == {Doubt.REPLY_PAST}
    assert doubts(due(datetime(2027, 11, 30, 8, 0)), NOW) == set()


def test_a_room_that_is_not_known_is_named_with_its_day():
    open_room = meeting("2027-11-30T08:15", zones.THE_HAGUE)
    assert said(open_room, Doubt.ROOM_OPEN).startswith("The room is still to be confirmed, and no day")
    dated = meeting("2027-11-30T08:15", zones.THE_HAGUE, room_by=date(2027, 11, 26).isoformat())
    assert said(dated, Doubt.ROOM_OPEN) == "The letter will say: room to be confirmed by Fri 26 Nov 2027."
    late = meeting("2027-11-30T08:15", zones.THE_HAGUE, room_by="2027-12-01")
    assert doubts(late) == {Doubt.ROOM_BY_LATE}
    assert doubts(meeting("2027-11-30T08:15", zones.THE_HAGUE, mode=MeetingMode.ONLINE)) == set()


def test_weekends_nights_and_the_past_are_named_and_only_the_past_blocks():
    assert doubts(meeting("2027-11-27T03:15", zones.THE_HAGUE, room="K")) == {Doubt.WEEKEND, Doubt.NIGHT}
    [past] = warnings.about(meeting("2026-11-30T08:15", zones.THE_HAGUE, room="K"), NOW)
    assert (past.doubt, past.blocks) == (Doubt.PAST, True)


def test_the_city_and_the_clock_must_agree():
    subject = meeting("2027-05-18T09:00", zones.NEW_YORK, city="The Hague")
    assert Doubt.OTHER_CLOCK in doubts(subject)
    assert said(subject, Doubt.OTHER_CLOCK).startswith(
        "The city is The Hague, but the times are on the clock of New York"
    )
    for city, zone in (
        ("The Hague", "Europe/Paris"),
        ("La Haye", zones.THE_HAGUE),
        ("London, Ontario", "America/Toronto"),
    ):
        assert Doubt.OTHER_CLOCK not in doubts(meeting("2027-05-18T09:00", zone, city=city))


def test_a_meeting_before_the_desk_opens_is_named_on_every_day_of_a_session():
    venue = Venue(
        slug="x", names={"en": "X"}, city={"en": "The Hague"}, zone=zones.THE_HAGUE, access={}, desk_opens="09:00"
    )
    session = MeetingSession(slug="asp", names={"en": "ASP"}, parts=[part("2027-11-29", "2027-12-09")])
    for day in ("2027-11-29", "2027-11-30"):
        assert Doubt.BEFORE_DESK in doubts(meeting(f"{day}T08:15", zones.THE_HAGUE, venue=venue, session=session))


def test_a_meeting_on_none_of_its_session_s_days_is_named_with_them_in_the_city_of_each():
    parts = [part("2027-11-29", "2027-12-03"), part("2027-12-06", "2027-12-08", "New York", zones.NEW_YORK)]
    session = MeetingSession(slug="asp", names={"en": "ASP", "fr": "AEP"}, parts=parts)
    for starts, zone, inside in (
        ("2027-11-29T09:00", zones.THE_HAGUE, True),
        ("2027-12-04T09:00", zones.THE_HAGUE, False),
        ("2027-12-08T19:00", zones.NEW_YORK, True),
        ("2027-12-09T01:00", zones.THE_HAGUE, True),  # the evening of the last day in New York
        ("2027-12-09T07:00", zones.THE_HAGUE, False),
    ):
        subject = meeting(starts, zone, session=session)
        assert (Doubt.OUTSIDE not in doubts(subject)) is inside, starts
    outside = said(meeting("2027-12-10T09:00", zones.THE_HAGUE, session=session), Doubt.OUTSIDE)
    assert outside == (
        "The meeting is on none of the days of ASP: Mon 29 Nov 2027 – Fri 3 Dec 2027, The Hague; "
        "Mon 6 Dec 2027 – Wed 8 Dec 2027, New York."
    )
    assert Doubt.OUTSIDE not in doubts(meeting("2027-12-10T09:00", zones.THE_HAGUE))


def test_a_holiday_of_the_city_is_named_and_of_no_other():
    kings = meeting("2027-04-27T10:00", zones.THE_HAGUE, room="K")
    assert said(kings, Doubt.HOLIDAY) == "That day is King’s Day, a public holiday in the Netherlands."
    assert Doubt.HOLIDAY not in doubts(meeting("2027-04-27T10:00", zones.NEW_YORK, room="K"))
    assert Doubt.HOLIDAY not in doubts(meeting("2027-04-27T10:00", "Africa/Nairobi", room="K"))


@pytest.mark.parametrize(("starts", "warned"), [("08:15", False), ("09:14", False), ("08:14", True), ("09:15", True)])
def test_an_item_that_starts_when_there_is_no_meeting_is_asked_about(starts, warned):
    subject = meeting(
        "2027-11-30T08:15", zones.THE_HAGUE, agenda=agenda.to_json([Item({"en": "Opening"}), Item({"en": "B"}, starts)])
    )
    assert (Doubt.ITEM_OUTSIDE in doubts(subject)) is warned


@pytest.mark.parametrize(
    ("places", "each", "warned"), [(5, 5, True), (5, 4, False), (1, 1, False), (None, 5, False), (5, None, False)]
)
def test_a_number_for_each_organisation_that_holds_nobody_back_is_asked_about(places, each, warned):
    subject = meeting("2027-11-30T08:15", zones.THE_HAGUE, places=places, places_each=each)
    assert (Doubt.ALL_FOR_ONE in doubts(subject)) is warned
    if warned:
        assert (
            said(subject, Doubt.ALL_FOR_ONE) == "One organisation alone can take all 5 places. Is that what you mean?"
        )
