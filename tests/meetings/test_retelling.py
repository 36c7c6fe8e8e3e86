from datetime import UTC, datetime

import pytest

from caucusmail import languages
from caucusmail.meetings import agenda, retelling
from caucusmail.meetings.models import MeetingChange

AT = datetime(2027, 11, 26, 9, tzinfo=UTC)


def row(kind: str, was=None, now=None, note: str = "") -> MeetingChange:
    return MeetingChange(at=AT, kind=kind, was=was or {}, now=now or {}, note=note)


def test_a_time_is_told_on_the_wall_of_its_city():
    was = {"starts": "2027-11-30T08:15:00", "zone": "Europe/Amsterdam"}
    now = {"starts": "2027-11-30T09:15:00", "zone": "America/New_York"}
    told = retelling.change(row("time", was, now), with_place=False)
    assert (told.what, told.was, told.now) == (
        "Time changed",
        "Tue 30 Nov 2027, 08:15, The Hague",
        "Tue 30 Nov 2027, 09:15, New York",
    )


def test_an_agenda_is_told_to_members_by_what_differs():
    sides = [{"agenda": agenda.to_json(agenda.of_lines({"en": text}))} for text in ("Opening\nBudget", "Opening\nEnd")]
    assert retelling.change(row("agenda", *sides), with_place=False) is None
    told = retelling.change(row("agenda", *sides), with_place=True)
    assert (told.what, told.was, told.now) == ("Agenda changed", "2. Budget", "2. End")


def test_languages_are_told_by_name():
    told = retelling.change(row("languages", {"interpretation": []}, {"interpretation": ["fr"]}), with_place=False)
    assert (told.was, told.now) == ("", "interpretation into French")


@pytest.mark.parametrize("kind", ["room", "access"])
def test_of_a_place_only_who_may_see_it_is_told(kind):
    assert retelling.change(row(kind, {"room": "K-12"}, {"room": "E-04"}), with_place=False) is None
    assert retelling.change(row(kind, {"room": "K-12"}, {"room": "E-04"}), with_place=True) is not None


def test_what_was_empty_is_not_told():
    told = retelling.change(row("room", {"room": ""}, {"room": "K-12"}), with_place=True)
    assert (told.was, told.now) == ("", "K-12")


def test_places_are_told_by_number_and_those_of_each_organisation_in_words():
    told = retelling.change(row("places", {"places": 60}, {"places": 80}), with_place=True)
    assert (told.was, told.now) == ("60", "80")
    told = retelling.change(row("places", {"places_each": None}, {"places_each": 2}), with_place=True)
    assert (told.was, told.now) == ("no limit for one organisation", "2 for each organisation")
    both = row("places", {"places": 60, "places_each": 2}, {"places": 9, "places_each": None})
    assert retelling.change(both, with_place=True).now == "9, no limit for one organisation"
    assert retelling.change(both, with_place=False) is None


def test_a_cancellation_has_its_reason_and_nothing_before_or_after():
    told = retelling.change(row("cancelled", now={"follows": True}, note="Closed."), with_place=False)
    assert (told.what, told.was, told.now, told.note) == ("Cancelled", "", "", "Closed.")


def test_it_is_told_in_the_readers_language():
    with languages.use("fr"):
        assert retelling.change(row("reinstated"), with_place=False).what != "It takes place after all"


def test_of_a_kind_that_is_not_known_nothing_is_told():
    assert retelling.change(row("other"), with_place=True) is None
