"""What an organisation answers once a year: all still true, or who has gone, its website, and what else has changed.

The link is the right: who opens it need not sign in. So it names only the organisation's own people, not those who asked to be
protected or for discreet letters, and only an administrator can say by it that somebody else has gone. Everybody who was asked
reads what was answered, and can take it back for 30 days.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from caucusmail import clock, tokens
from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit import queries as audit
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock
from caucusmail.delivery import ledger
from caucusmail.directory import organisations, representation, yearly, yearly_letters
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.models import Ngo, Representative, Seat, Sensitivity
from caucusmail.directory.visibility import Viewer
from caucusmail.directory.yearly_models import Answered, YearlyAnswer
from caucusmail.errors import Conflict, NotFound
from caucusmail.groups import letters, terms
from caucusmail.groups.queries import WAY_BACK
from caucusmail.languages import _
from caucusmail.mail import slots
from caucusmail.tokens import BadToken, Purpose

ANSWERED = "yearly.answered"


class Different(Conflict):
    """The people or seats are not those that were shown, so nothing was said about them."""


@dataclass(frozen=True)
class Line:
    """One who speaks for the organisation, as the page behind the link shows them."""

    representative: Representative
    named: bool  # not who is protected, or has asked for discreet letters
    seats: tuple[Seat, ...]
    may_go: bool  # whether who holds the link may say that they have gone

    @property
    def open_seats(self) -> tuple[Seat, ...]:
        """Those in caucuses that may be named without signing in."""
        return tuple(one for one in self.seats if one.caucus.sensitivity is not Sensitivity.CONFIDENTIAL)


@dataclass(frozen=True)
class Sheet:
    """What is asked, and of whom."""

    answer: YearlyAnswer
    reader: Representative
    lines: tuple[Line, ...]
    vacant: int  # seats without a holder

    @property
    def ngo(self) -> Ngo:
        """The organisation."""
        return self.answer.ngo

    @property
    def seen(self) -> str:
        """A fingerprint of what is shown: what is said counts for nothing else."""
        told = [(one.representative.id, [seat.id for seat in one.seats]) for one in self.lines]
        return sha256(repr((told, self.vacant, self.answer.answered_at)).encode()).hexdigest()[:16]


def sheet(token: str) -> Sheet:
    """What the link in a letter asks.

    :raises BadToken: forged, of an older round, revoked, or its reader no longer speaks for the organisation.
    """
    answer_id, person_id, version = tokens.read(Purpose.YEARLY, token, 3)
    found, person = db.session.get(YearlyAnswer, answer_id), db.session.get(Person, person_id)
    last = yearly.newest()
    if found is None or person is None or last is None or found.round_id != last.id:
        raise BadToken
    if person.settings_version != version:
        raise BadToken
    speaking = representation.speaking(found.ngo)
    reader = next((one for one in speaking if one.person_id == person.id), None)
    if reader is None:
        raise BadToken
    seats = organisations.seats(found.ngo)
    lines = tuple(_line(one, seats, reader) for one in speaking)
    return Sheet(found, reader, lines, sum(one.holder_id is None for one in seats))


def _line(one: Representative, seats: Sequence[Seat], reader: Representative) -> Line:
    person, own = one.person, one is reader
    named = own or (person.shelter is None and not person.discreet)
    held = tuple(seat for seat in seats if seat.holder_id == one.person_id)
    return Line(one, named, held, own or (named and reader.admin))


def answer(of: Sheet, gone: Collection[int], website: str, words: str, *, seen: str) -> None:
    """Say for the organisation what is true: ``gone`` are ids of its representatives. Said again, it counts anew.

    :raises Different: people or seats have changed since ``seen``.
    :raises NotFound: one of those is not the reader's to say.
    :raises caucusmail.directory.representation.LastAdministrator: nobody would be left to look after the organisation.
    """
    lock(of.ngo)
    lock(of.answer)
    if seen != of.seen:
        raise Different(
            _("The people or seats have changed since you opened this page. Look again: nothing was said yet.")
        )
    leaving = [one.representative for one in of.lines if one.representative.id in gone and one.may_go]
    if len(leaving) != len(set(gone)):
        raise NotFound
    by, line, words = of.reader.person, slots.line(website), slots.clean(words).strip()
    was = _stands(of.answer)
    steps = [terms.end(one, by=by) for one in sorted(leaving, key=lambda one: one is of.reader)]
    changed = bool(steps or words or line != of.ngo.website)
    of.ngo.website = line
    of.answer.state = Answered.CHANGED if changed else Answered.CONFIRMED
    of.answer.answered_at, of.answer.answered_by_id = clock.now(), by.id
    of.answer.words, of.answer.due_at = words, None
    ended = [step.id for step in steps if step is not None]
    journal.record(ANSWERED, of.answer, by, ngo=of.ngo.id, ended=ended, was=was, website=line)
    _tell(of, by, leaving, more=changed and not ended)
    for person in accounts.secretariat() if words else ():
        letter = yearly_letters.said(person, of.ngo, words)
        ledger.enqueue(letter, letters.to(person), about=("yearly_answers", of.answer.id))


def _tell(of: Sheet, by: Person, gone: Sequence[Representative], *, more: bool) -> None:
    """All who were asked; who has just gone themselves has another letter, with a way back of its own."""
    names = [one.person.name for one in gone]
    own = [] if of.reader in gone else [of.reader.person]
    for person in dict.fromkeys([*own, *(one.person for one in yearly.asked(of.ngo))]):
        letter = yearly_letters.answered(person, of.ngo, by, names, yearly.token(of.answer, person), more=more)
        ledger.enqueue(letter, letters.to(person), about=("yearly_answers", of.answer.id))


def last(of: YearlyAnswer) -> AuditEntry | None:
    """The newest answer, if it can still be taken back."""
    found = db.session.scalar(
        select(AuditEntry)
        .where(
            AuditEntry.verb == ANSWERED,
            AuditEntry.subject_kind == YearlyAnswer.__tablename__,
            AuditEntry.subject_id == of.id,
            AuditEntry.at > clock.now() - WAY_BACK,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return found if found is not None and not audit.taken_back(found) else None


def may_take_back(of: Sheet) -> bool:
    """Whether who holds the link can take the newest answer back: as in answering, only an administrator speaks of others' terms."""
    step, reader = last(of.answer), _reader(of)
    return step is not None and all(terms.may_take_back(reader, one) for one in _ended(step))


