"""Somebody cannot read their mailbox: who knows them says whether it is they who ask, and the secretariat decides.

Asked are the others who speak for the same organisation; of who speaks alone or for none, the coordinators of their caucuses; of
who holds an office, is protected, or is known to nobody else, one of the secretariat. Another one of the secretariat decides, always. Whoever is
asked may also be passed over: any of the secretariat can vouch, if nobody else answers. Which account is meant is looked up by
a job, so that the page of who asks tells nothing (``accounts.recovering``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased, joinedload

from caucusmail import clock
from caucusmail.accounts import queries, recovering, recovery_course
from caucusmail.accounts.models import Person, Recovery, RecoveryState, RecoveryWay, SiteRole, Vouchers
from caucusmail.accounts.recovery_letters import Step
from caucusmail.accounts.two_people import NoReason, NotByTheSame
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.directory import letters, lookalikes
from caucusmail.directory.models import Affiliation, AffiliationState, Keeper, KeeperRole, Ngo, Representative
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.mail.rendering import Letter
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit

MOST_WRITTEN = 5  # of those who could vouch
MOST_SHOWN = 50
LONGEST_HOW = 500
TOLD_A_DAY = Limit("recovery-told", 3, timedelta(days=1))  # of what strangers ask: what people do is always told
WRITTEN_A_DAY = Limit("recovery-vouch", 1, timedelta(days=1))  # of one account, to those who could vouch


def turn() -> None:
    """One turn of all recoveries: look whom they mean, and change the addresses whose day has come. A job calls it."""
    recovering.look()
    look()
    recovery_course.change_due()


def look() -> int:
    """Look who is meant by those who have confirmed their new address, and ask who knows them; how many."""
    asked = recovering.to_look_at(RecoveryWay.KNOWN, RecoveryState.VOUCHING)
    return sum(_begin(one) for one in asked)


def _begin(asked: Recovery) -> bool:
    person = _meant(asked)
    if person is None:
        return False
    recovering.found(asked, person)
    asked.vouchers, people = _askable(person)
    db.session.flush()
    db.session.refresh(asked)
    journal.record("recovery.asked", asked, None, person=person.id, way=asked.way.value)
    if limits.spend(TOLD_A_DAY, str(person.id)):
        recovery_course.tell(asked, Step.ASKED)
    if limits.spend(WRITTEN_A_DAY, str(person.id)):
        for one in people[:MOST_WRITTEN]:
            letter = letters.vouch_for(one, person, secretariat=asked.vouchers is Vouchers.SECRETARIAT)
            _write(one, letter, asked)
    return True


def _meant(asked: Recovery) -> Person | None:
    """Who reads the old address; where several share it, the one of the name that was typed."""
    readers = [one for one in queries.reached_at(asked.old_key) if one.address_key != asked.address_key]
    if len(readers) == 1:
        return readers[0]
    exactly = [one for one in readers if one.name.casefold() == asked.name.casefold()]
    name = lookalikes.plain(asked.name)
    alike = [one for one in readers if name and lookalikes.plain(one.name) == name]
    return exactly[0] if exactly else alike[0] if len(alike) == 1 else None


def _write(to: Person, letter: Letter, asked: Recovery) -> None:
    ledger.enqueue(letter, To(to.address, to.name, to.id, to.zone), about=("recoveries", asked.id))


def _askable(person: Person) -> tuple[Vouchers, Sequence[Person]]:
    """Who is asked about ``person``: the kind, and the people, administrators and the longest serving first."""
    if person.shelter is not None:  # the others know them by another name, and are not told whose it is
        return Vouchers.SECRETARIAT, _secretariat(person)
    if person.role is SiteRole.SECRETARIAT or db.session.scalar(select(_coordinates(person.id).exists())):
        return Vouchers.SECRETARIAT, _secretariat(person)
    colleagues = db.session.scalars(
        select(Person)
        .join(Representative, Representative.person_id == Person.id)
        .where(Representative.ngo_id.in_(_ngos(person.id)), _serving(Representative), Person.id != person.id)
        .order_by(Representative.admin.desc(), Representative.since, Representative.id)
    ).unique()
    if found := list(dict.fromkeys(colleagues)):
        return Vouchers.COLLEAGUES, found
    coordinators = db.session.scalars(
        select(Person)
        .join(Keeper, Keeper.person_id == Person.id)
        .where(Keeper.caucus_id.in_(_caucuses(person.id)), _coordinating(), Person.id != person.id)
        .order_by(Keeper.since, Keeper.id)
    )
    if found := list(dict.fromkeys(coordinators)):
        return Vouchers.COORDINATORS, found
    return Vouchers.SECRETARIAT, _secretariat(person)


def _secretariat(but: Person) -> Sequence[Person]:
    staff = select(Person).where(Person.role == SiteRole.SECRETARIAT, Person.id != but.id, Person.left_at.is_(None))
    return db.session.scalars(staff.order_by(Person.id)).all()


def _serving(term: type[Representative] | type[Keeper]) -> ColumnElement[bool]:
    return and_(term.since <= clock.now(), or_(term.until.is_(None), term.until > clock.now()))


def _coordinating() -> ColumnElement[bool]:
    return and_(Keeper.role == KeeperRole.COORDINATOR, _serving(Keeper))


def _coordinates(person_id: int) -> Select[int]:
    return select(Keeper.caucus_id).where(Keeper.person_id == person_id, _coordinating())


def _ngos(person_id: int) -> Select[int]:
    return select(Representative.ngo_id).where(Representative.person_id == person_id, _serving(Representative))


def _caucuses(person_id: int) -> Select[int]:
    return select(Affiliation.caucus_id).where(
        Affiliation.person_id == person_id, Affiliation.state == AffiliationState.ACTIVE
    )


def for_voucher(by: Viewer) -> Sequence[Recovery]:
    """Those about whom ``by`` is asked: colleagues of theirs, members of a caucus they coordinate; the oldest first."""
    if by.id is None:
        return []
    fellows = select(Representative.person_id).where(Representative.ngo_id.in_(_ngos(by.id)), _serving(Representative))
    members = select(Affiliation.person_id).where(
        Affiliation.caucus_id.in_(by.keeps), Affiliation.state == AffiliationState.ACTIVE
    )
    known = or_(
        and_(Recovery.vouchers == Vouchers.COLLEAGUES, Recovery.person_id.in_(fellows)),
        and_(Recovery.vouchers == Vouchers.COORDINATORS, Recovery.person_id.in_(members)),
    )
    return _found(known, Recovery.state == RecoveryState.VOUCHING, Recovery.person_id != by.id)


def for_staff(by: Viewer) -> Sequence[Recovery]:
    """All that wait for somebody, or for their day; whoever waits longest comes first. Nobody sees their own.

    :raises NotFound: it is none of the viewer's business.
    """
    if not by.secretariat:
        raise NotFound
    return _found(Recovery.person_id.is_not(None), Recovery.person_id != by.id)


@dataclass(frozen=True)
class Voucher:
    """Who has vouched for somebody, as the secretariat sees it before it decides."""

    name: str
    secretariat: bool
    ngos: tuple[str, ...]  # for which both speak now


def who_vouched(asked: Sequence[Recovery]) -> dict[int, Voucher]:
    """By the recovery's id, who said that it is they; two statements, however many."""
    staff, fellow, own = aliased(Person), aliased(Representative), aliased(Representative)
    ids = [one.id for one in asked if one.vouched_by_id is not None]
    people = db.session.execute(
        select(Recovery.id, staff).join(staff, staff.id == Recovery.vouched_by_id).where(Recovery.id.in_(ids))
    )
    shared = db.session.execute(
        select(Recovery.id, Ngo.name)
        .join(fellow, fellow.person_id == Recovery.vouched_by_id)
        .join(own, and_(own.person_id == Recovery.person_id, own.ngo_id == fellow.ngo_id))
        .join(Ngo, Ngo.id == fellow.ngo_id)
        .where(Recovery.id.in_(ids), _serving(fellow), _serving(own))
        .order_by(Ngo.name)
    ).all()
    return {
        number: Voucher(
            who.name, who.role is SiteRole.SECRETARIAT, tuple(name for other, name in shared if other == number)
        )
        for number, who in people
    }


