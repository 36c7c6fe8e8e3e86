"""The letter of whoever wants only to be told that there is something: the group, the subject, where it is read.

Nothing of the text, no time or place, no calendar part, no paper: whoever chose it wants these on the site alone
(decision 0025). Its link opens the whole letter (``delivery.held``).
"""

from caucusmail import languages
from caucusmail.announcements import content
from caucusmail.announcements.editions import Edition
from caucusmail.directory.models import Caucus
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter
from caucusmail.mail.slots import Slot, mark


def letter(caucus: Caucus, subject: str, link: str, edition: Edition) -> Letter:
    """The letter in this edition's frame, its slots open; ``subject`` is in the version's language, ``link`` its copy on the site."""
    with languages.use(edition.frame):
        return rendering.letter(
            "announcements/notice",
            edition.frame,
            tagged=content.subject(subject, caucus.tag, None, edition),
            subject=languages.apart(subject),
            caucus=languages.pick(caucus.names, (edition.frame,)),
            link=link,
            slots={slot.value: mark(slot) for slot in Slot},
        )
