"""Reports about copies, charged to the address: once a day, a probe before a pause, and only for what is its fault.

A copy that was accepted stays accepted, with the report beside it (``Delivery.bounced_at``): the relay did take it, and
when. A copy of which nobody knew (*uncertain*) is settled by its report.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from caucusmail import clock
from caucusmail.database import db, delete_some, moved
from caucusmail.delivery import discreet, ledger, letters, pausing, riding, scoring, suppression, tracing
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import AddressTrouble, Delivery, DeliveryState
from caucusmail.delivery.retry import Fault as Note
from caucusmail.mail import addresses, faults
from caucusmail.mail.faults import AGAINST_THE_ADDRESS, Fault, Stage

JUDGED_AT_ONCE = 200  # refusals in one turn
LATELY = timedelta(days=2)  # refusals that are older were before there were bounces, or will never be looked at


class Effect(StrEnum):
    """What a report did."""

    NOTHING = "nothing"  # it was known already, or cannot be true
    NOTED = "noted"  # it stands beside its copy, and is held against nobody
    CHARGED = "charged"
    PROBED = "probed"
    SUPPRESSED = "suppressed"


def charge(row: Delivery, fault: Fault, words: str) -> Effect:
    """A report says that ``row`` did not arrive: note it, settle what was uncertain, and charge the address.

    Twice is once: a copy is charged for one report, an address for one report a day.
    """
    now, covered = clock.now(), addresses.covered(row.address_key)
    if not tracing.fresh(row):
        return Effect.NOTHING
    words = (
        words if row.address and not covered else ""
    )  # servers like to repeat an address; this one is nobody's to read
    noted = {"bounced_at": now, "bounce": fault.value, "bounce_words": words[:500]}
    if not moved(Delivery, Delivery.id == row.id, Delivery.bounced_at.is_(None), **noted):
        return Effect.NOTHING
    failed = {"state": DeliveryState.FAILED, "settled_at": now, "note": _note(fault), "reply": words[:500]}
    moved(Delivery, Delivery.id == row.id, Delivery.state == DeliveryState.UNCERTAIN, **failed)
    riding.told(row)
    if fault is Fault.POLICY:
        pausing.weigh(row.message_id, words)
    if fault not in AGAINST_THE_ADDRESS or not row.address or covered:
        return Effect.NOTED
    if row.message.kind == letters.PROBE:
        return _suppress(row, words)
    return _charge_address(row, fault, now)


def arrived(row: Delivery) -> bool:
    """A report says that ``row`` arrived: what was uncertain is accepted. Whether that changed anything."""
    accepted = {"state": DeliveryState.ACCEPTED, "settled_at": clock.now(), "note": ""}
    unknown = Delivery.state.in_((DeliveryState.IN_FLIGHT, DeliveryState.UNCERTAIN))
    if not tracing.fresh(row) or not moved(
        Delivery, Delivery.id == row.id, unknown, lease_until=None, lease_by="", **accepted
    ):
        return False
    riding.told(row)
    return True


def complained(row: Delivery) -> bool:
    """A complaint about ``row`` came in; whether it was the first. It is held against our letters, not the address."""
    return moved(Delivery, Delivery.id == row.id, Delivery.complained_at.is_(None), complained_at=clock.now())


def judge_refusals() -> list[tuple[Delivery, Effect]]:
    """Charge what the relay refused for good at once, like a report that came later (one batch; the newest last)."""
    _settle_reported()
    rows = db.session.scalars(
        select(Delivery)
        .where(
            Delivery.state == DeliveryState.FAILED,
            Delivery.note == Note.ADDRESS.value,
            Delivery.bounced_at.is_(None),
            Delivery.settled_at > clock.now() - LATELY,
        )
        .order_by(Delivery.id)
        .limit(JUDGED_AT_ONCE)
    ).all()
    return [(row, charge(row, refusal(row), row.reply)) for row in rows]


def refusal(row: Delivery) -> Fault:
    """Whose fault it was that the relay refused ``row``, by what it answered."""
    said = f"{row.reply_code or ''} {row.reply}"
    return faults.fault(said, faults.status(row.reply), Stage.RECIPIENT)


def relax() -> int:
    """Probes that have not come back for a week have arrived; what was held against those addresses is forgotten. How many."""
    now = clock.now()
    arrived_by = AddressTrouble.probed_at < now - scoring.PROBE_WAITS
    stale = AddressTrouble.charged_at < now - scoring.FORGOTTEN_AFTER
    return delete_some(AddressTrouble, arrived_by | stale)


def policy_refusals(since: datetime) -> int:
    """How many copies came back since then because a server blamed us."""
    counted = select(func.count()).where(Delivery.bounce == Fault.POLICY.value, Delivery.bounced_at >= since)
    return db.session.scalar(counted) or 0


def _charge_address(row: Delivery, fault: Fault, now: datetime) -> Effect:
    trouble = _trouble(row.address)
    score = scoring.charged(trouble.score, trouble.charged_at, fault, now)
    if score is None:
        return Effect.NOTED
    trouble.score, trouble.charged_at = score, now
    if score < scoring.PROBE_AT or trouble.probed_at is not None:
        return Effect.CHARGED
    trouble.probed_at = now
    to = To(row.address, row.name, row.person_id, row.zone)
    ledger.enqueue(letters.probe(row.name, discreet.plain(row.language)), to, about=("deliveries", row.id))
    return Effect.PROBED


def _trouble(address: str) -> AddressTrouble:
    """What is held against ``address``, locked until the end of the transaction."""
    insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    fingerprint = suppression.mark(address)
    new = insert(AddressTrouble).values(address_fingerprint=fingerprint, score=0)
    db.session.execute(new.on_conflict_do_nothing())
    found = select(AddressTrouble).where(AddressTrouble.address_fingerprint == fingerprint)
    return db.session.scalars(found.with_for_update()).one()


def _suppress(row: Delivery, words: str) -> Effect:
    new = suppression.suppress(row.address, "bounced", person_id=row.person_id, words=words)
    settled = update(AddressTrouble).where(AddressTrouble.address_fingerprint == suppression.mark(row.address))
    db.session.execute(settled.values(probed_at=None, score=0).execution_options(synchronize_session="fetch"))
    return Effect.SUPPRESSED if new else Effect.NOTED


def _settle_reported() -> None:
    """A report that came while its copy was in flight settles it when it has become uncertain."""
    late = (Delivery.state == DeliveryState.UNCERTAIN, Delivery.bounced_at > clock.now() - LATELY)
    for row in db.session.scalars(select(Delivery).where(*late).order_by(Delivery.id).limit(JUDGED_AT_ONCE)).all():
        failed = {"state": DeliveryState.FAILED, "settled_at": clock.now(), "reply": row.bounce_words or ""}
        moved(Delivery, Delivery.id == row.id, *late, note=_note(Fault(row.bounce or Fault.TEMPORARY)), **failed)


def _note(fault: Fault) -> str:
    return (Note.POLICY if fault is Fault.POLICY else Note.ADDRESS).value
