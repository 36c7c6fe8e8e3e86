"""claim, judge, settle: one turn of what came in, one message at a time.

A message is claimed with a lease in a transaction of its own and judged in the next one, with all that follows from it.
What one person's calendar replies about one meeting is judged in the order in which it came: a calendar tells the moment to the
second only, so of two replies of one second the later one is known by nothing else.
Whatever goes wrong with one, the others overtake it; what has failed ``TRIES`` times is put aside for a person.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import aliased

from caucusmail import clock, database
from caucusmail.database import db, transaction
from caucusmail.delivery import bounces
from caucusmail.delivery.bounces import Effect
from caucusmail.inbound import corresponding, handling, notices, routing
from caucusmail.inbound.handling import Outcome
from caucusmail.inbound.intake import QUEUE
from caucusmail.inbound.models import Fate, Received
from caucusmail.mail import mailboxes, organizers
from caucusmail.mail.faults import Fault

logger = logging.getLogger(__name__)

AT_ONCE = 50
TRIES = 3
LEASE = timedelta(minutes=5)
KEPT = timedelta(days=90)  # what was judged; longer would be keeping mail of people for nothing


class Overtaken(Exception):
    """A lease has lapsed, and another worker has judged the message: nothing of this judgement is kept."""


def turn() -> int:
    """Judge what waits, at most ``AT_ONCE``; how many. Wakes the next turn if more waits. Call it outside any transaction."""
    done = 0
    while done < AT_ONCE:
        received_id = _claim()
        if received_id is None:
            return done
        done += 1
        try:
            with transaction():
                _judge(received_id)
        except Overtaken:
            logger.warning("message %s was judged by somebody else meanwhile", received_id)
        except Exception as problem:  # one message must not hold up the others, whatever is in it
            logger.exception("message %s could not be handled", received_id)
            _failed(received_id, type(problem).__name__)
    with transaction():
        database.wake(QUEUE)
    return done


def _claim() -> int | None:
    """The next message that nobody has; those that failed before come last. What ended its judge too often is put aside."""
    now = clock.now()
    free = or_(Received.lease_until.is_(None), Received.lease_until < now)
    with transaction():
        for spent in db.session.scalars(
            select(Received.id).where(Received.fate == Fate.WAITING, free, Received.attempts >= TRIES)
        ).all():
            _settle(spent, Fate.ASIDE, outcome=Outcome.NOT_UNDERSTOOD.value)
        found = db.session.scalar(
            select(Received.id)
            .where(Received.fate == Fate.WAITING, free, ~_behind_another(now))
            .order_by(Received.attempts, Received.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if found is not None:
            claimed = update(Received).where(Received.id == found)
            db.session.execute(claimed.values(lease_until=now + LEASE, attempts=Received.attempts + 1))
    return found


def _behind_another(now: datetime) -> ColumnElement[bool]:
    """SQL: whether a reply to the same mailbox came before and waits for its first try, or is being judged."""
    earlier = aliased(Received)
    begins_or_runs = (earlier.attempts == 0) | (earlier.lease_until >= now)
    found = exists().where(
        earlier.recipient == Received.recipient, earlier.id < Received.id, earlier.fate == Fate.WAITING, begins_or_runs
    )
    return Received.recipient.contains(organizers.INFIX, autoescape=True) & found


def _judge(received_id: int) -> None:
    received = db.session.get(Received, received_id, populate_existing=True)
    if received is None or received.fate is not Fate.WAITING:
        return
    destination = routing.destination(received.recipient)
    if destination is None:  # a caucus that was renamed, a copy that was forgotten: it was somebody's when it came
        outcome, detail = Outcome.NOT_UNDERSTOOD, "nobody has this address any more"
    else:
        outcome, detail = handling.handle(received, destination)
    fate = Fate.ASIDE if outcome in handling.ASIDE else Fate.DONE
    if not _settle(received.id, fate, outcome=outcome.value, detail=detail[:500]):
        raise Overtaken


def _settle(received_id: int, fate: Fate, **values: Any) -> bool:
    """Whether it still waited."""
    settled = {"fate": fate, "settled_at": clock.now(), "lease_until": None}
    waiting = (Received.id == received_id, Received.fate == Fate.WAITING)
    moved = database.moved(Received, *waiting, **settled, **values)
    if moved and fate is Fate.ASIDE:  # what was written to a member is for no other person to look at
        to_a_member = (Received.id == received_id, Received.recipient.contains(mailboxes.INFIX, autoescape=True))
        database.moved(Received, *to_a_member, fate=Fate.DONE, raw=b"")
    return moved


def _failed(received_id: int, problem: str) -> None:
    with transaction():
        attempts = db.session.scalar(select(Received.attempts).where(Received.id == received_id)) or 0
        if attempts >= TRIES:
            _settle(received_id, Fate.ASIDE, outcome=Outcome.NOT_UNDERSTOOD.value, detail=problem)
        else:
            let_go = update(Received).where(Received.id == received_id, Received.fate == Fate.WAITING)
            db.session.execute(let_go.values(lease_until=None, detail=problem))


def judge_refusals() -> int:
    """Charge what the relay refused at once, and write what follows from it; how many, in the caller's transaction."""
    judged = bounces.judge_refusals()
    for row, effect in judged:
        if effect is Effect.SUPPRESSED:
            notices.paused(row)
    if any(row.bounce == Fault.POLICY.value for row, _effect in judged):
        notices.blamed()
    return len(judged)


def forget() -> int:
    """Delete what was judged long ago, with its bytes; and what waited for its writer's word in vain. How many."""
    corresponding.forget()
    return database.delete_some(Received, Received.fate != Fate.WAITING, Received.at < clock.now() - KEPT)