def _found(*where: ColumnElement[bool]) -> Sequence[Recovery]:
    return db.session.scalars(
        select(Recovery)
        .where(recovery_course.open_now(), *where)
        .options(joinedload(Recovery.person))
        .order_by(Recovery.since, Recovery.id)
        .limit(MOST_SHOWN)
    ).all()


def one(by: Viewer, recovery_id: int) -> Recovery:
    """One about which ``by`` is asked, or which they have dealt with.

    :raises NotFound: there is none, it is their own, or none of their business.
    """
    found = db.session.get(Recovery, recovery_id)
    if found is None or by.id is None or found.person_id in (None, by.id):
        raise NotFound
    dealt_with = by.id in (found.vouched_by_id, found.ended_by_id)
    if not (by.secretariat or dealt_with or found in for_voucher(by)):
        raise NotFound
    return found


def vouch(asked: Recovery, how: str, *, by: Person) -> None:
    """``by`` says that it is they who ask; ``how`` they know. The secretariat is told that somebody waits.

    :raises caucusmail.accounts.two_people.NoReason: on ``how``: it is empty.
    :raises caucusmail.accounts.recovery_course.NoLonger: somebody has vouched or turned it down, or it was stopped.
    """
    if not how.strip():
        raise NoReason("how", _("Write how you know that it is they, like “I called her on her number”."))
    to = {"vouched_by_id": by.id, "how": how[:LONGEST_HOW]}
    recovery_course.move(asked, RecoveryState.VOUCHING, RecoveryState.DECIDING, **to)
    journal.record("recovery.vouched", asked, by, reason=how[:LONGEST_HOW], person=asked.person_id)
    recovery_course.tell(asked, Step.VOUCHED)
    others = select(Recovery.id).where(
        Recovery.state == RecoveryState.DECIDING, Recovery.id != asked.id, recovery_course.open_now()
    )
    if asked.person is not None and db.session.scalar(others.limit(1)) is None:
        for staff in _secretariat(asked.person):
            if staff.id != by.id:
                _write(staff, letters.recovery_waits(staff), asked)


