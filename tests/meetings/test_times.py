from datetime import datetime

import pytest

from caucusmail import languages, zones
from caucusmail.meetings import times
from caucusmail.meetings.models import Meeting
from tests.meetings.test_icalendar import meeting

HAGUE, YORK = zones.THE_HAGUE, zones.NEW_YORK


def at(starts: str, zone: str = HAGUE, **more) -> Meeting:
    return meeting(starts, zone, **{"city": "", **more})


def sentences(subject: Meeting, reader_zone: str | None = None) -> list[str]:
    return [one.sentence for one in times.hours(subject, reader_zone)]


def test_a_meeting_is_shown_on_its_own_clock_first_then_the_other_seat_and_utc():
    assert sentences(at("2027-11-30T08:15")) == [
        "08:15–09:15 in The Hague (Tue)",
        "02:15–03:15 in New York (Tue)",
        "07:15–08:15 UTC (Tue)",
    ]
    assert [one.zone for one in times.hours(at("2027-11-30T08:15", "Africa/Kampala"))] == [
        "Africa/Kampala",
        HAGUE,
        YORK,
        "UTC",
    ]


@pytest.mark.parametrize("zone", [HAGUE, YORK, "UTC"])
def test_a_reader_whose_clock_is_shown_already_has_it_marked_and_not_repeated(zone):
    found = times.hours(at("2027-11-30T08:15"), zone)
    assert len(found) == 3
    assert [one.zone for one in found if one.yours] == [zone]


def test_another_readers_clock_stands_before_utc_and_is_called_theirs():
    assert sentences(at("2027-11-30T08:15"), "Asia/Kathmandu")[2] == "13:00–14:00 in Kathmandu, your time (Tue)"


@pytest.mark.parametrize(
    ("starts", "zone", "reader", "sentence"),
    [
        ("2027-06-02T20:00", YORK, HAGUE, "02:00–03:00 in The Hague, your time (Thu, next day)"),
        ("2027-06-02T03:00", HAGUE, YORK, "21:00–22:00 in New York, your time (Tue, day before)"),
        ("2027-06-02T00:30", HAGUE, "UTC", "22:30–23:30 UTC, your time (Tue, day before)"),
    ],
)
def test_a_day_that_is_not_the_meetings_own_is_called_so(starts, zone, reader, sentence):
    assert sentence in sentences(at(starts, zone), reader)


def test_over_midnight_each_weekday_is_said_once():
    late = at("2027-11-30T23:00", hours=2)
    assert sentences(late)[0] == "Tue 23:00 – Wed 01:00 in The Hague"
    assert sentences(late)[2] == "Tue 22:00 – Wed 00:00 UTC"


def test_the_day_is_said_in_full_and_both_days_of_two():
    assert times.day(at("2027-11-30T08:15")) == "Tuesday 30 November 2027, 08:15–09:15 in The Hague"
    assert times.day(at("2027-11-30T08:15", "UTC")) == "Tuesday 30 November 2027, 08:15–09:15 UTC"
    assert (
        times.day(at("2027-11-30T23:00", hours=2))
        == "Tuesday 30 November 2027, 23:00 – Wednesday 1 December 2027, 01:00 in The Hague"
    )


def test_in_french_the_day_the_seats_and_the_shift_are_french(french):
    assert times.day(at("2027-11-30T08:15")).startswith("mardi 30 novembre 2027, 08:15–09:15")
    assert "La Haye" in times.day(at("2027-11-30T08:15"))
    assert "jour suivant" in sentences(at("2027-06-02T20:00", YORK))[1]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Tue 30 Nov 08:15"), ("fr", "mar. 30 nov. 08:15"), ("es", "mar 30 nov 08:15")]
)
def test_the_day_in_a_subject_is_in_the_language_of_the_version(language, words):
    assert times.short(at("2027-11-30T08:15"), language) == words


def test_the_clock_in_an_arabic_subject_has_the_digits_that_the_letter_has():
    assert times.short(at("2027-11-30T08:15"), "ar").endswith(" 08:15")


def test_a_deadline_is_told_on_its_own_clock_and_in_utc():
    reply = datetime(2027, 11, 25, 18)

    def told(zone: str) -> str:
        return times.deadline(
            at("2027-11-30T08:15", reply_by=reply, reply_zone=zone, reply_by_at=zones.instant(reply, zone))
        )

    assert told(HAGUE) == "Thu 25 Nov 2027, 18:00 in The Hague (17:00 UTC)"
    assert told("UTC") == "Thu 25 Nov 2027, 18:00 UTC"
    assert times.deadline(at("2027-11-30T08:15")) == ""
    assert languages.current() == "en"
