"""Copies that lie ready for a deputy who no longer stands in go back to who holds the seat: withdrawn and owed in one transaction.

Only what has not begun: what is in flight stays the deputy's. A copy that comes by something else too loses that one reason.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import handing_on, withdrawal
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import DUE, Delivery
from caucusmail.directory import absences
from caucusmail.directory.absence_models import OPEN, Absence, AbsenceState
from caucusmail.groups import copies, queries
from caucusmail.groups.copies import COMING, SEAT, THROUGH, URGENT
from caucusmail.groups.models import Subscription

NOTE = "deputy-stopped"


def hold(deputy: Person) -> None:
    """Wait for what is being frozen, and let what would be wait: the copies that it makes are found then. Before places change."""
    asked = select(Absence.id).where(Absence.deputy_id == deputy.id, Absence.state.in_(OPEN)).order_by(Absence.id)
    db.session.execute(asked.with_for_update())


def give_back(deputy: Person, *, but: Person | None = None) -> None:
    """Give back what lies ready for ``deputy`` by seats for which they are not there any more: ended, or paused. ``but``: a
    holder who gets none, for they leave. Flushes."""
    rows = db.session.execute(
        select(Delivery.id, Delivery.why, Delivery.due_at).where(
            Delivery.person_id == deputy.id, Delivery.state.in_(DUE), Delivery.why.contains(".")
        )
    ).all()
    known = {one.id: one for one in absences.of_person(deputy) if one.deputy_id == deputy.id} if rows else {}
    places = queries.subscriptions(deputy) if rows else []
    lost: dict[int, list[str]] = {}
    for row in rows:
        moment = max(row.due_at, clock.now())
        gone = [key for key in row.why.split() if SEAT.match(key) and not _holds(key, known, places, moment)]
        if gone:
            lost[row.id] = gone
    whys = {row.id: row.why for row in rows if row.id in lost}
    freed = _free(whys, lost)
    due = {row.id: row.due_at for row in rows}
    for holder, theirs in _by_holder(freed, lost, known).items():
        if but is None or holder.id != but.id:
            _owe(holder, {number: (why + _marks(whys[number]), due[number]) for number, why in theirs.items()})


def _holds(key: str, known: Mapping[int, Absence], places: Sequence[Subscription], at: datetime) -> bool:
    found = SEAT.match(key)
    one = known.get(int(found[1])) if found else None
    if one is None or found is None or one.state is not AbsenceState.ACCEPTED:
        return False
    paused = [place.group_id for place in places if queries.is_paused(place, at)]
    return int(found[2]) not in paused and not (places and len(paused) == len(places))


def _free(whys: Mapping[int, str], lost: Mapping[int, Sequence[str]]) -> list[int]:
    """Take these reasons from these copies, and withdraw those that have none left; which of them had not begun."""
    left = {number: [key for key in why.split() if key not in lost[number]] for number, why in whys.items()}
    alone = [number for number, keys in left.items() if not set(keys) - {URGENT, COMING, THROUGH}]
    freed = withdrawal.withdraw(alone, NOTE)
    for number in sorted(left.keys() - set(alone)):
        waits = (Delivery.id == number, Delivery.state.in_(DUE))
        stays = update(Delivery).where(*waits).values(why=" ".join(left[number])).returning(Delivery.id)
        freed += db.session.scalars(stays.execution_options(synchronize_session="fetch")).all()
    return freed


def _by_holder(
    freed: Sequence[int], lost: Mapping[int, Sequence[str]], known: Mapping[int, Absence]
) -> dict[Person, dict[int, str]]:
    """For each holder the copies that were theirs, with the groups that bring them."""
    found: dict[Person, dict[int, str]] = defaultdict(dict)
    for number in freed:
        for key in lost[number]:
            match = SEAT.match(key)
            one = known.get(int(match[1])) if match else None
            if one is not None and match is not None:
                theirs = found[one.representative.person]
                theirs[number] = f"{theirs.get(number, '')} g{match[2]}".strip()
    return found


def _marks(why: str) -> str:
    return f" {URGENT}" if URGENT in why.split() else ""


def _owe(holder: Person, wanted: Mapping[int, tuple[str, datetime]]) -> None:
    """As the holder is served: who pauses, or reads on the site, is owed none."""
    places = queries.subscriptions(holder)
    asked = {number: why for number, (why, due_at) in wanted.items() if copies.wanted(why, due_at, places)}
    handing_on.hand_on(asked, To(holder.address, holder.name, holder.id, holder.zone), holder.languages)
