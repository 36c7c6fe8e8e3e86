"""The one letter that answers lead to: a place has become free for somebody who waited for it."""

from caucusmail import languages, links
from caucusmail.accounts.models import Person
from caucusmail.delivery.ledger import To
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter
from caucusmail.meetings import places, times
from caucusmail.meetings.models import Meeting


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