def take_back(of: Sheet) -> bool:
    """As it was before the newest answer: terms run again, the organisation is asked again. False: there is none.

    :raises NotFound: it is not the reader's to take back.
    :raises caucusmail.errors.Conflict: a seat or a place was given to somebody else meanwhile, or the website changed.
    """
    lock(of.ngo)
    lock(of.answer)
    step = last(of.answer)
    if step is None or not audit.once(step):
        return False
    if not may_take_back(of):
        raise NotFound
    if of.ngo.website != step.detail["website"]:
        raise MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    for ended in _ended(step):
        terms.take_back(ended, by=_reader(of))
    _put_back(of.answer, step.detail["was"])
    journal.record(audit.TAKEN_BACK, step, of.reader.person)
    return True


def _ended(step: AuditEntry) -> list[AuditEntry]:
    """The terms that an answer ended, the last one first."""
    found = (audit.entry(number) for number in reversed(step.detail["ended"]))
    return [one for one in found if one is not None]


def _reader(of: Sheet) -> Viewer:
    """Who holds the link, with no other power than the one that it is about."""
    return Viewer(of.reader.person, administers=frozenset({of.ngo.id} if of.reader.admin else ()))


def _stands(one: YearlyAnswer) -> dict[str, Any]:
    at, due = one.answered_at, one.due_at
    return {
        "state": one.state.value,
        "website": one.ngo.website,
        "at": at.isoformat() if at else None,
        "by": one.answered_by_id,
        "due": due.isoformat() if due else None,
    }


def _put_back(one: YearlyAnswer, was: dict[str, Any]) -> None:
    """As it stood; who is asked again, and missed a letter meanwhile, gets it a day later."""
    one.ngo.website, one.state, one.words = was["website"], Answered(was["state"]), ""
    one.answered_at = datetime.fromisoformat(was["at"]) if was["at"] else None
    answered_by = db.session.get(Person, was["by"]) if was["by"] else None  # None, too: somebody who was erased
    one.answered_by_id = answered_by.id if answered_by else None
    due = datetime.fromisoformat(was["due"]) if was["due"] else None
    one.due_at = clock.now() + yearly.ASK_AGAIN if due is not None and due <= clock.now() else due
