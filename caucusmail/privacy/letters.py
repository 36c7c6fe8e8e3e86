"""The letters of privacy: that an erasure was asked for, called back, done; to an organisation whose seat became empty."""

from collections.abc import Sequence
from datetime import date

from caucusmail import languages, links, zones
from caucusmail.accounts.models import Person
from caucusmail.directory.models import Ngo
from caucusmail.mail.rendering import Letter, letter
from caucusmail.privacy.models import DataRequest, Erasure


def asked(erasure: Erasure, token: str) -> Letter:
    """On which day the person is erased, and the way back until then."""
    person = erasure.person
    language = languages.offered(person.languages)
    with languages.use(language):
        return letter(
            "privacy/erasure_asked",
            language,
            name=person.name,
            day=zones.written(zones.day(erasure.due_at, person.zone)),
            link=links.erasure(token),
        )


def kept(person: Person) -> Letter:
    """The erasure was called back; everything stays."""
    return _plain("privacy/erasure_called_back", person)


def erased(person: Person, *, remembered: bool, by_secretariat: bool) -> Letter:
    """The last letter; it names nobody."""
    language = languages.offered(person.languages)
    with languages.use(language):
        return letter("privacy/erased", language, remembered=remembered, by_secretariat=by_secretariat)


def asked_for(person: Person) -> Letter:
    """The secretariat was asked, in their name, to erase them."""
    return _plain("privacy/erasure_asked_for", person)


def seat_empty(reader: Person, ngo: Ngo, caucuses: Sequence[str], *, looks_after: bool) -> Letter:
    """To who looks after an organisation (or the secretariat): seats of it are empty. It does not say whose they were."""
    language = languages.offered(reader.languages)
    with languages.use(language):
        link = links.organisation(ngo.id) if looks_after else ""
        return letter(
            "privacy/seat_empty", language, name=reader.name, ngo=ngo.name, caucuses=list(caucuses), link=link
        )


def nobody_coordinates(reader: Person, caucuses: Sequence[str]) -> Letter:
    """To the secretariat: these caucuses have no coordinator any more."""
    language = languages.offered(reader.languages)
    with languages.use(language):
        return letter("privacy/nobody_coordinates", language, name=reader.name, caucuses=list(caucuses))


def request_due(reader: Person, request: DataRequest, due_on: date, days: int) -> Letter:
    """To one of the secretariat: a request about somebody's data has to be answered soon. It does not say whose."""
    language = languages.offered(reader.languages)
    with languages.use(language):
        day, link = zones.written(due_on), links.data_request(request.id)
        return letter(
            "privacy/request_due", language, name=reader.name, number=request.id, day=day, days=days, link=link
        )


def extended(person: Person, reason: str, until: date) -> Letter:
    """To who asked: the answer takes longer, why, and until when (GDPR, Article 12(3))."""
    language = languages.offered(person.languages)
    with languages.use(language):
        return letter("privacy/request_extended", language, name=person.name, reason=reason, day=zones.written(until))


def _plain(kind: str, person: Person) -> Letter:
    language = languages.offered(person.languages)
    with languages.use(language):
        return letter(kind, language, name=person.name)
