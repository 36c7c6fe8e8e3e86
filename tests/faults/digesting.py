"""Digests in a process of its own: ``owe N``: two announcements wait for N readers of digests; ``gather``: what the jobs do, until
nothing waits. ``CAUCUSMAIL_FAILPOINTS`` names where to break off."""

import os
from pathlib import Path

from sqlalchemy import insert, select

from caucusmail import clock
from caucusmail.announcements import digests
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState, AnnouncementText
from caucusmail.assembly import without_pages
from caucusmail.database import Model, db, transaction
from caucusmail.delivery import ledger, outgoing, riding
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage
from tests import make, settings_for
from tests.faults.worker import PATIENCE

ANNOUNCEMENTS = 2
READERS_AT_ONCE = 10  # in one commit


def owe(count: int) -> None:
    Model.metadata.create_all(db.engine)
    caucus = make.caucus("water")
    group = make.group(caucus)
    people = [make.person(f"P {number}", f"p{number}@mail.example") for number in range(count)]
    for number in range(ANNOUNCEMENTS):
        with transaction():
            message = ledger.open_message("announcement", Lane.ANNOUNCE, ("announcements", number), "water")
            _announcement(f"News {number}", caucus.id, message)
            same = {"message_id": message.id, "lane": Lane.DIGEST, "state": DeliveryState.QUEUED, "language": "en"}
            same |= {"due_at": clock.now(), "why": f"g{group.id}"}
            rows = [{"person_id": one.id, "address": one.address, "address_key": one.address_key} for one in people]
            db.session.execute(insert(Delivery), [same | row for row in rows])


def _announcement(subject: str, caucus_id: int, message: OutgoingMessage) -> None:
    now = clock.now()
    made = Announcement(
        reference=subject,
        caucus_id=caucus_id,
        kind=AnnouncementKind.NOTICE,
        state=AnnouncementState.SENDING,
        made_at=now,
        revised_at=now,
        release_at=now,
        begun_at=now,
        message_id=message.id,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(AnnouncementText(announcement_id=made.id, language="en", subject=subject, body="Some news."))


def gather() -> None:
    digests.AT_ONCE = READERS_AT_ONCE  # waiting copies, each of another reader
    while True:
        outgoing.recover()
        with transaction():
            done = riding.follow() + digests.gather()
        done += outgoing.turn("same-name", timeouts=PATIENCE)
        if not done and not db.session.scalar(select(Delivery.id).where(*riding.due(clock.now())).limit(1)):
            return


def main(url: str, folder: str, port: int, act: str, *arguments: int) -> None:
    points = os.environ.get("CAUCUSMAIL_FAILPOINTS", "")
    app = without_pages(settings_for.testing(url, Path(folder), MAIL_PORT=port, FAILPOINTS=points))
    with app.app_context():
        {"owe": owe, "gather": gather}[act](*arguments)
