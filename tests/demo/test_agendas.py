from datetime import date

from caucusmail.demo import agendas, calendar
from caucusmail.meetings import agenda


def test_every_meeting_that_lies_ahead_has_an_agenda_in_both_languages_within_its_hours():
    today = date(2027, 3, 3)
    ahead = [event for event in calendar.events(today) if event.on > today and event.en in agendas.OF]
    assert {event.en for event in ahead} == set(agendas.OF)
    for event in ahead:
        items = agenda.tidy(agendas.of(event))
        assert all(set(item.titles) == {"en", "fr"} for item in items)
        assert all(f"{event.starts:%H:%M}" <= item.starts < f"{event.ends:%H:%M}" for item in items if item.starts)


def test_other_meetings_have_none():
    [other, *_rest] = [event for event in calendar.events(date(2027, 3, 3)) if event.en not in agendas.OF]
    assert agendas.of(other) == ()
