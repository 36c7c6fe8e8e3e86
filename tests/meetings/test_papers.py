"""The papers of a meeting: links and small PDFs, their versions, who may change them, what is refused."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from caucusmail import clock
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed, NotFound
from caucusmail.meetings import forgetting, papers, scheduling
from caucusmail.meetings.filed import Paper, PaperFile
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingState
from caucusmail.meetings.papers import ChangedMeanwhile, PaperDraft
from tests import make
from tests.announcements.rooms import Room, meeting
from tests.meetings.pdf import pdf
from tests.statements import counted

LINK = PaperDraft("Draft resolution", "fr", "https://example.org/r.pdf", papers.PDF, 180_000, "AB " * 32)
FILE = PaperDraft("Draft resolution", "fr", content=pdf())


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def one(room) -> Meeting:
    with transaction():
        return scheduling.call(meeting(titles={"en": "Strategy"}), room.caucus, room.by)


def added(one: Meeting, draft: PaperDraft, room: Room) -> Paper:
    with transaction():
        return papers.add(one, draft, room.by)


def test_of_a_link_is_kept_what_a_keeper_says_of_it(room, one):
    made = added(one, LINK, room)
    assert (made.url, made.size, made.sha256, made.media_type) == (LINK.url, 180_000, "ab" * 32, papers.PDF)
    with pytest.raises(NotFound):
        papers.content(made)


def test_of_a_file_size_and_hash_are_reckoned_whatever_was_typed(room, one):
    made = added(one, replace(FILE, size=7, sha256="00" * 32, media_type="text/html"), room)
    assert (made.size, made.sha256) == (len(pdf()), sha256(pdf()).hexdigest())
    assert (made.media_type, made.url, papers.content(made)) == (papers.PDF, "", pdf())


def test_a_list_of_papers_reads_no_bytes(room, one):
    added(one, FILE, room)
    with counted() as statements:
        papers.of(one)
    assert not [line for line in statements if "paper_files" in line]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(LINK, title=" "), "title"),
        (replace(LINK, title="A\nB"), "title"),
        (replace(LINK, language="xx"), "language"),
        (replace(LINK, url="javascript:alert(1)"), "url"),
        (replace(LINK, url="http://example.org/r.pdf"), "url"),
        (replace(LINK, url="https://a:b@example.org/"), "url"),
        (replace(LINK, url="https://@example.org/"), "url"),
        (replace(LINK, url="https://localhost/"), "url"),
        (replace(LINK, url="https://[::1"), "url"),
        (replace(LINK, url='https://example.org/"><b>'), "url"),
        (replace(LINK, url="https://example.org/a\u200bb"), "url"),
        (replace(LINK, url="https://example.org/" + "a" * 500), "url"),
        (replace(LINK, url=""), "url"),
        (replace(LINK, content=pdf()), "url"),
        (replace(LINK, sha256="ab" * 31), "sha256"),
        (replace(LINK, sha256="zz" * 32), "sha256"),
        (replace(LINK, media_type="application/x-sh"), "media_type"),
        (replace(LINK, size=0), "size"),
        (replace(LINK, size=10**12), "size"),
        (replace(FILE, content=b"MZ" + pdf()), "file"),
        (replace(FILE, content=b"<html>%PDF-1.4 %%EOF"), "file"),
        (replace(FILE, content=pdf()[:-8]), "file"),
        (replace(FILE, content=pdf(padding=papers.LARGEST)), "file"),
    ],
)
def test_what_is_no_paper_is_refused_beside_its_field(room, one, draft, field):
    with pytest.raises(Invalid) as refused:
        papers.add(one, draft, room.by)
    assert refused.value.field == field
    assert papers.of(one) == []


def test_a_title_turns_nothing_around(room, one):
    assert added(one, replace(LINK, title="A\u202eB\u2067"), room).title == "AB\u2067\u2069"


def test_a_file_takes_the_place_of_a_link_and_a_link_that_of_a_file(room, one):
    made = added(one, LINK, room)
    with transaction():
        papers.replace(one, made, FILE, 1, room.by)
    assert papers.content(made) == pdf()
    with transaction():
        papers.replace(one, made, replace(FILE, content=pdf("B")), 2, room.by)
    assert papers.content(made) == pdf("B")
    with transaction():
        papers.replace(one, made, replace(FILE, title="Other words", content=None), 3, room.by)
    assert (made.title, papers.content(made)) == ("Other words", pdf("B"))
    with transaction():
        papers.replace(one, made, LINK, 4, room.by)
    assert (made.revision, db.session.query(PaperFile).count()) == (5, 0)


def test_of_two_who_replace_a_paper_the_second_is_refused(room, one):
    made = added(one, LINK, room)
    with transaction():
        papers.replace(one, made, FILE, 1, room.by)
    with pytest.raises(ChangedMeanwhile):
        papers.replace(one, made, replace(LINK, title="Mine"), 1, room.by)
    with transaction():
        papers.remove(one, made, room.by)
    with pytest.raises(ChangedMeanwhile):
        papers.replace(one, made, replace(LINK, title="Mine"), 2, room.by)


def test_what_says_the_same_is_no_change(room, one):
    made = added(one, FILE, room)
    for same in (FILE, replace(FILE, content=None)):
        with pytest.raises(Invalid, match="This is what it says already"):
            papers.replace(one, made, same, 1, room.by)


def test_a_paper_is_taken_off_put_back_and_forgotten_after_thirty_days(room, one):
    made = added(one, FILE, room)
    for _twice in range(2):
        with transaction():
            papers.remove(one, made, room.by)
    assert papers.of(one) == []
    with pytest.raises(NotFound):
        papers.paper(one, made.id)
    with transaction():
        papers.put_back(one, made, room.by)
    assert (papers.of(one), papers.content(made)) == ([made], pdf())
    with transaction():
        papers.remove(one, made, room.by)
        made.removed_at = clock.now() - timedelta(days=31)
    with transaction():
        forgetting.forget()
    assert (make.rows(Paper), db.session.query(PaperFile).count()) == ([], 0)


def test_papers_are_put_in_another_order_and_the_ends_hold(room, one):
    first, second = added(one, LINK, room), added(one, FILE, room)
    for step, order in ((1, [second, first]), (1, [second, first]), (-1, [first, second]), (-1, [first, second])):
        with transaction():
            papers.move(one, first, step, room.by)
        assert papers.of(one) == order


def test_there_are_no_more_than_a_letter_can_name(room, one):
    made = [added(one, replace(LINK, title=f"Paper {number}"), room) for number in range(papers.MOST)]
    with pytest.raises(Invalid, match="at most 12 papers"):
        papers.add(one, LINK, room.by)
    with transaction():
        papers.remove(one, made[0], room.by)
    added(one, LINK, room)
    with pytest.raises(Invalid):
        papers.put_back(one, made[0], room.by)


def test_nobody_else_changes_them(room, one):
    made, other = added(one, LINK, room), visibility.viewer(make.coordinator(make.caucus("other")))
    for attempt in (
        lambda: papers.add(one, FILE, other),
        lambda: papers.replace(one, made, FILE, 1, other),
        lambda: papers.remove(one, made, other),
        lambda: papers.put_back(one, made, other),
        lambda: papers.move(one, made, 1, other),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_paper_of_another_meeting_is_not_found(room, one):
    made = added(one, LINK, room)
    with transaction():
        another = scheduling.call(meeting(titles={"en": "Other"}), room.caucus, room.by)
    with pytest.raises(NotFound):
        papers.paper(another, made.id)


def test_what_was_is_kept_once_the_meeting_was_announced_and_the_journal_knows(room, one):
    made = added(one, LINK, room)
    assert make.rows(MeetingChange) == []
    with transaction():
        one.state = MeetingState.CONFIRMED
        papers.replace(one, made, FILE, 1, room.by, note="A word was wrong.")
    [row] = make.rows(MeetingChange)
    assert (row.kind, row.was["sha256"], row.now["sha256"]) == ("document", "ab" * 32, made.sha256)
    assert row.note == "A word was wrong."
    assert [entry.verb for entry in make.rows(AuditEntry)][-2:] == ["paper.added", "paper.replaced"]
    assert db.session.get_one(Meeting, one.id).sequence == 0
