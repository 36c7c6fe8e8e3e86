"""Name a deputy for the time one is away: offer, accept, decline, end early, and let it run on.

No row of anybody's moves: an absence that runs is read by ``announcements.stand_ins``. Nobody chains on: a deputy who is away too
gets nothing for anybody, so that no loop can be made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from caucusmail import clock, tokens
from caucusmail.accounts import revoking
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, delete_some, lock, moved
from caucusmail.delivery import ledger, withdrawal
from caucusmail.delivery.models import Delivery
from caucusmail.directory import absences, representation
from caucusmail.directory.absence_models import OPEN, Absence, AbsenceState
from caucusmail.directory.models import Representative
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotFound, TooMany
from caucusmail.groups import deputy_letters, giving_back, letters, pauses
from caucusmail.languages import _
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from caucusmail.tokens import BadToken, Purpose

ASKED = Limit("deputy-asked", 10, timedelta(days=1))
NOTE = "withdrawn-offer"
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Away:
    """Who is to stand in, as it was filled in: from the day ``first`` (None: now) until the day ``back``."""

    deputy_id: int
    first: date | None
    back: date | None


class NoDeputy(Invalid):
    """Nobody was chosen, or somebody who cannot stand in."""


class AwayAlready(Conflict):
    """A deputy is named for a part of this time."""


class NothingToPass(Conflict):
    """The holder has no seat for which a deputy could stand in."""


class NoLonger(Conflict):
    """It was answered, ended or is over."""


def choices(holder: Representative) -> Sequence[Representative]:
    """Who could stand in for ``holder``: whoever else speaks for the organisation, is not protected, and stays."""
    return [
        one for one in representation.speaking(holder.ngo) if one.person_id != holder.person_id and _free(one.person)
    ]


def _free(person: Person) -> bool:
    return person.shelter is None and person.left_at is None and person.goes_at is None


def offer(holder: Representative, away: Away, *, by: Person) -> Absence:
    """Write to the deputy, who may say yes or no; until then nothing changes. Flushes for the id.

    :raises caucusmail.groups.pauses.BadDay: in the past, the wrong way round, or longer than twelve months.
    :raises NoDeputy, AwayAlready, NothingToPass: see there.
    :raises TooMany: too many such letters were asked for.
    """
    begins, ends = pauses.span(holder.person.zone, away.first, away.back)
    lock(holder.ngo)
    deputy = next((one.person for one in choices(holder) if one.person_id == away.deputy_id), None)
    if deputy is None:
        raise NoDeputy("deputy", _("Choose somebody who speaks for the organisation too."))
    if holder.person.shelter is not None or not absences.caucuses(holder):
        raise NothingToPass(
            _(
                "There is no seat that a deputy could stand in for. Those in confidential groups, and in groups where the holder "
                "sits for another organisation too, stay with their holder."
            )
        )
    for one in absences.ahead([holder]):
        if one.begins_at < ends and one.ends_at > begins:
            raise AwayAlready(
                _("%(name)s is named for a part of this time already. End that first.", name=one.deputy.name)
            )
    if not limits.hit(ASKED, str(by.id)):
        raise TooMany(_("Several such letters were written today. Please try again tomorrow."))
    made = Absence(
        representative_id=holder.id,
        deputy_id=deputy.id,
        begins_at=begins,
        ends_at=ends,
        asked_at=clock.now(),
        asked_by_id=by.id,
    )
    db.session.add(made)
    journal.record("deputy.asked", made, by, ngo=holder.ngo_id, person=holder.person_id, deputy=deputy.id)
    ledger.enqueue(
        deputy_letters.asked(made, tokens.sign(Purpose.DEPUTY, made.id)), letters.to(deputy), about=_about(made)
    )
    if by.id != holder.person_id:
        ledger.enqueue(deputy_letters.named(made), letters.to(holder.person), about=_about(made))
    return made


def away_too(made: Absence) -> Absence | None:
    """The first absence of the deputy's own that lies within this one: for that time nobody would stand in."""
    theirs = db.session.scalars(
        select(Absence)
        .join(Absence.representative)
        .where(
            Representative.person_id == made.deputy_id,
            Absence.state == AbsenceState.ACCEPTED,
            Absence.begins_at < made.ends_at,
            Absence.ends_at > made.begins_at,
        )
        .order_by(Absence.begins_at)
    )
    return theirs.first()


def read(token: str) -> Absence:
    """What the link in the deputy's letter is about, in whatever state.

    :raises BadToken: forged, revoked, withdrawn, or nobody answered before it was over.
    """
    (number,) = tokens.read(Purpose.DEPUTY, token, 1)
    found = db.session.get(Absence, number)
    if found is None or found.state is AbsenceState.LAPSED:
        raise BadToken
    unasked = found.state is AbsenceState.ENDED and found.answered_at is None
    if unasked or (found.state is AbsenceState.OFFERED and found.ends_at <= clock.now()):
        raise BadToken
    revoking.refuse_old(found.deputy, token)
    return found


def own(by: Viewer, ngo_id: int, absence_id: int) -> Absence:
    """An absence that ``by`` may end: their own, one they stand in for, or one of an organisation they look after.

    :raises NotFound: there is none, or it is none of the viewer's business.
    """
    found = db.session.get(Absence, absence_id)
    if found is None or found.representative.ngo_id != ngo_id or by.id is None:
        raise NotFound
    theirs = by.id in (found.representative.person_id, found.deputy_id)
    if not (theirs or by.secretariat or ngo_id in by.administers):
        raise NotFound
    return found


