"""The letters of signing up. To an address that nobody has confirmed they hold nothing that a stranger typed, not even a
name: our own words, the names of our caucuses, and (where it invites) the name of a verified organisation."""

from collections.abc import Sequence
from datetime import datetime

from caucusmail import languages, links, settings, tokens, zones
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory.applications import Applicant, ApplicationKind
from caucusmail.directory.models import Caucus, JoinMode, Ngo
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter
from caucusmail.tokens import Purpose


def confirm(applicant: Applicant, caucuses: Sequence[Caucus], code: str, until: datetime, language: str) -> Letter:
    """Asks to confirm: who we are, the link, the code, until when; and what happens if it was not them: nothing."""
    ngo_id = applicant.application.for_ngo_id
    inviting = db.session.get_one(Ngo, ngo_id) if ngo_id is not None else None
    with languages.use(language):
        return rendering.letter(
            "directory/confirm_sign_up",
            language,
            first_name=languages.pick(caucuses[0].names),
            more=len(caucuses) - 1,
            caucuses=[(languages.pick(one.names), one.join_mode is JoinMode.INTEREST) for one in caucuses],
            inviting=inviting.name if inviting else "",
            again=applicant.letters > 0,
            controller=settings.current().controller,
            code=code,
            until=zones.clock(until, applicant.zone).date,
            link=links.confirm_sign_up(tokens.sign(Purpose.CONFIRM_SIGN_UP, applicant.id)),
            code_page=links.sign_up_code(),
        )


def already_in(person: Person, applicant: Applicant, caucuses: Sequence[Caucus], language: str) -> Letter:
    """Says that they are in all of it already, and where their page is; whoever meant another organisation can confirm that."""
    another = applicant.application.kind is ApplicationKind.ORGANISATION
    with languages.use(language):
        return rendering.letter(
            "directory/already_in",
            language,
            caucuses=[languages.pick(one.names) for one in caucuses],
            link=links.my_page(tokens.sign(Purpose.SETTINGS, person.id, person.settings_version)),
            confirm_link=links.confirm_sign_up(tokens.sign(Purpose.CONFIRM_SIGN_UP, applicant.id)) if another else "",
        )


def queue_waits(person: Person, number: int) -> Letter:
    """Tells one of the secretariat how many applications wait; nothing of what is in them."""
    language = languages.offered(person.languages)
    with languages.use(language):
        return rendering.letter("directory/queue_waits", language, number=number, link=links.queue())


def vouch_for(to: Person, person: Person, *, secretariat: bool) -> Letter:
    """Asks somebody who knows ``person`` whether it is they who cannot read their mailbox; nothing that a stranger typed."""
    language = languages.offered(to.languages)
    link = links.recoveries if secretariat else links.vouching
    with languages.use(language):
        return rendering.letter("directory/vouch_for", language, name=to.name, person=person.name, link=link())


def recovery_waits(to: Person) -> Letter:
    """Tells one of the secretariat that somebody waits who cannot read their mailbox; nothing of who it is."""
    language = languages.offered(to.languages)
    with languages.use(language):
        return rendering.letter("directory/recovery_waits", language, name=to.name, link=links.recoveries())
