"""The preview: as whom, in which dress; and the frame in which a letter's HTML is shown so that nothing in it can act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, make_response

from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.announcements import audience, letters
from caucusmail.announcements.audience import Receiver
from caucusmail.announcements.models import Announcement
from caucusmail.directory.visibility import Viewer
from caucusmail.web import headers

DRESSES = ("text", "html", "phone")
LOCKED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Seen:
    """One letter, as one person gets it, in one dress."""

    letter: letters.Preview
    person: Person | None  # None: an invented reader
    language: str | None  # asked for, instead of the person's own
    dress: str
    found: Sequence[Receiver]  # whom the search found

    @property
    def ics(self) -> str:
        """The calendar entry, unfolded."""
        return self.letter.ics.replace("\r\n ", "").replace("\n ", "")


def _reader(announcement: Announcement, by: Viewer, asked: str | None) -> Person | None:
    """The person whose letter is asked for, if they are among those who get it; nobody learns of anybody else."""
    person = accounts.person(int(asked)) if asked and asked.isdecimal() and len(asked) < 10 else None
    if person is None:
        return None
    rows = audience.people(announcement, by, find=person.name).rows
    return person if person.id in {row.person_id for row in rows} else None


def choose(announcement: Announcement, by: Viewer, args: Mapping[str, str]) -> Seen:
    """What the address asks to see."""
    find = args.get("find", "").strip()[:100]
    person = _reader(announcement, by, args.get("person"))
    dress = args.get("dress", "")
    language = args.get("language") or None
    return Seen(
        letters.preview(announcement, person, language, by=by),
        person,
        language,
        dress if dress in DRESSES else "text",
        audience.people(announcement, by, find=find).rows[:10] if find else (),
    )


def sandboxed(html: str) -> Response:
    """A page of its own for somebody's HTML: no script, no request, no form, no navigation."""
    response = make_response(html)
    response.headers["Content-Security-Policy"] = LOCKED
    return response


def with_frame(response: Response) -> Response:
    """Let this page show a frame of our own."""
    response.headers["Content-Security-Policy"] = headers.POLICY + "; frame-src 'self'"
    return response
