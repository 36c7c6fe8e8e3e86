"""The form is sent again: people are added, put right or left out; what somebody has agreed to stays as they agreed to it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from caucusmail import clock
from caucusmail.database import db
from caucusmail.directory import asking, consent, followup
from caucusmail.directory.applications import Applicant, ApplicantState, Application, Evidence, Wish
from caucusmail.directory.models import Caucus
from caucusmail.directory.typed import Colleague, SignUp
from caucusmail.languages import _
from caucusmail.mail import slots
from caucusmail.mail.addresses import Address

STAYS = (ApplicantState.CONFIRMED, ApplicantState.WITHDRAWN)


def settled(application: Application) -> set[str]:
    """The addresses (keys) of those who have confirmed."""
    on_it = select(Applicant.address_key).where(Applicant.application_id == application.id, Applicant.state.in_(STAYS))
    return set(db.session.scalars(on_it))


def store(
    application: Application,
    people: Sequence[Colleague],
    keys: Mapping[Colleague, Address],
    caucuses: Mapping[Colleague, Sequence[Caucus]],
) -> None:
    """Store the people who have not confirmed, with their wishes. Who was corrected away is forgotten (not deleted: a
    letter with that id may be out, and names it). Flushes for the ids."""
    on_it = db.session.scalars(select(Applicant).where(Applicant.application_id == application.id)).all()
    there = {one.address_key: one for one in on_it if one.state is ApplicantState.UNCONFIRMED}
    for gone in set(there) - {keys[one].key for one in people}:
        asking.forget(there[gone], ApplicantState.REPLACED)
    led = any(one.first for one in on_it if one.state in STAYS)
    texts: dict[int, str] = {}
    for place, one in enumerate(people):
        applicant = there.get(keys[one].key)
        if applicant is None:
            applicant = Applicant(application=application, made_at=clock.now(), letters=0, address_key=keys[one].key)
        applicant.first = place == 0 and not led
        applicant.name, applicant.title = slots.line(one.name), slots.line(one.title)
        applicant.address = keys[one].text
        applicant.languages, applicant.zone = list(one.languages), one.zone
        db.session.add(applicant)
        db.session.flush()
        db.session.execute(delete(Wish).where(Wish.applicant_id == applicant.id))
        for caucus in caucuses[one]:
            text = texts.setdefault(caucus.id, "") or consent.keep(consent.shown(caucus))
            texts[caucus.id] = text
            db.session.add(Wish(applicant_id=applicant.id, caucus_id=caucus.id, text_fingerprint=text))
    db.session.flush()


def note(application: Application, sign_up: SignUp) -> None:
    """What the form says of the organisation now, where it differs: as an addition for the secretariat, since somebody
    has confirmed what stood there. The same correction sent twice is noted once."""
    said = {
        "ngo_name": _("Name of the organisation"),
        "latin_name": _("In Latin letters"),
        "acronym": _("Short name"),
        "country_code": _("Country"),
        "website": _("Website"),
        "vouchers": _("Who knows you"),
    }
    lines = [
        f"{label}: {getattr(sign_up, name) or '–'}"
        for name, label in said.items()
        if (getattr(sign_up, name) or "") != (getattr(application, name) or "")
    ]
    text = "\n".join([_("Corrected on the form:"), *lines])[: followup.LONGEST]
    before = db.session.scalars(select(Evidence.text).where(Evidence.application_id == application.id)).all()
    if lines and text not in before and len(before) < followup.MOST:
        db.session.add(Evidence(application_id=application.id, text=text, at=clock.now()))
