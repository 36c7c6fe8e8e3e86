"""The letters that answers lead to: a place has become free for somebody who waited; the private link for who comes.

And one to those who keep a group: another of them made or opened the list for a door."""

from caucusmail import languages, links
from caucusmail.accounts.models import Person
from caucusmail.delivery.ledger import To
from caucusmail.languages import _
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter
from caucusmail.meetings import places, times
from caucusmail.meetings.models import Meeting, RemoteLink


def to(person: Person) -> To:
    """The person as a recipient."""
    return To(person.address, person.name, person.id, person.zone)


def place(person: Person, meeting: Meeting) -> Letter:
    """There is a place now; where to give it up again. It says nothing of who gave it up."""
    language = languages.offered(person.languages)
    with languages.use(language):
        return rendering.letter(
            "meetings/place",
            language,
            name=person.name,
            title=places.title(meeting),
            day=times.day(meeting),
            link=links.meeting(meeting.reference),
        )


REMOTE = "meetings/remote"
"""The letter that holds the private link, and no other does."""


def remote(person: Person, meeting: Meeting, found: RemoteLink | None, *, again: bool) -> Letter:
    """How to take part from afar; None: what was sent before holds no more. ``again``: another was sent before."""
    language = languages.offered(person.languages)
    with languages.use(language):
        return rendering.letter(
            REMOTE,
            language,
            name=person.name,
            title=places.title(meeting),
            day=times.day(meeting),
            others=[one.sentence for one in times.hours(meeting, person.zone)[1:]],
            url=found.url if found is not None else "",
            words=found.words if found is not None else "",
            gone=found is None,
            again=again,
            link=links.meeting(meeting.reference),
        )


def guests(reader: Person, meeting: Meeting, by: Person | None, opening: int, most: int) -> Letter:
    """Another keeper made the list for the door (``opening`` 0), or opened it for the ``opening``-th time. It names nobody on it."""
    language = languages.offered(reader.languages)
    with languages.use(language):
        return rendering.letter(
            "meetings/guests",
            language,
            name=reader.name,
            who=by.name if by is not None else _("Somebody"),
            title=places.title(meeting),
            day=times.day(meeting),
            opening=opening,
            most=most,
            link=links.guests(meeting.reference),
        )
