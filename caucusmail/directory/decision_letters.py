"""The letters of the secretariat's decisions, each in the language of its reader."""

from collections.abc import Sequence
from typing import Any

from caucusmail import languages, links
from caucusmail.accounts.models import Person
from caucusmail.directory import asking
from caucusmail.directory.applications import Applicant
from caucusmail.directory.models import Caucus, Ngo
from caucusmail.directory.reasons import Reason, told
from caucusmail.languages import pick
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter


def _letter(name: str, person: Person, **context: Any) -> Letter:
    language = languages.offered(person.languages)
    with languages.use(language):
        return rendering.letter(f"directory/{name}", language, name=person.name, **context)


def _my_page(person: Person) -> str:
    with languages.use(languages.offered(person.languages)):
        return links.my_page(asking.manage_token(person))


def you_are_in(person: Person, caucuses: Sequence[Caucus], ngo_name: str) -> Letter:
    """You are in: where, for whom, and where it can be paused or left."""
    names = [pick(caucus.names, person.languages) for caucus in caucuses]
    return _letter("you_are_in", person, caucuses=names, ngo=ngo_name, link=_my_page(person))


def joined_by(person: Person, ngo: Ngo, names: Sequence[str], *, administrator: bool) -> Letter:
    """Others speak for the organisation too, from now on; where its administrator changes that."""
    with languages.use(languages.offered(person.languages)):
        link = links.organisation(ngo.id) if administrator else ""
    return _letter("joined_by", person, ngo=ngo.name, names=list(names), link=link)


def question(person: Person, applicant: Applicant, words: str) -> Letter:
    """The secretariat's question, word for word, and where to answer."""
    with languages.use(languages.offered(person.languages)):
        link = links.application(asking.status_token(applicant, person))
    return _letter("applicant_question", person, question=words, link=link)


def declined(person: Person, reason: Reason, words: str, ngo_name: str) -> Letter:
    """Not this time, and why."""
    with languages.use(languages.offered(person.languages)):
        why = told(reason)
    return _letter("declined", person, why=why, words=words.strip(), ngo=ngo_name)


def reopened(person: Person) -> Letter:
    """The decision was taken back; what we wrote before no longer holds."""
    return _letter("reopened", person)


def waits_again(person: Person, caucus: Caucus, ngo: Ngo) -> Letter:
    """The check that let them in was taken back; they wait again."""
    return _letter("waits_again", person, caucus=pick(caucus.names, person.languages), ngo=ngo.name)


def you_keep(person: Person, caucus: Caucus) -> Letter:
    """You coordinate a caucus from now; what that means, and where to begin."""
    return _letter("you_keep", person, caucus=pick(caucus.names, person.languages))


def no_longer_keep(person: Person, caucus: Caucus) -> Letter:
    """You no longer keep a caucus; you stay what else you are."""
    return _letter("no_longer_keep", person, caucus=pick(caucus.names, person.languages))
