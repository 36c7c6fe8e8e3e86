"""The letters of the yearly question: to those who answer for an organisation, and to the secretariat."""

from collections.abc import Sequence
from datetime import datetime

from caucusmail import languages, links, zones
from caucusmail.accounts.models import Person
from caucusmail.directory.models import Ngo
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter


def _letter(kind: str, reader: Person, link: str, **context: object) -> Letter:
    return rendering.letter(f"directory/{kind}", languages.current(), name=reader.name, link=link, **context)


def question(reader: Person, ngo: Ngo, token: str, until: datetime | None, *, again: bool) -> Letter:
    """Are these still your people and seats? One link; nobody is named in the letter."""
    with languages.use(languages.offered(reader.languages)):
        day = zones.written(zones.day(until, reader.zone)) if until else ""
        return _letter("yearly_question", reader, links.yearly(token), ngo=ngo.name, day=day, again=again)


def answered(reader: Person, ngo: Ngo, by: Person, gone: Sequence[str], token: str, *, more: bool) -> Letter:
    """What was answered for the organisation and by whom, to all who were asked, with the way back."""
    with languages.use(languages.offered(reader.languages)):
        context = {"ngo": ngo.name, "by": by.name, "own": reader is by, "gone": gone, "more": more}
        return _letter("yearly_answered", reader, links.yearly(token), **context)


def said(secretary: Person, ngo: Ngo, words: str) -> Letter:
    """To the secretariat: what else has changed with an organisation, in its own words."""
    with languages.use(languages.offered(secretary.languages)):
        return _letter("yearly_said", secretary, links.organisation(ngo.id), ngo=ngo.name, words=words)


def report(secretary: Person, asked: int, answered_: int) -> Letter:
    """To the secretariat: the round has ended, and how it went."""
    with languages.use(languages.offered(secretary.languages)):
        share = round(100 * answered_ / asked) if asked else 0
        numbers = {"asked": asked, "answered": answered_, "share": share, "silent": asked - answered_}
        return _letter("yearly_report", secretary, links.yearly_report(), **numbers)
