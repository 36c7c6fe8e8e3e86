"""Papers in letters: with the invitation, and when one is added or replaced, told to those who had the announcement."""

import pytest

from caucusmail import clock
from caucusmail.announcements import changes, composition, leaving, series
from caucusmail.announcements import letters as compiled
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Lane, OutgoingMessage
from caucusmail.errors import Invalid
from caucusmail.meetings import cancelling, enclosures, papers
from caucusmail.meetings.models import Meeting
from caucusmail.meetings.papers import ChangedMeanwhile, PaperDraft
from caucusmail.meetings.scheduling import MeetingIsOff
from tests import make
from tests.announcements import rooms
from tests.announcements.rooms import Room, copies
from tests.announcements.test_changes import TEXTS, drain, gone, letters, told
from tests.meetings.pdf import pdf
from tests.statements import counted

LINK = PaperDraft("Projet de résolution", "fr", "https://docs.example.org/r.pdf", papers.PDF, 180_000, "ab" * 32)
FILE = PaperDraft("Note", "en", content=pdf())


@pytest.fixture
def room() -> Room:
    room = rooms.vrwg()
    make.member(room.caucus, make.person("Ada", languages=["en"]), room.group)
    return room


@pytest.fixture
def sent(room, sink) -> Announcement:
    return gone(room, rooms.strategy(room="K-12"))


def change(sent: Announcement, paper: PaperDraft, replaces: int | None = None, **more) -> Change:
    return Change(ChangeKind.DOCUMENT, changes.newest(sent.meeting), paper=paper, replaces=replaces, **more)


def test_the_letter_names_language_kind_size_hash_and_link_and_holds_no_file(room):
    draft = room.drafted(meeting=rooms.strategy())
    with transaction():
        papers.add(draft.meeting, LINK, room.by)
        kept = papers.add(draft.meeting, FILE, room.by)
    letter = compiled.preview(draft, by=rooms.STAFF)
    text = letter.text.replace("\n     ", " | ")
    assert f"1. Projet de résolution | French, PDF, 180 KB, SHA-256 {'ab' * 8}… | {LINK.url}" in text
    assert f"2. Note | English, PDF, {len(pdf())} bytes, SHA-256 {kept.sha256[:16]}… | http" in text
    assert f'href="{LINK.url}"' in letter.html
    assert '<bdi lang="fr" dir="ltr">Projet de résolution</bdi></a>' in letter.html
    assert "%PDF" not in letter.text + letter.html


def test_a_pdf_goes_with_the_invitation_and_with_word_of_a_paper_and_with_no_other_letter(room, sink):
    draft = rooms.ready(room, kind=AnnouncementKind.MEETING, texts=TEXTS, meeting=rooms.strategy(room="K-12"))
    with transaction():
        enclosures.attach(draft.meeting, papers.add(draft.meeting, FILE, room.by), True, room.by)
    rooms.released(rooms.confirmed(room, draft))
    with transaction():
        leaving.send_due()
    drain()
    sent = db.session.get_one(Announcement, draft.id)
    with counted() as found:
        assert compiled.preview(sent, by=rooms.STAFF).text
    assert not [one for one in found if "paper_files" in one]  # nobody would look at it
    told(sent, change(sent, LINK), room)
    told(sent, Change(ChangeKind.ROOM, changes.newest(sent.meeting), rooms.strategy(room="Z-1")), room)
    drain()
    sent_to_her = [one.message for one in sink.caught if str(one.message["Subject"]).startswith("[VRWG]")]
    pdfs = [[part.get_content() for part in one.walk() if part.get_content_type() == papers.PDF] for one in sent_to_her]
    assert pdfs == [[FILE.content], [FILE.content], []]


def test_a_new_paper_is_told_to_those_who_had_the_announcement_and_calendars_stay(room, sent, sink):
    made = told(sent, change(sent, FILE), room)
    assert {one.address for one in copies(made)} == {one.address for one in copies(sent)}
    assert db.session.get_one(OutgoingMessage, made.message_id).lane is Lane.URGENT
    [letter] = letters(sink, "NEW PAPER")
    [paper] = papers.of(sent.meeting)
    assert letter.text.startswith(
        f"New paper: “Note”, version of {clock.now():%-d %b %Y} (SHA-256 {paper.sha256[:16]}…)"
    )
    assert not [part for part in letter.message.walk() if part.get_content_type() == "text/calendar"]


def test_a_replaced_paper_is_told_old_and_new(room, sent, sink):
    told(sent, change(sent, LINK), room)
    [paper] = papers.of(sent.meeting)
    told(sent, change(sent, FILE, paper.id, reason="A word was wrong."), room)
    [letter] = letters(sink, "PAPER REPLACED")
    assert letter.text.startswith("Paper replaced: “Note”, version of")
    assert "\r\n  was: “Projet de résolution”, version of" in letter.text
    assert f"(SHA-256 {'ab' * 8}…)" in letter.text
    assert "A word was wrong." in letter.text


def test_of_two_keepers_the_second_is_refused_and_nobody_is_written_to_twice(room, sent):
    first, second = change(sent, FILE), change(sent, LINK)
    told(sent, first, room)
    with pytest.raises(changes.Overtaken):
        told(sent, second, room)
    [paper] = papers.of(sent.meeting)
    with transaction():
        papers.remove(sent.meeting, paper, room.by)
    with pytest.raises(ChangedMeanwhile):
        told(sent, change(sent, LINK, paper.id), room)


def test_what_is_refused_is_told_to_nobody(room, sent, sink):
    before = len(sink.caught)
    with pytest.raises(Invalid):
        told(sent, change(sent, PaperDraft("Note", "en", content=b"MZ")), room)
    with transaction():
        cancelling.cancel(sent.meeting, room.by)
    with pytest.raises(MeetingIsOff):
        told(sent, change(sent, FILE), room)
    assert len(sink.caught) == before


def test_a_copy_of_a_meeting_takes_its_agenda_along_and_its_papers_not(room, sent):
    with transaction():
        papers.add(sent.meeting, LINK, room.by)
    with transaction():
        made = series.another(sent.meeting, room.by)
        [item, *_rest] = composition.draft_of(made).meeting.agenda
    assert item.titles == {"en": "Welcome"}
    assert [papers.number(one) for one in make.rows(Meeting)] == [1]
