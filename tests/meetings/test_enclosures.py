"""PDFs that go with letters: off at first, small, and only what is kept here."""

import pytest

from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed
from caucusmail.meetings import enclosures, papers, scheduling
from caucusmail.meetings.models import Meeting
from caucusmail.meetings.papers import PaperDraft
from tests import make
from tests.announcements.rooms import Room, meeting
from tests.meetings.pdf import pdf


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def one(room) -> Meeting:
    with transaction():
        return scheduling.call(meeting(titles={"en": "Strategy"}), room.caucus, room.by)


def kept(one: Meeting, room: Room, size: int = 1000, **more):
    with transaction():
        return papers.add(one, PaperDraft("Note", "en", content=pdf() + b"%" * size + b"\n%%EOF", **more), room.by)


def attach(one, paper, by, wanted=True):
    with transaction():
        enclosures.attach(one, paper, wanted, by)


def test_nothing_is_sent_along_until_somebody_asks_and_it_can_be_taken_back(room, one):
    paper = kept(one, room)
    assert enclosures.files(one) == []
    for _twice in range(2):
        attach(one, paper, room.by)
    [file] = enclosures.files(one)
    assert (file.name, file.media_type, file.content) == (
        f"{one.caucus.slug}-{one.starts:%Y-%m-%d}-{paper.id}.pdf",
        papers.PDF,
        papers.content(paper),
    )
    attach(one, paper, room.by, False)
    assert enclosures.files(one) == []
    verbs = [entry.verb for entry in make.rows(AuditEntry) if entry.verb.endswith("along")]
    assert verbs == ["paper.sent-along", "paper.not-sent-along"]


def test_a_link_and_what_is_too_large_together_are_refused(room, one):
    with transaction():
        link = papers.add(one, PaperDraft("Elsewhere", "en", "https://example.org/r.pdf"), room.by)
    first, second = kept(one, room, 300_000), kept(one, room, 300_000)
    attach(one, first, room.by)
    for paper in (link, second):
        with pytest.raises(Invalid) as refused:
            attach(one, paper, room.by)
        assert refused.value.field == "file"
    assert enclosures.attached(one) == [first]


def test_one_that_grew_or_became_a_link_or_was_taken_off_stays_at_home(room, one):
    first, second = kept(one, room, 100), kept(one, room, 100)
    for paper in (first, second):
        attach(one, paper, room.by)
    with transaction():
        papers.replace(one, first, PaperDraft("Note", "en", content=pdf() + b"%" * 600_000 + b"\n%%EOF"), 1, room.by)
    assert enclosures.attached(one) == [second]
    with transaction():
        papers.replace(one, first, PaperDraft("Note", "en", "https://example.org/r.pdf"), 2, room.by)
        papers.remove(one, second, room.by)
    assert enclosures.attached(one) == []


def test_only_who_keeps_the_group_may_say_so(room, one):
    paper = kept(one, room)
    with pytest.raises(NotAllowed):
        attach(one, paper, visibility.viewer(make.member(room.caucus)))
