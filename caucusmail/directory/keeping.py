"""Who keeps a caucus: appoint, end, and take an ending back. The secretariat alone calls these."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.accounts import signing_in
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.directory import decision_letters
from caucusmail.directory.models import Caucus, Keeper, KeeperRole
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _, pick
from caucusmail.mail import addresses
from caucusmail.mail.rendering import Letter


class Unknown(Invalid):
    """Nobody, or more than one, is reached at this address."""


class LastCoordinator(Conflict):
    """A caucus would be left without anybody who coordinates it."""


class LaidDown(TypedDict):
    """A term that ended as its keeper left everything, in plain values."""

    keeper: int
    caucus: int
    until: str | None  # ISO 8601
    ended_at: str


class AlreadyEnded(Conflict):
    """The term has ended, or runs again, since the page was opened."""


def serving(caucus: Caucus) -> Sequence[Keeper]:
    """Who keeps the caucus now, the longest serving first, with their people."""
    now = clock.now()
    return db.session.scalars(
        select(Keeper)
        .where(Keeper.caucus_id == caucus.id, Keeper.since <= now, Keeper.until.is_(None) | (Keeper.until > now))
        .options(joinedload(Keeper.person))
        .order_by(Keeper.since, Keeper.id)
    ).all()


def appoint(caucus: Caucus, address: str, *, by: Person) -> Keeper:
    """Let the person at ``address`` coordinate ``caucus`` from now, and write to say so. Twice changes nothing. Flushes for
    the id.

    They are signed out everywhere, for what they may do changes.

    :raises Unknown: it is nobody's address here, or several people's.
    """
    found = accounts.by_address(addresses.parse(address).key)
    if len(found) != 1:
        raise Unknown("address", _unknown(address[:80], shared=len(found) > 1))
    person, now, role = found[0], clock.now(), KeeperRole.COORDINATOR
    keeper = db.session.scalar(
        select(Keeper).where(Keeper.person_id == person.id, Keeper.caucus_id == caucus.id, Keeper.role == role)
    )
    if keeper is not None and (keeper.until is None or keeper.until > now):
        return keeper
    if keeper is None:
        keeper = Keeper(person_id=person.id, caucus_id=caucus.id, role=role, since=now)
        db.session.add(keeper)
        db.session.flush()
    else:
        keeper.since, keeper.until = now, None
    signing_in.sign_out_everywhere(person, by=by)
    _write(keeper, decision_letters.you_keep(person, caucus))
    journal.record("keeper.appointed", keeper, by, caucus=caucus.id, role=role.value)
    return keeper


def end(keeper: Keeper, *, by: Person) -> bool:
    """End a term now, and write to say so; whether anybody still coordinates the caucus.

    :raises AlreadyEnded: it has ended.
    """
    now = clock.now()
    running = Keeper.until.is_(None) | (Keeper.until > now)
    if not moved(Keeper, Keeper.id == keeper.id, running, until=now):
        raise AlreadyEnded(_("This term has ended already."))
    signing_in.sign_out_everywhere(keeper.person, by=by)
    _write(keeper, decision_letters.no_longer_keep(keeper.person, keeper.caucus))
    journal.record("keeper.ended", keeper, by, caucus=keeper.caucus_id)
    return coordinated(serving(keeper.caucus))


def coordinated(keepers: Iterable[Keeper]) -> bool:
    """Whether one of these coordinates: whoever only moderates does not."""
    return any(one.role is KeeperRole.COORDINATOR for one in keepers)


def refuse_last(person: Person, caucuses: Iterable[Caucus]) -> None:
    """Whether somebody else coordinates each of these caucuses, if ``person`` does.

    :raises LastCoordinator: in one of them nobody would be left.
    """
    for caucus in caucuses:
        keepers = serving(caucus)
        if coordinated(keepers) and not coordinated(one for one in keepers if one.person_id != person.id):
            raise LastCoordinator(
                _(
                    "%(name)s is the only coordinator of %(caucus)s. Ask the secretariat to name another one first; then the seat can be handed over.",
                    name=person.name,
                    caucus=pick(caucus.names),
                )
            )


def left_alone(person: Person) -> list[Caucus]:
    """The caucuses that ``person`` coordinates and nobody else does, by id."""
    kept = select(Caucus).where(Caucus.id.in_(select(Keeper.caucus_id).where(Keeper.person_id == person.id)))
    found = []
    for caucus in db.session.scalars(kept.order_by(Caucus.id)):
        keepers = serving(caucus)
        if coordinated(keepers) and not coordinated(one for one in keepers if one.person_id != person.id):
            found.append(caucus)
    return found


def lay_down(person: Person, *, by: Person | None) -> list[LaidDown]:
    """End all that ``person`` keeps, who leaves everything; what it was, for ``take_up``."""
    now = clock.now()
    running = (Keeper.person_id == person.id, Keeper.since <= now, Keeper.until.is_(None) | (Keeper.until > now))
    laid = []
    for keeper in db.session.scalars(select(Keeper).where(*running).order_by(Keeper.id)).all():
        was = keeper.until.isoformat() if keeper.until else None
        laid.append(LaidDown(keeper=keeper.id, caucus=keeper.caucus_id, until=was, ended_at=now.isoformat()))
        keeper.until = now
        journal.record("keeper.ended", keeper, by, caucus=keeper.caucus_id)
    return laid


def take_up(laid: Iterable[LaidDown], *, by: Person | None) -> None:
    """Let what was laid down run on, unless it was changed since."""
    for one in laid:
        until = datetime.fromisoformat(one["until"]) if one["until"] else None
        same = (Keeper.id == one["keeper"], Keeper.until == datetime.fromisoformat(one["ended_at"]))
        if moved(Keeper, *same, until=until):
            keeper = db.session.get_one(Keeper, one["keeper"])
            journal.record("keeper.resumed", keeper, by, caucus=keeper.caucus_id)


def resume(keeper: Keeper, *, by: Person) -> None:
    """Let a term that was ended run on, and write to say so. They are signed out everywhere, for what they may do changes.

    :raises AlreadyEnded: it was not ended.
    """
    if not moved(Keeper, Keeper.id == keeper.id, Keeper.until.is_not(None), until=None):
        raise AlreadyEnded(_("This term runs already."))
    signing_in.sign_out_everywhere(keeper.person, by=by)
    _write(keeper, decision_letters.you_keep(keeper.person, keeper.caucus))
    journal.record("keeper.resumed", keeper, by, caucus=keeper.caucus_id)


def _write(keeper: Keeper, letter: Letter) -> None:
    person = keeper.person
    to = To(person.address, person.name, person.id, person.zone)
    ledger.enqueue(letter, to, about=("caucuses", keeper.caucus_id))


def _unknown(read: str, *, shared: bool) -> str:
    if shared:
        return _(
            "Several people here share the address “%(read)s”. Choose an address that is one person’s own.", read=read
        )
    return _("Nobody here has the address “%(read)s”. Somebody who is new here signs up first.", read=read)