def approve(asked: Recovery, how: str, *, by: Person) -> None:
    """The secretariat lets it be done, after the wait; ``how`` they made sure stays in the journal.

    :raises caucusmail.accounts.two_people.NoReason: on ``how``: it is empty.
    :raises caucusmail.accounts.two_people.NotByTheSame: who decides has vouched, or it is their own.
    :raises caucusmail.accounts.recovery_course.NoLonger: it was decided, taken back or stopped.
    """
    if not how.strip():
        raise NoReason("how", _("Write how you made sure that it is they who ask, like “called her at the office”."))
    if asked.vouched_by_id in (None, by.id) or asked.person_id == by.id:
        raise NotByTheSame(_("Somebody else of the secretariat has to confirm this: two people look at it."))
    recovery_course.wait(asked, RecoveryState.DECIDING, by=by, reason=how[:LONGEST_HOW])


def turn_down(asked: Recovery, *, by: Person) -> None:
    """It is not they who ask, or nobody can say so: it ends, and nothing changes.

    :raises caucusmail.accounts.recovery_course.NoLonger: it was stopped or done.
    """
    if not recovery_course.stop(asked, by=by):
        raise recovery_course.no_longer()


def take_back(asked: Recovery, by: Viewer) -> None:
    """Take back what ``by`` has said of it, or for the secretariat the step that was taken last.

    :raises caucusmail.accounts.recovery_course.NoLonger: it has gone on, or somebody else has ended it.
    """
    if asked.ended_at is not None:
        _reopen(asked, by)
    elif asked.state is RecoveryState.DECIDING:
        recovery_course.move(asked, RecoveryState.DECIDING, RecoveryState.VOUCHING, vouched_by_id=None, how="")
    elif asked.state is RecoveryState.WAITING and asked.way is RecoveryWay.KNOWN and by.secretariat:
        recovery_course.move(asked, RecoveryState.WAITING, RecoveryState.DECIDING, due_at=None)
    else:
        raise recovery_course.no_longer()
    journal.record("recovery.taken-back", asked, by.person, person=asked.person_id)
    recovery_course.tell(asked, Step.WAITING if asked.due_at else Step.LOOKED_AT_AGAIN)


def _reopen(asked: Recovery, by: Viewer) -> None:
    """What ``by`` has ended goes on where it was; one whose day was set waits the whole time once more."""
    due = clock.now() + recovery_course.WAIT if asked.due_at else None
    mine = (
        Recovery.ended_by_id == by.id,
        Recovery.ended_at.is_not(None),
        Recovery.asked_at > clock.now() - recovery_course.KEPT,
    )
    if not moved(Recovery, Recovery.id == asked.id, *mine, ended_at=None, ended_by_id=None, due_at=due):
        raise recovery_course.no_longer()
