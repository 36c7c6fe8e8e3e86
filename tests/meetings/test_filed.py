import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.meetings import papers, scheduling
from caucusmail.meetings.filed import Paper, PaperFile
from caucusmail.meetings.papers import PaperDraft
from tests.announcements.rooms import Room, meeting
from tests.meetings.pdf import pdf


@pytest.fixture
def one():
    room = Room()
    with transaction():
        called = scheduling.call(meeting(titles={"en": "Strategy"}), room.caucus, room.by)
        papers.add(called, PaperDraft("Note", "en", content=pdf()), room.by)
    return called


@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": -1}, {"sha256": "ab"}])
def test_what_is_no_size_and_no_hash_is_refused_by_the_database(one, wrong):
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Paper(meeting_id=one.id, place=2, title="T", language="en", since=clock.now(), **wrong))


def test_with_a_meeting_its_papers_and_their_bytes_go(one):
    with transaction():
        db.session.delete(one)
    assert (db.session.query(Paper).count(), db.session.query(PaperFile).count()) == (0, 0)
