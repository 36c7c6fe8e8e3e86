"""Sessions: added, changed, removed, each with its way back; what is refused, beside its row."""

from datetime import date

import pytest

from caucusmail import zones
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed, NotFound
from caucusmail.meetings import queries, sessions
from caucusmail.meetings.models import Meeting, MeetingSession, Venue
from caucusmail.meetings.sessions import Part, SessionDraft
from tests import make
from tests.meetings.test_queries import meeting

HAGUE = Part(date(2020, 12, 14), date(2020, 12, 16), "The Hague", zones.THE_HAGUE)
YORK = Part(date(2020, 12, 17), date(2020, 12, 23), "New York", zones.NEW_YORK)
RESUMED = Part(date(2021, 2, 1), date(2021, 2, 1), "New York", zones.NEW_YORK)
SPLIT = SessionDraft({"en": "Assembly, 19th session", "fr": "Assemblée, 19e session"}, [RESUMED, HAGUE, YORK])


@pytest.fixture
def noor() -> visibility.Viewer:
    return visibility.viewer(make.secretary())


def added(by, draft=SPLIT) -> MeetingSession:
    with transaction():
        return sessions.add(draft, by)


def test_a_session_split_over_two_cities_and_resumed_is_kept_in_the_order_of_its_days(noor):
    one = added(noor)
    db.session.expire_all()
    assert one.slug == "assembly-19th-session"
    assert [(part.begins_on, part.city) for part in one.parts] == [
        ("2020-12-14", "The Hague"),
        ("2020-12-17", "New York"),
        ("2021-02-01", "New York"),
    ]
    assert list(sessions.draft_of(one).parts) == [HAGUE, YORK, RESUMED]
    assert added(noor).slug == "assembly-19th-session-2"
    assert [session.slug for session in queries.sessions()] == ["assembly-19th-session", "assembly-19th-session-2"]


def test_a_place_fills_in_city_and_clock(noor):
    venue = make.keep(Venue(slug="un", names={"en": "UN"}, city={"en": "New York"}, zone=zones.NEW_YORK, access={}))
    one = added(noor, SessionDraft({"en": "Asp"}, [Part(date(2026, 12, 7), date(2026, 12, 9), venue_id=venue.id)]))
    assert (one.parts[0].city, one.parts[0].zone) == ("New York", zones.NEW_YORK)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (SessionDraft({}, [HAGUE]), "names"),
        (SessionDraft({"en": "A"}, []), "part1"),
        (SessionDraft({"en": "A"}, [HAGUE, Part(date(2020, 12, 16), date(2020, 12, 18), "New York", zones.NEW_YORK)]), "part2"),
        (SessionDraft({"en": "A"}, [Part(date(2020, 12, 16), date(2020, 12, 15), "New York", zones.NEW_YORK)]), "part1"),
        (SessionDraft({"en": "A"}, [Part(date(2020, 1, 1), date(2020, 12, 15), "New York", zones.NEW_YORK)]), "part1"),
        (SessionDraft({"en": "A"}, [HAGUE, Part(date(2021, 1, 1), date(2021, 1, 1))]), "part2"),
        (SessionDraft({"en": "A"}, [Part(date(2021, 1, 1), date(2021, 1, 1), "X", zones.NEW_YORK, 987)]), "part1"),
        (SessionDraft({"en": "A"}, [Part(date(2021, 1, n), date(2021, 1, n), "X", "UTC") for n in range(1, 10)]), "part8"),
    ],
)  # fmt: skip
def test_what_makes_no_session_is_refused_beside_its_row(noor, draft, field):
    with pytest.raises(Invalid) as problem, transaction():
        sessions.add(draft, noor)
    assert problem.value.field == field
    assert make.rows(MeetingSession) == []


def test_only_the_secretariat_changes_sessions(noor):
    one, keeper = added(noor), visibility.viewer(make.coordinator(make.caucus()))
    for verb in (
        lambda: sessions.add(SPLIT, keeper),
        lambda: sessions.change(one, SPLIT, keeper),
        lambda: sessions.remove(one, keeper),
    ):
        with pytest.raises(NotAllowed), transaction():
            verb()


def test_a_change_is_taken_back_unless_it_was_changed_again(noor):
    one = added(noor)
    before = sessions.kept(one)
    with transaction():
        entry = sessions.change(one, SessionDraft({"en": "Nineteen"}, [HAGUE]), noor)
    assert [part.city for part in one.parts] == ["The Hague"]
    with transaction():
        assert sessions.change(one, SessionDraft({"en": "Nineteen"}, [HAGUE]), noor) is None
        sessions.take_back(sessions.step(entry.id, sessions.CHANGED), noor)
    db.session.expire_all()
    assert sessions.kept(one) == before
    with transaction():
        sessions.change(one, SessionDraft({"en": "Twenty"}, [YORK]), noor)
    with pytest.raises(sessions.ChangedSince), transaction():
        sessions.take_back(entry, noor)


def test_what_is_removed_leaves_its_meetings_and_comes_back_with_them(noor):
    one, caucus = added(noor), make.caucus()
    inside = meeting(caucus, 1, session_id=one.id)
    moved = meeting(caucus, 2, session_id=one.id)
    number, before = one.id, sessions.kept(one)
    with transaction():
        entry = sessions.remove(one, noor)
    db.session.expire_all()
    assert make.rows(MeetingSession) == []
    assert {one.session_id for one in make.rows(Meeting)} == {None}
    other = added(noor, SessionDraft({"en": "Other"}, [HAGUE]))
    with transaction():
        moved.session_id = other.id
    for _twice in range(2):
        with transaction():
            back = sessions.put_back(sessions.step(entry.id, sessions.REMOVED), noor)
    db.session.expire_all()
    assert (back.id, sessions.kept(back)) == (number, before)
    assert (inside.session_id, moved.session_id) == (number, other.id)


def test_there_is_no_way_back_by_the_number_of_another_entry(noor):
    one = added(noor)
    with transaction():
        entry = sessions.remove(one, noor)
    for number, verb in ((entry.id, sessions.CHANGED), (987, sessions.REMOVED)):
        with pytest.raises(NotFound):
            sessions.step(number, verb)
