from datetime import date, datetime

import pytest

from caucusmail import zones
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed
from caucusmail.meetings import scheduling
from caucusmail.meetings.agenda import Item, of_lines
from caucusmail.meetings.models import MeetingChange, MeetingKind, MeetingState, Venue
from caucusmail.meetings.scheduling import MeetingDraft
from tests import make

HAGUE, YORK = zones.THE_HAGUE, zones.NEW_YORK


def draft(starts: str, ends: str, zone: str = HAGUE, **more) -> MeetingDraft:
    return MeetingDraft(
        kind=MeetingKind.STRATEGY,
        starts=datetime.fromisoformat(starts),
        ends=datetime.fromisoformat(ends),
        zone=zone,
        **more,
    )


@pytest.fixture
def keeper():
    caucus = make.caucus("vrwg")
    return caucus, visibility.viewer(make.coordinator(caucus))


def called(keeper, *args, **more):
    caucus, by = keeper
    return scheduling.call(draft(*args, **more), caucus, by)


@pytest.mark.parametrize(
    ("there", "zone", "utc"),
    [
        ("2027-03-17T09:00", YORK, "2027-03-17T13:00"),
        ("2027-11-03T10:00", YORK, "2027-11-03T14:00"),
        ("2027-11-30T08:15", HAGUE, "2027-11-30T07:15"),
        ("2026-03-02T15:00", HAGUE, "2026-03-02T14:00"),
        ("2026-03-16T15:00", HAGUE, "2026-03-16T14:00"),
        ("2026-04-06T15:00", HAGUE, "2026-04-06T13:00"),
        ("2028-02-29T10:00", "Asia/Kathmandu", "2028-02-29T04:15"),
    ],
)
def test_a_wall_time_in_a_zone_is_the_right_instant(keeper, there, zone, utc):
    meeting = called(keeper, there, there[:11] + "23:30", zone)
    assert f"{meeting.starts_at:%Y-%m-%dT%H:%M}" == utc
    assert meeting.tzdata == zones.TZDATA_VERSION


def test_a_deadline_has_a_clock_of_its_own(keeper):
    reply = datetime(2027, 11, 25, 18, 0)
    times = ("2027-11-30T08:15", "2027-11-30T09:15")
    own = called(keeper, *times, reply_by=reply)
    assert (own.reply_zone, f"{own.reply_by_at:%H:%M}") == (HAGUE, "17:00")
    other = called(keeper, *times, reply_by=reply, reply_zone=YORK)
    assert f"{other.reply_by_at:%H:%M}" == "23:00"


@pytest.mark.parametrize("zone", ["", "EST", "../../etc/passwd", "Europe/Nowhere"])
def test_only_cities_of_the_list_are_zones(keeper, zone):
    with pytest.raises(Invalid) as refused:
        called(keeper, "2027-11-30T08:15", "2027-11-30T09:15", zone)
    assert refused.value.field == "zone"


@pytest.mark.parametrize("field", ["city", "room", "venue_name", "street", "hosts", "access_contact"])
@pytest.mark.parametrize("text", ["K-12\r\nBcc: a@b.example", "a\x00b", "a\u2028b"])
def test_no_line_break_hides_in_a_field_of_one_line(keeper, field, text):
    with pytest.raises(Invalid, match="line break") as refused:
        called(keeper, "2027-11-30T08:15", "2027-11-30T09:15", **{field: text})
    assert refused.value.field == field


