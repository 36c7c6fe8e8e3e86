"""The papers of a meeting: a link that a keeper gives, or a small PDF that is kept here. Nothing is ever fetched from a link.

Once a meeting is announced, what was there before is kept (``MeetingChange``), for the letter that tells of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select, update

from caucusmail import clock, database, languages
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed, NotFound
from caucusmail.languages import _
from caucusmail.meetings import paper_words, wording
from caucusmail.meetings.filed import Paper, PaperFile
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingState

MOST = 12  # papers of one meeting
LARGEST = 2_000_000  # bytes of one that is kept here
LONGEST_TITLE, LONGEST_URL = 200, 500  # characters
MEDIA_TYPES = ("", *paper_words.KINDS)
PDF = "application/pdf"
_TAIL = 2048  # bytes at the end of a PDF in which its %%EOF stands (ISO 32000-1, 7.5.5: on its last line)


class ChangedMeanwhile(Conflict):
    """Somebody else replaced the paper, or took it off, since its author looked."""


@dataclass(frozen=True)
class PaperDraft:
    """A paper as a keeper fills it in: ``url`` or ``content``. Of what is kept here, size, kind and hash are reckoned."""

    title: str
    language: str
    url: str = ""
    media_type: str = ""
    size: int | None = None  # bytes
    sha256: str = ""
    content: bytes | None = None  # a PDF; None of a paper that is kept here already: it stays


def of(meeting: Meeting) -> Sequence[Paper]:
    """Its papers in their order, without their bytes."""
    return db.session.scalars(
        select(Paper).where(Paper.meeting_id == meeting.id, Paper.removed_at.is_(None)).order_by(Paper.place, Paper.id)
    ).all()


def paper(meeting: Meeting, paper_id: int, *, gone: bool = False) -> Paper:
    """One paper of ``meeting``; with ``gone`` one that was taken off too.

    :raises NotFound: it has no such paper.
    """
    found = db.session.scalar(select(Paper).where(Paper.id == paper_id, Paper.meeting_id == meeting.id))
    if found is None or (found.removed_at is not None and not gone):
        raise NotFound(_("There is no such paper, or it has been taken off."))
    return found


def content(one: Paper) -> bytes:
    """The bytes of a paper that is kept here.

    :raises NotFound: it is a link.
    """
    found = db.session.scalar(select(PaperFile.content).where(PaperFile.paper_id == one.id))
    if found is None or one.url:
        raise NotFound(_("This paper is not kept here: its link leads to it."))
    return found


def add(meeting: Meeting, draft: PaperDraft, by: Viewer, note: str = "") -> Paper:
    """A further paper of ``meeting``. Flushes for its id.

    :raises NotAllowed: ``by`` does not keep the caucus.
    :raises Invalid: naming the field of ``draft`` that makes no sense; the field of ``content`` is ``file``.
    """
    allow(meeting, by)
    database.lock(meeting)
    here = of(meeting)
    if len(here) >= MOST:
        raise Invalid("title", _("A meeting has at most %(most)s papers here. Take one off first.", most=MOST))
    values = _values(draft, None)
    place = max((one.place for one in here), default=0) + 1
    made = Paper(meeting_id=meeting.id, place=place, since=clock.now(), **values)
    db.session.add(made)
    db.session.flush()
    _store(made, draft)
    _note(meeting, {}, made, by, note)
    journal.record("paper.added", meeting, by.person, paper=made.id)
    return made


def replace(meeting: Meeting, one: Paper, draft: PaperDraft, seen: int, by: Viewer, note: str = "") -> Paper:
    """Put ``draft`` in the place of revision ``seen`` of the paper.

    :raises ChangedMeanwhile: it is another one by now.
    :raises NotAllowed, Invalid: as for ``add``; on ``title`` too where it says what it said.
    """
    allow(meeting, by)
    database.lock(meeting)
    db.session.refresh(one)
    if one.revision != seen or one.removed_at is not None:
        raise ChangedMeanwhile(_("Somebody changed this paper a moment ago. This is how it stands now."))
    values, was = _values(draft, one), plain(one)
    if _same(one, values):
        raise Invalid("title", _("This is what it says already. Nothing was changed."))
    for name, value in values.items():
        setattr(one, name, value)
    one.revision, one.since = one.revision + 1, clock.now()
    db.session.flush()
    _store(one, draft)
    _note(meeting, was, one, by, note)
    journal.record("paper.replaced", meeting, by.person, paper=one.id)
    return one


def differs(meeting: Meeting, draft: PaperDraft, replaces: int | None) -> bool:
    """Whether no paper of ``meeting`` (or not the one with the id ``replaces``) says what ``draft`` does."""
    here = [one for one in of(meeting) if replaces in (None, one.id)]
    try:
        return not any(_same(one, _values(draft, one if replaces else None)) for one in here)
    except Invalid:
        return True


def _same(one: Paper, values: dict[str, Any]) -> bool:
    return all(getattr(one, name) == value for name, value in values.items())


def remove(meeting: Meeting, one: Paper, by: Viewer) -> None:
    """Take a paper off, at once; twice changes nothing. ``put_back`` brings it back for thirty days."""
    _set_removed(meeting, one, by, gone=True)


def put_back(meeting: Meeting, one: Paper, by: Viewer) -> None:
    """A paper that was taken off, as it was.

    :raises Invalid: on ``title``: there are as many as there can be.
    """
    if len(of(meeting)) >= MOST:
        raise Invalid("title", _("A meeting has at most %(most)s papers here. Take one off first.", most=MOST))
    _set_removed(meeting, one, by, gone=False)


def move(meeting: Meeting, one: Paper, step: int, by: Viewer) -> None:
    """One place up (``step`` -1) or down (1); at the end it stays."""
    allow(meeting, by)
    database.lock(meeting)
    here = list(of(meeting))
    at = next((place for place, other in enumerate(here) if other.id == one.id), None)
    if at is None or not step or not 0 <= at + step < len(here):
        return
    here.insert(at + step, here.pop(at))
    for place, other in enumerate(here, start=1):
        other.place = place
    db.session.flush()


def follow(old: Meeting, new: Meeting) -> None:
    """The papers of a draft that becomes another one are its papers."""
    moved = update(Paper).where(Paper.meeting_id == old.id).values(meeting_id=new.id)
    db.session.execute(moved.execution_options(synchronize_session="fetch"))


def number(meeting: Meeting) -> int:
    """How many papers hang on ``meeting``, those that were taken off among them."""
    return db.session.scalar(select(func.count()).select_from(Paper).where(Paper.meeting_id == meeting.id)) or 0


def plain(one: Paper) -> dict[str, Any]:
    """What is kept of a version when another one takes its place."""
    names = ("title", "language", "url", "media_type", "size", "sha256")
    return {"paper": one.id, "since": one.since.isoformat()} | {name: getattr(one, name) for name in names}


def allow(meeting: Meeting, by: Viewer) -> None:
    """Only who keeps the caucus.

    :raises NotAllowed: ``by`` does not.
    """
    if not by.keeps_caucus(meeting.caucus_id):
        raise NotAllowed(
            _("Only those who keep this group, or the secretariat, can change the papers of its meetings.")
        )


def _values(draft: PaperDraft, was: Paper | None) -> dict[str, Any]:
    """The columns that ``draft`` fills, all checked."""
    title = wording.one_line("title", draft.title, LONGEST_TITLE)
    if not title:
        raise Invalid("title", _("What is this paper called?"))
    if draft.language not in languages.WRITTEN:
        raise Invalid("language", _("In which language is it?"))
    words = {"title": title, "language": draft.language}
    refusal = _("Please copy the whole address, from https:// on; others are not taken, nor is one with a name in it.")
    url = wording.https("url", draft.url, LONGEST_URL, refusal)
    if url and draft.content:
        raise Invalid("url", _("Give a link or a file, not both: readers must know which of the two counts."))
    if url:
        return words | {"url": url} | _given(draft)
    if draft.content:
        return words | _reckoned(draft.content)
    if was is None or was.url:
        raise Invalid("url", _("Give the address of the paper, or choose a PDF."))
    return words


def _given(draft: PaperDraft) -> dict[str, Any]:
    """What a keeper says of a link: we do not look."""
    digest = re.sub(r"[\s:]", "", draft.sha256).lower().removeprefix("sha256")
    if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise Invalid(
            "sha256", _("A SHA-256 is 64 figures and letters from a to f. Copy all of it, or leave it empty.")
        )
    if draft.media_type not in MEDIA_TYPES:
        raise Invalid("media_type", _("What was chosen is not on the list. Please choose again."))
    if draft.size is not None and not 0 < draft.size < paper_words.MOST:
        raise Invalid("size", _("How large is it, such as 180 KB? Leave it empty if you do not know."))
    return {"media_type": draft.media_type, "size": draft.size, "sha256": digest}


def _reckoned(whole: bytes) -> dict[str, Any]:
    if len(whole) > LARGEST:
        raise Invalid(
            "file",
            _(
                "This file is %(size)s; at most %(most)s are kept here. Make it smaller, or give its web address.",
                size=paper_words.size(len(whole)),
                most=paper_words.size(LARGEST),
            ),
        )
    if not re.match(rb"%PDF-[12]\.\d", whole) or b"%%EOF" not in whole[-_TAIL:]:
        raise Invalid("file", _("This is no whole PDF, whatever it is called. Only PDFs are kept here."))
    return {"url": "", "media_type": PDF, "size": len(whole), "sha256": sha256(whole).hexdigest()}


def _store(one: Paper, draft: PaperDraft) -> None:
    kept = db.session.get(PaperFile, one.id) if one.url or draft.content else None
    if one.url:
        if kept is not None:
            db.session.delete(kept)
    elif draft.content:
        if kept is None:
            db.session.add(PaperFile(paper_id=one.id, content=draft.content))
        else:
            kept.content = draft.content
    db.session.flush()


def _set_removed(meeting: Meeting, one: Paper, by: Viewer, *, gone: bool) -> None:
    allow(meeting, by)
    database.lock(meeting)
    db.session.refresh(one)
    if (one.removed_at is not None) is gone:
        return
    one.removed_at = clock.now() if gone else None
    db.session.flush()
    journal.record("paper.removed" if gone else "paper.put-back", meeting, by.person, paper=one.id)


def _note(meeting: Meeting, was: dict[str, Any], now: Paper, by: Viewer, note: str) -> None:
    """Keep what was and what is, once the meeting was announced."""
    if meeting.state is MeetingState.DRAFT:
        return
    row = MeetingChange(
        meeting_id=meeting.id, at=clock.now(), by_id=by.id, kind="document", was=was, now=plain(now), note=note
    )
    db.session.add(row)
    db.session.flush()
