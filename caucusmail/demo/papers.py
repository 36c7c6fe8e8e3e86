"""Papers of the meetings that lie ahead: a link that leads nowhere, and a PDF of one page."""

from datetime import datetime
from hashlib import sha256

from caucusmail.database import db
from caucusmail.demo.calendar import Event
from caucusmail.meetings.filed import Paper, PaperFile
from caucusmail.meetings.models import Meeting
from caucusmail.meetings.papers import PDF

LINKS = {
    "Strategy meeting: participation of victims": (
        ("Projet de résolution sur la participation des victimes", "fr", "https://papers.example/projet-de-resolution.pdf", 184_320),
    ),
}  # fmt: skip
NOTES = {
    "Strategy meeting: participation of victims": ("Points to raise with delegations (demo)", "en"),
    "Exchange of national prosecutors and NGOs": ("Three cases in one page (demo)", "en"),
}
"""By the title of a meeting: titles and languages."""


def store(event: Event, meeting: Meeting, since: datetime) -> None:
    """The papers of the meeting that ``event`` announces."""
    made = [
        Paper(title=title, language=language, url=url, media_type=PDF, size=size, sha256=sha256(url.encode()).hexdigest())
        for title, language, url, size in LINKS.get(event.en, ())
    ]  # fmt: skip
    if event.en in NOTES:
        title, language = NOTES[event.en]
        whole = pdf(title)
        kept = Paper(title=title, language=language, media_type=PDF, size=len(whole), sha256=sha256(whole).hexdigest())
        made.append(kept)
    for place, one in enumerate(made, start=1):
        one.meeting_id, one.place, one.since = meeting.id, place, since
        db.session.add(one)
    db.session.flush()
    db.session.add_all(PaperFile(paper_id=one.id, content=pdf(one.title)) for one in made if not one.url)


def pdf(words: str) -> bytes:
    """A PDF of one page with a line of ASCII on it (ISO 32000-1, 7.5), the same whenever it is made."""
    shown = "".join(one for one in words if one.isascii() and one not in "()\\").encode()
    page = b"BT /F1 18 Tf 72 760 Td (" + shown + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(page), page),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, offsets = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % at for at in offsets)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + end