def test_a_preset_fills_what_is_left_empty_and_nothing_else(keeper):
    venue = make.keep(
        Venue(
            slug="forum",
            names={"en": "World Forum", "fr": "World Forum"},
            city={"en": "The Hague", "fr": "La Haye"},
            zone=HAGUE,
            street="Churchillplein 10",
            access={"en": "Session badge."},
            desk_opens="09:00",
        )
    )
    filled = called(keeper, "2027-11-30T08:15", "2027-11-30T09:15", "", venue_id=venue.id)
    assert (filled.zone, filled.city, filled.street) == (HAGUE, "The Hague", "Churchillplein 10")
    assert filled.access == {"en": "Session badge."}
    kept = called(
        keeper,
        "2027-11-30T08:15",
        "2027-11-30T09:15",
        "",
        venue_id=venue.id,
        street="Gate B",
        access={"en": "No badge."},
    )
    assert (kept.street, kept.access) == ("Gate B", {"en": "No badge."})
    with pytest.raises(Invalid) as refused:
        called(keeper, "2027-11-30T08:15", "2027-11-30T09:15", venue_id=10**9)
    assert refused.value.field == "venue_id"


def test_a_stranger_calls_no_meeting(keeper):
    caucus, _by = keeper
    other = visibility.viewer(make.coordinator(make.caucus()))
    with pytest.raises(NotAllowed):
        scheduling.call(draft("2027-11-30T08:15", "2027-11-30T09:15"), caucus, other)


def test_before_it_is_announced_a_revision_leaves_no_trace_after_it_keeps_what_was(keeper):
    _caucus, by = keeper
    meeting = called(keeper, "2027-11-30T08:15", "2027-11-30T09:15", room_by=date(2027, 11, 26))
    scheduling.revise(meeting, draft("2027-11-30T08:30", "2027-11-30T09:15"), by)
    assert (meeting.sequence, make.rows(MeetingChange)) == (0, [])
    meeting.state = MeetingState.CONFIRMED
    scheduling.revise(meeting, draft("2027-11-30T08:30", "2027-11-30T09:15", room="K-12"), by, note="found one")
    scheduling.revise(meeting, draft("2027-11-30T08:30", "2027-11-30T09:15", room="K-12", do_not_forward=False), by)
    [change] = make.rows(MeetingChange)
    assert (change.kind, change.was, change.now, change.note) == ("room", {"room": ""}, {"room": "K-12"}, "found one")
    assert meeting.sequence == 1
    scheduling.revise(meeting, draft("2027-11-30T10:30", "2027-11-30T11:15", room="K-12"), by)
    assert meeting.sequence == 2
    meeting.state = MeetingState.CANCELLED
    with pytest.raises(scheduling.MeetingIsOff):
        scheduling.revise(meeting, draft("2027-11-30T10:30", "2027-11-30T11:15"), by)


def test_a_draft_of_a_meeting_makes_the_same_meeting_again(keeper):
    first = called(
        keeper,
        "2027-10-31T02:30",
        "2027-10-31T05:00",
        second_hour=True,
        places=60,
        places_each=2,
        agenda=of_lines({"en": "One\nTwo"}),
        room_by=date(2027, 10, 26),
    )
    again = scheduling.call(scheduling.draft_of(first), *keeper)
    assert scheduling.draft_of(again) == scheduling.draft_of(first)
    assert (again.starts_at, again.uid == first.uid) == (first.starts_at, False)


def test_once_announced_the_times_of_its_agenda_move_with_it_unless_the_agenda_is_written_anew(keeper):
    _caucus, by = keeper
    items = (Item({"en": "Opening"}, "08:15", 15), Item({"en": "Budget"}))
    meeting = called(keeper, "2027-11-30T08:15", "2027-11-30T09:15", agenda=items)

    def revised(starts: str, ends: str, agenda=items) -> list[str]:
        scheduling.revise(meeting, draft(starts, ends, agenda=agenda), by)
        return [one.get("starts", "") for one in meeting.agenda]

    assert revised("2027-11-30T12:00", "2027-11-30T13:00") == ["08:15", ""]  # a draft: its author is at work on both
    meeting.state = MeetingState.CONFIRMED
    assert revised("2027-12-01T14:00", "2027-12-01T15:00") == ["10:15", ""]
    anew = (Item({"en": "Opening"}, "16:05"),)
    assert revised("2027-12-01T16:00", "2027-12-01T17:00", anew) == ["16:05"]
    assert [row.kind for row in make.rows(MeetingChange)].count("agenda") == 1
