"""tell(): what somebody typed into their calendar beside the answer, and another time they propose, for those who keep the group.

Where a group's roster is hidden no name is said, and not what was answered, as on the page that counts the answers
(``announcements.turnout``).
"""

from datetime import timedelta

from caucusmail import languages, links
from caucusmail.accounts.models import Person
from caucusmail.delivery import ledger
from caucusmail.directory import contact
from caucusmail.directory.models import RosterPolicy
from caucusmail.languages import _
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter
from caucusmail.mail.slots import clean
from caucusmail.meetings import letters, places, times
from caucusmail.meetings.models import Answer, AnswerState, Meeting
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit

NOTES = Limit("answer-note", 5, timedelta(days=1))
"""Letters that one person's answers about one meeting may lead to."""


def tell(answer: Answer, meeting: Meeting, words: str) -> int:
    """Write to those who keep the group, if anything was said beside ``answer``; how many letters that makes."""
    if not (words or answer.proposed_starts_at) or not limits.spend(NOTES, f"{meeting.id}-{answer.person_id}"):
        return 0
    readers = [one for one in contact.readers_of(meeting.caucus) if one.id != answer.person_id]
    for reader in readers:
        letter = _letter(reader, answer, meeting, words)
        ledger.enqueue(letter, letters.to(reader), about=(Answer.__tablename__, answer.id))
    return len(readers)


def _letter(reader: Person, answer: Answer, meeting: Meeting, words: str) -> Letter:
    language = languages.offered(reader.languages)
    with languages.use(language):
        named = meeting.caucus.roster is not RosterPolicy.HIDDEN
        return rendering.letter(
            "inbound/said",
            language,
            name=reader.name,
            who=clean(answer.person.name) if named else "",
            answer=_said(answer.state) if named else "",
            tag=meeting.caucus.tag,
            title=places.title(meeting),
            day=times.day(meeting),
            proposed=_proposed(answer, meeting),
            words=clean(words),
            link=links.meeting(meeting.reference),
        )


def _proposed(answer: Answer, meeting: Meeting) -> str:
    if answer.proposed_starts_at is None or answer.proposed_ends_at is None:
        return ""
    return times.between(meeting, answer.proposed_starts_at, answer.proposed_ends_at)


def _said(state: AnswerState) -> str:
    return {
        AnswerState.COMING: _("They come."),
        AnswerState.NOT_COMING: _("They cannot come."),
        AnswerState.MAYBE: _("They may come."),
    }[state]
