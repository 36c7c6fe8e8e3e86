"""What the directory knows of a person: to be shown to them, and to be forgotten."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import joinedload

from caucusmail import clock, languages
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import forgetting
from caucusmail.directory import absences, hand_overs, looked_at, pseudonyms
from caucusmail.directory.absence_models import Absence
from caucusmail.directory.applications import Applicant, ApplicantState, Application, ApplicationKind, Evidence
from caucusmail.directory.hand_over_models import HandOver, OfferState
from caucusmail.directory.models import Affiliation, Caucus, Consent, Keeper, Ngo, Representative, Seat
from caucusmail.directory.pseudonym_models import Pseudonym
from caucusmail.directory.seat_request_models import SeatRequest
from caucusmail.directory.yearly_models import YearlyAnswer, YearlyRound


def export(person: Person) -> dict[str, Any]:
    """Everything the tables of the directory hold of ``person``, as plain values."""
    return {
        "memberships": [
            {
                "caucus": languages.pick(one.caucus.names),
                "state": one.state.value,
                "since": _at(one.since),
                "shown": one.shown.value,
            }
            for one in _of(person, Affiliation, Affiliation.caucus)
        ],
        "looked_at": looked_at.export(person),
        "pseudonyms": [_pseudonym(one) for one in pseudonyms.of_person(person).values()],
        "consents": [_consent(one) for one in _of(person, Consent, Consent.text)],
        "represents": [_term(one) for one in _of(person, Representative, Representative.ngo)],
        "keeps": [_keeper(one) for one in _of(person, Keeper, Keeper.caucus)],
        "seats": [_seat(one) for one in _seats(person)],
        "applications": [_application(one) for one in _of(person, Applicant, Applicant.application)],
        "decided": [
            {"application": one.id, "state": one.state.value, "decided_at": _at(one.decided_at)}
            for one in db.session.scalars(select(Application).where(Application.decided_by_id == person.id))
        ],
        "verified": [
            {"organisation": one.name, "verified_at": _at(one.verified_at)}
            for one in db.session.scalars(select(Ngo).where(Ngo.verified_by_id == person.id))
        ],
        "hand_overs": _hand_overs(person),
        "seat_requests": [
            {"organisation": one.ngo.name, "state": one.state.value, "asked_at": _at(one.asked_at)}
            for one in _of(person, SeatRequest, SeatRequest.ngo)
        ],
        "yearly": _yearly(person),
        "yearly_begun": _yearly_begun(person),
        "absences": [_absence(one, person) for one in absences.of_person(person)],
    }


def _keeper(one: Keeper) -> dict[str, Any]:
    return {
        "caucus": languages.pick(one.caucus.names),
        "role": one.role.value,
        "since": _at(one.since),
        "until": _at(one.until),
    }


def _pseudonym(one: Pseudonym) -> dict[str, Any]:
    return {
        "caucus": languages.pick(one.affiliation.caucus.names),
        "name": one.name,
        "made_at": _at(one.made_at),
        "reachable": one.reachable,
        "written_at": _at(one.written_at),
    }


def _yearly_begun(person: Person) -> list[dict[str, Any]]:
    begun = select(YearlyRound).where(YearlyRound.by_id == person.id).order_by(YearlyRound.id)
    return [{"began_at": _at(one.begun_at or one.begins_at)} for one in db.session.scalars(begun)]


def _yearly(person: Person) -> list[dict[str, Any]]:
    answers = select(YearlyAnswer).where(YearlyAnswer.answered_by_id == person.id).options(joinedload(YearlyAnswer.ngo))
    return [
        {"organisation": one.ngo.name, "state": one.state.value, "at": _at(one.answered_at), "words": one.words}
        for one in db.session.scalars(answers.order_by(YearlyAnswer.id))
    ]


def _hand_overs(person: Person) -> list[dict[str, Any]]:
    """Each with what was written to or by them: nothing that others wrote to each other about their seats."""
    meant = hand_overs.meant_for(person)
    theirs = select(Representative.id).where(Representative.person_id == person.id)
    about = or_(
        HandOver.representative_id.in_(theirs), HandOver.asked_by_id == person.id, HandOver.successor_id == person.id
    )
    offers = db.session.scalars(
        select(HandOver).where(about | HandOver.id.in_([one.id for one in meant])).order_by(HandOver.id)
    )
    return [
        {
            "organisation": one.representative.ngo.name,
            "state": one.state.value,
            "asked_at": _at(one.asked_at),
            "words": one.words if one in meant or one.asked_by_id == person.id else "",
            **({"name": one.name, "address": one.address} if one in meant else {}),
        }
        for one in offers
    ]


def _absence(one: Absence, person: Person) -> dict[str, Any]:
    return {
        "organisation": one.representative.ngo.name,
        "role": "deputy" if one.deputy_id == person.id else "holder",
        "state": one.state.value,
        "asked_at": _at(one.asked_at),
        "begins_at": _at(one.begins_at),
        "ends_at": _at(one.ended_at or one.ends_at),
    }


def _seat(one: Seat) -> dict[str, Any]:
    return {
        "organisation": one.ngo.name,
        "caucus": languages.pick(one.caucus.names),
        "role": one.role.value,
        "since": _at(one.holder_since),
        "until": _at(one.held_until),
    }


def _seats(person: Person) -> Sequence[Seat]:
    return db.session.scalars(
        select(Seat)
        .where(Seat.holder_id == person.id)
        .options(joinedload(Seat.ngo), joinedload(Seat.caucus))
        .order_by(Seat.id)
    ).all()


def _consent(one: Consent) -> dict[str, Any]:
    caucus = db.session.get(Caucus, one.caucus_id)
    return {
        "caucus": languages.pick(caucus.names) if caucus else "",
        "text": one.text.text,
        "version": one.text.version,
        "language": one.text.language,
        "basis": one.basis.value,
        "form": one.form,
        "asked_at": _at(one.asked_at),
        "given_at": _at(one.given_at),
        "withdrawn_at": _at(one.withdrawn_at),
    }


def _term(one: Representative) -> dict[str, Any]:
    return {
        "organisation": one.ngo.name,
        "title": one.title,
        "administrator": one.admin,
        "since": _at(one.since),
        "until": _at(one.until),
    }


def erase(person: Person) -> None:
    """Forget ``person``; the seats of their organisations stay, without a holder. Applications keep no name of theirs."""
    _erase_hand_overs(person)
    away = select(Absence.id).where(
        (Absence.deputy_id == person.id)
        | Absence.representative_id.in_(select(Representative.id).where(Representative.person_id == person.id))
    )
    forgetting.forget_about("absences", away)
    db.session.execute(delete(Absence).where(Absence.id.in_(away)))
    for column in (Absence.asked_by_id, Absence.ended_by_id):
        db.session.execute(update(Absence).where(column == person.id).values({column: None}))
    for table in (Affiliation, Consent, Representative, Keeper, SeatRequest):
        db.session.execute(delete(table).where(table.person_id == person.id))
    up = {"holder_id": None, "holder_since": clock.now(), "held_until": None, "end_told_at": None}
    db.session.execute(update(Seat).where(Seat.holder_id == person.id).values(up))
    gone = {"answered_by_id": None, "words": ""}
    db.session.execute(update(YearlyAnswer).where(YearlyAnswer.answered_by_id == person.id).values(gone))
    db.session.execute(update(YearlyRound).where(YearlyRound.by_id == person.id).values(by_id=None))
    lines = select(Applicant.id).where(Applicant.person_id == person.id)
    db.session.execute(delete(Evidence).where(Evidence.applicant_id.in_(lines)))
    forgetting.forget_about("applicants", lines)
    _forget_alone(lines)
    db.session.execute(
        update(Applicant)
        .where(Applicant.person_id == person.id)
        .values(
            state=ApplicantState.EXPIRED,
            name="",
            title="",
            address="",
            address_key="",
            code_fingerprint="",
            person_id=None,
        )
    )
    db.session.execute(update(Application).where(Application.decided_by_id == person.id).values(decided_by_id=None))
    db.session.execute(update(Ngo).where(Ngo.verified_by_id == person.id).values(verified_by_id=None))
    db.session.expire_all()


def _erase_hand_overs(person: Person) -> None:
    """Those of their own seats go with them; of others' seats what they offered stands, and nothing is left of who was to get them."""
    meant = [one.id for one in hand_overs.meant_for(person)]
    set_aside = (HandOver.state == OfferState.LAPSED) & (HandOver.address_key == person.address_key)
    to_them = HandOver.id.in_(meant) | (HandOver.successor_id == person.id) | set_aside
    forgetting.forget_about("hand_overs", select(HandOver.id).where(to_them))
    blank = dict.fromkeys(("name", "address", "address_key", "title", "words"), "")
    db.session.execute(update(HandOver).where(to_them).values(blank | {"successor_id": None}))
    db.session.execute(update(HandOver).where(HandOver.asked_by_id == person.id).values(asked_by_id=None))
    own = select(HandOver.id).join(HandOver.representative).where(Representative.person_id == person.id)
    forgetting.forget_about("hand_overs", own)
    db.session.execute(delete(HandOver).where(HandOver.id.in_(own)))


