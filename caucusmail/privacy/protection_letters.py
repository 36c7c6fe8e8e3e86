"""The letters about protecting somebody: in words that tell whoever reads over a shoulder nothing.

None names the person, a group, or what was done; what it is about is read on the site, signed in. The last one leaves although
nothing else is sent (``delivery.covers.LEAVES``), so that nobody is protected without being told.
"""

from collections.abc import Callable

from caucusmail import languages, links
from caucusmail.accounts.models import Person
from caucusmail.mail.rendering import Letter, letter


def second(reader: Person) -> Letter:
    """To who could agree: something waits for a second person, for a day."""
    return _neutral("privacy/second_person", reader, links.second_person)


def declined(reader: Person) -> Letter:
    """To who asked: the second person said no."""
    return _neutral("privacy/second_person_no", reader, links.second_person)


def agreed(reader: Person) -> Letter:
    """To who asked: the second person said yes, and it is done."""
    return _neutral("privacy/second_person_yes", reader, links.ask)


def done(person: Person) -> Letter:
    """To the protected: their page has changed, and they can put it back. It calls them by no name."""
    return _neutral("privacy/page_changed", person, links.me)


def _neutral(kind: str, reader: Person, link: Callable[[], str]) -> Letter:
    language = languages.offered(reader.languages)
    with languages.use(language):
        return letter(kind, language, link=link())
