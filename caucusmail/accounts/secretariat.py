"""Who is of the secretariat: taken in and out from the command line, never from a page."""

from caucusmail import clock, languages, links, tokens
from caucusmail.accounts import queries, signing_in
from caucusmail.accounts.models import Person, SignInLetter, SiteRole
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import suppression
from caucusmail.mail import addresses, slots
from caucusmail.tokens import Purpose


def add(name: str, address: str, language: str) -> Person:
    """The person ``name`` at ``address``, made if they are not here, of the secretariat from now on. Flushes for the id.

    Who was a member before is signed out everywhere: a sign-in of the secretariat lasts less long.

    :raises caucusmail.mail.addresses.BadAddress: it cannot be an address.
    """
    parsed, line = addresses.parse(address), slots.line(name)
    person = next((one for one in queries.by_address(parsed.key) if one.name == line), None)
    if person is None:
        person = Person(name=line, address=parsed.text, address_key=parsed.key, languages=[language])
        person.made_at = clock.now()
        db.session.add(person)
        suppression.came_back(parsed.text)
    if person.role != SiteRole.SECRETARIAT:
        person.role = SiteRole.SECRETARIAT
        db.session.flush()
        journal.record("person.joined-secretariat", person, None)
        signing_in.sign_out_everywhere(person, by=None)
    return person


def remove(person: Person) -> None:
    """Take ``person`` out, and sign them out everywhere; they stay a member."""
    person.role = SiteRole.MEMBER
    journal.record("person.left-secretariat", person, None)
    signing_in.sign_out_everywhere(person, by=None)


def first_link(person: Person, language: str) -> str:
    """A sign-in link as a letter would hold it, for the first sign-in, before any letter has left. Flushes for an id."""
    now = clock.now()
    asked = SignInLetter(address_key=person.address_key, asked_at=now, looked_at=now)
    db.session.add(asked)
    db.session.flush()
    with languages.use(language):
        return links.sign_in(tokens.sign(Purpose.SIGN_IN, asked.id))
