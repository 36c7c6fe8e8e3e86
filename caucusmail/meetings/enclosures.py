"""Papers that are sent along with letters: small PDFs that are kept here, off until somebody asks for it.

Every reader pays for them, on a phone and a bad line; so they go with the letters that announce a meeting or a paper, and
with no other.
"""

from collections.abc import Sequence

from caucusmail import database
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Invalid
from caucusmail.languages import _
from caucusmail.mail.mime import Attachment
from caucusmail.meetings import paper_words, papers
from caucusmail.meetings.filed import Paper
from caucusmail.meetings.models import Meeting

MOST = 500_000  # bytes, of all that go with one letter


def attach(meeting: Meeting, one: Paper, wanted: bool, by: Viewer) -> None:
    """Have the PDF sent with the letters that name it, or no longer; off until somebody asks for it.

    :raises Invalid: on ``file``: it is a link, or they would be too large together.
    """
    papers.allow(meeting, by)
    database.lock(meeting)
    db.session.refresh(one)
    if wanted is one.attached:
        return
    if wanted:
        together = (one.size or 0) + sum(other.size or 0 for other in papers.of(meeting) if other.attached)
        if one.url or together > MOST:
            most = paper_words.size(MOST)
            raise Invalid(
                "file",
                _(
                    "PDFs that are kept here can be sent along, %(most)s together: every reader pays for them.",
                    most=most,
                ),
            )
    one.attached = wanted
    db.session.flush()
    journal.record("paper.sent-along" if wanted else "paper.not-sent-along", meeting, by.person, paper=one.id)


def attached(meeting: Meeting) -> Sequence[Paper]:
    """The PDFs that go with a letter that names them, as many as may."""
    found, together = [], 0
    for one in papers.of(meeting):
        if one.attached and not one.url and together + (one.size or 0) <= MOST:
            found.append(one)
            together += one.size or 0
    return found


def filename(meeting: Meeting, one: Paper) -> str:
    """Its name when it is saved: ours, for that of the file is not kept."""
    return f"{meeting.caucus.slug}-{meeting.starts:%Y-%m-%d}-{one.id}.pdf"


def files(meeting: Meeting) -> Sequence[Attachment]:
    """The same, with their bytes."""
    return [Attachment(filename(meeting, one), papers.PDF, papers.content(one)) for one in attached(meeting)]