def _forget_alone(lines: Select[Any]) -> None:
    """What an expert wrote of themselves on the form, and what was said to them about it: no organisation needs it."""
    alone = select(Applicant.application_id).where(Applicant.id.in_(lines))
    words = ("ngo_name", "name_key", "latin_name", "acronym", "website", "vouchers", "reason", "note")
    db.session.execute(
        update(Application)
        .where(Application.kind == ApplicationKind.INDIVIDUAL, Application.id.in_(alone))
        .values(dict.fromkeys(words, ""))
    )


def _of(person: Person, table: Any, loaded: Any) -> Iterable[Any]:
    return db.session.scalars(
        select(table).options(joinedload(loaded)).where(table.person_id == person.id).order_by(table.id)
    ).all()


def _application(line: Applicant) -> dict[str, Any]:
    said = db.session.scalars(select(Evidence).where(Evidence.applicant_id == line.id).order_by(Evidence.at)).all()
    return {
        "kind": line.application.kind.value,
        "organisation": line.application.ngo_name,
        "state": line.application.state.value,
        "name": line.name,
        "title": line.title,
        "address": line.address,
        "languages": list(line.languages),
        "zone": line.zone,
        "made_at": _at(line.made_at),
        "confirmed_at": _at(line.confirmed_at),
        "letters": line.letters,
        "added": [{"text": one.text, "at": _at(one.at)} for one in said],
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