def accept(asked: Absence) -> None:
    """The deputy says yes, and agrees to be written to for these seats until it ends. The holder is told.

    :raises NoLonger: it was answered or ended, is over, or the deputy no longer speaks for the organisation.
    """
    serves = {one.person_id for one in choices(asked.representative)}
    if asked.deputy_id not in serves or asked.ends_at <= clock.now():
        raise NoLonger(_("This has changed in the meantime. Nothing was changed now."))
    _answer(asked, AbsenceState.ACCEPTED)
    holder = asked.representative.person
    ledger.enqueue(deputy_letters.accepted(asked), letters.to(holder), about=_about(asked))


def decline(asked: Absence) -> None:
    """The deputy says no. The holder is told.

    :raises NoLonger: it was answered or ended.
    """
    _answer(asked, AbsenceState.DECLINED)
    holder = asked.representative.person
    ledger.enqueue(deputy_letters.declined(asked), letters.to(holder), about=_about(asked))


def _answer(asked: Absence, state: AbsenceState) -> None:
    now = clock.now()
    if not moved(Absence, Absence.id == asked.id, Absence.state == AbsenceState.OFFERED, state=state, answered_at=now):
        raise NoLonger(_("This was answered or withdrawn in the meantime. Nothing was changed now."))
    journal.record(f"deputy.{state.value}", asked, asked.deputy, ngo=asked.representative.ngo_id)


def end(one: Absence, *, by: Person) -> None:
    """End it now, or take the question back. The other of the two is told, if it had been agreed.

    :raises NoLonger: it was ended or declined, or is over.
    """
    agreed = one.state is AbsenceState.ACCEPTED
    close(one, by=by)
    for person in (one.representative.person, one.deputy) if agreed else ():
        if person.id != by.id:
            ledger.enqueue(deputy_letters.ended(one, person), letters.to(person), about=_about(one))


def close(one: Absence, *, by: Person | None, leaves: Person | None = None) -> None:
    """End it and tell nobody; what lies ready for the deputy goes back to the holder, unless that is who ``leaves``.

    :raises NoLonger: it was ended or declined, or is over.
    """
    now = clock.now()
    if not moved(
        Absence,
        Absence.id == one.id,
        Absence.state.in_(OPEN),
        Absence.ends_at > now,
        state=AbsenceState.ENDED,
        ended_at=now,
        ended_by_id=by.id if by is not None else None,
    ):
        raise NoLonger(_("This has ended already. Nothing was changed now."))
    withdrawal.withdraw(withdrawal.about(*_about(one), deputy_letters.ASKED), NOTE)
    journal.record("deputy.ended", one, by, ngo=one.representative.ngo_id)
    giving_back.give_back(one.deputy, but=leaves)


def resume(one: Absence, *, by: Person) -> None:
    """Let one that was ended early run on as it was agreed: the way back for who ended it by a slip. Who of the two did not is told.

    What went back to the holder stays theirs.

    :raises NoLonger: see ``resumes``; or another one has taken its place.
    """
    lock(one.representative.ngo)
    taken = any(
        other.begins_at < one.ends_at and other.ends_at > one.begins_at
        for other in absences.ahead([one.representative])
    )
    if (
        taken
        or not resumes(one, by)
        or not moved(
            Absence,
            Absence.id == one.id,
            Absence.state == AbsenceState.ENDED,
            Absence.ended_by_id == by.id,
            state=AbsenceState.ACCEPTED,
            ended_at=None,
            ended_by_id=None,
            caught_up_at=None,
        )
    ):
        raise NoLonger(_("This has changed in the meantime. Nothing was changed now."))
    journal.record("deputy.resumed", one, by, ngo=one.representative.ngo_id)
    for person in (one.representative.person, one.deputy):
        if person.id != by.id:
            ledger.enqueue(deputy_letters.runs_on(one, person), letters.to(person), about=_about(one))


def resumes(one: Absence, by: Person) -> bool:
    """Whether ``by`` could let it run on: they ended it before its time, after the deputy had said yes. After a deputy's own no
    they are asked anew."""
    serves = {other.person_id for other in choices(one.representative)}
    still = one.state is AbsenceState.ENDED and one.answered_at is not None and one.ends_at > clock.now()
    return still and one.ended_by_id == by.id != one.deputy_id and one.deputy_id in serves


def by_copy(copy: Delivery, person: Person) -> list[Absence]:
    """Which absences brought this copy to its reader, who may still end them."""
    keys = {key[1:].partition(".")[0] for key in copy.why.split() if key.startswith("s")}
    return [one for one in absences.taken_on(person) if str(one.id) in keys]


def lapse_due() -> int:
    """Let what nobody answered before it was over lapse; how many."""
    late = db.session.scalars(
        select(Absence.id).where(Absence.state == AbsenceState.OFFERED, Absence.ends_at <= clock.now())
    ).all()
    return sum(
        moved(Absence, Absence.id == number, Absence.state == AbsenceState.OFFERED, state=AbsenceState.LAPSED)
        for number in late
    )


def _about(one: Absence) -> tuple[str, int]:
    return Absence.__tablename__, one.id


def forget() -> int:
    """Delete some of the absences that were over longer ago than ``KEPT``; how many."""
    return delete_some(Absence, Absence.ends_at < clock.now() - KEPT)
