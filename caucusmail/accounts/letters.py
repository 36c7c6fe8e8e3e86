"""The letters of accounts: a sign-in link that was asked for, and word of what changed about how a person signs in."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from caucusmail import languages, links
from caucusmail.accounts import queries
from caucusmail.accounts.models import AddressChange, Person
from caucusmail.delivery.ledger import To
from caucusmail.languages import later
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter


class Told(StrEnum):
    """What about signing in is told to every address of a person."""

    APP_ADDED = "app-added"
    PASSKEY_ADDED = "passkey-added"
    FACTOR_REMOVED = "factor-removed"
    CODES_MADE = "codes-made"
    CODE_USED = "code-used"
    REMOVAL_ASKED = "removal-asked"
    REMOVED = "removed"
    DATA_TAKEN = "data-taken"


_TOLD: dict[Told, tuple[Any, Any]] = {
    Told.APP_ADDED: (
        later("An app for sign-in codes was added"),
        later(
            "The app “%(label)s” was added to your CaucusMail account. From now on, after the letter or the password, you "
            "are asked for a code that it shows."
        ),
    ),
    Told.PASSKEY_ADDED: (
        later("A passkey was added"),
        later("The passkey “%(label)s” was added to your CaucusMail account. It signs you in by itself."),
    ),
    Told.FACTOR_REMOVED: (
        later("A way to sign in was removed"),
        later("“%(label)s” was removed from your CaucusMail account and signs you in no more."),
    ),
    Told.CODES_MADE: (
        later("New recovery codes were made"),
        later("Ten new recovery codes were made for your CaucusMail account. Older ones no longer work."),
    ),
    Told.CODE_USED: (
        later("A recovery code was used"),
        later("A recovery code of your CaucusMail account was used. You have %(left)s left."),
    ),
    Told.REMOVAL_ASKED: (
        later("Your second step at sign-in is to be removed"),
        later(
            "Somebody of the secretariat asked that the second step of your CaucusMail account be removed, because it was "
            "said that you have lost it. Another one of them has to confirm it. If you still have it, sign in with it: that "
            "alone stops the removal."
        ),
    ),
    Told.REMOVED: (
        later("Your second step at sign-in was removed"),
        later(
            "Two people of the secretariat removed the second step of your CaucusMail account, with all apps, passkeys and "
            "recovery codes. Please set up a new one."
        ),
    ),
    Told.DATA_TAKEN: (
        later("A file with your data was taken"),
        later("Somebody who was signed in as you took a file with all that CaucusMail knows of you."),
    ),
}


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


def told(person: Person, what: Told, **detail: Any) -> Letter:
    """Word of something that changed about how the person signs in; ``detail`` fills the sentence."""
    language = languages.offered(person.languages)
    subject, sentence = _TOLD[what]
    with languages.use(language):
        return rendering.letter(
            "accounts/told",
            language,
            name=person.name,
            subject=str(subject),
            sentence=str(sentence) % detail,
            link=links.how_you_sign_in(),
        )


def second_needed(reader: Person, page: Callable[[], str]) -> Letter:
    """To one of the secretariat: another one has asked for what two have to agree on. It does not say of whom."""
    language = languages.offered(reader.languages)
    with languages.use(language):
        return rendering.letter("accounts/second_needed", language, name=reader.name, link=page())


def address_asked(person: Person, token: str) -> Letter:
    """To an address that somebody gave: is it theirs? It names nobody, for it may be a stranger's."""
    language = languages.offered(person.languages)
    with languages.use(language):
        return rendering.letter("accounts/address_asked", language, link=links.address(token))


def address_changed(person: Person, change: AddressChange, now: Sequence[str], address: str, token: str) -> Letter:
    """To ``address``: what has changed among the person's addresses; with a link that takes it back, if there is a token."""
    language = languages.offered(person.languages)
    with languages.use(language):
        return rendering.letter(
            "accounts/address_changed",
            language,
            name=person.name,
            step=change.step.value,
            theirs=address in now,
            first=address == now[0],
            other=queries.masked(_other(change, now)),
            link=links.address_back(token) if token else "",
        )


def _other(change: AddressChange, now: Sequence[str]) -> str:
    """The address that a change is about: the one that has come or become the first, or the one that has gone."""
    gone = [one for one in change.was if one not in now]
    come = [one for one in now if one not in change.was]
    return come[0] if come else gone[0] if gone and change.step.value == "removed" else now[0]


def address_back(person: Person, *, theirs: bool, put_out: bool) -> Letter:
    """The addresses of the account are again what they were; whether this is (still) one of them."""
    language = languages.offered(person.languages)
    with languages.use(language):
        return rendering.letter(
            "accounts/address_back", language, name=person.name, theirs=theirs, put_out=put_out, ask=links.ask()
        )
