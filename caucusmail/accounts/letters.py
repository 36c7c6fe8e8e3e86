"""The letters of accounts: a sign-in link that was asked for, and word of a changed password."""

from collections.abc import Sequence

from caucusmail import languages, links
from caucusmail.accounts.models import Person
from caucusmail.delivery.ledger import To
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter


def to(people: Sequence[Person], address: str) -> To:
    """The recipient of a letter to one mailbox; it bears a name only if one person reads there."""
    if len(people) != 1:
        return To(address)
    return To(address, people[0].name, people[0].id, people[0].zone)


def sign_in(people: Sequence[Person], token: str, code: str) -> Letter:
    """A link and a code that sign in once, within 15 minutes; in the language of the first who reads there."""
    language = languages.offered(people[0].languages)
    with languages.use(language):
        return rendering.letter("accounts/sign_in", language, link=links.sign_in(token), code=code)


def password_changed(person: Person, *, removed: bool) -> Letter:
    """Word that the password was set, changed or removed; to the address that was known before."""
    language = languages.offered(person.languages)
    with languages.use(language):
        return rendering.letter("accounts/password_changed", language, name=person.name, removed=removed)
