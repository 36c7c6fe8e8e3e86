"""The letters about a deputy: to who is asked to stand in, and to holder and deputy when something comes of it."""

from caucusmail import languages, links, zones
from caucusmail.accounts.models import Person
from caucusmail.directory import absences
from caucusmail.directory.absence_models import Absence
from caucusmail.languages import pick
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter

ASKED = "groups/deputy_asked"


def _letter(kind: str, one: Absence, to: Person, **context: object) -> Letter:
    holder, language = one.representative, languages.offered(to.languages)
    with languages.use(language):
        return rendering.letter(
            kind,
            language,
            name=to.name,
            holder=holder.person.name,
            deputy=one.deputy.name,
            ngo=holder.ngo.name,
            begins=zones.spoken(one.begins_at, to.zone),
            ends=zones.spoken(one.ends_at, to.zone),
            caucuses=[pick(caucus.names, to.languages) for caucus in absences.caucuses(holder)],
            **context,
        )


def asked(one: Absence, token: str) -> Letter:
    """To the deputy: whose seats, where, from when until when; the link shows it, and two buttons."""
    with languages.use(languages.offered(one.deputy.languages)):
        link = links.deputy(token)
    return _letter(ASKED, one, one.deputy, link=link)


def named(one: Absence) -> Letter:
    """To the holder, for whom somebody else has asked the deputy."""
    return _letter("groups/deputy_named", one, one.representative.person)


def accepted(one: Absence) -> Letter:
    """To the holder: the deputy has said yes."""
    return _letter("groups/deputy_accepted", one, one.representative.person)


def declined(one: Absence) -> Letter:
    """To the holder: the deputy has said no."""
    return _letter("groups/deputy_declined", one, one.representative.person)


def ended(one: Absence, to: Person) -> Letter:
    """To holder or deputy: it was ended before its time; letters come to the holder again."""
    return _letter("groups/deputy_ended", one, to, own=to.id == one.deputy_id)


def gone(one: Absence, to: Person) -> Letter:
    """To the holder, whose deputy is not there any more; or to the deputy, whose holder is not. It names neither."""
    return _letter("groups/deputy_gone", one, to, own=to.id == one.deputy_id)


def runs_on(one: Absence, to: Person) -> Letter:
    """To holder or deputy: it runs on as it was agreed."""
    return _letter("groups/deputy_runs_on", one, to, own=to.id == one.deputy_id)
