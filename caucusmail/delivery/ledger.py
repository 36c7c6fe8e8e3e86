"""Write down what is owed to whom, in the caller's transaction. Mail leaves the house by no other door."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, delete, func, insert, literal, select, update

from caucusmail import clock, database, languages, settings
from caucusmail.database import Model, db
from caucusmail.delivery import covers, discreet, riding
from caucusmail.delivery.locking import in_order
from caucusmail.delivery.models import DUE, Delivery, DeliveryState, Lane, OutgoingMessage, OutgoingText
from caucusmail.mail import addresses, compiled, headers
from caucusmail.mail.rendering import Letter

DELIVER = {
    Lane.TRANSACTIONAL: "deliver",
    Lane.URGENT: "deliver-announced",
    Lane.ANNOUNCE: "deliver-announced",
    Lane.BULK: "deliver-bulk",
    Lane.DIGEST: riding.QUEUE,
}
"""The queue that is woken when something in this lane is due."""

PRODUCT = "CaucusMail"


@dataclass(frozen=True)
class To:
    """One recipient of a letter."""

    address: str
    name: str = ""
    person_id: int | None = None
    zone: str = "UTC"


def enqueue(
    letter: Letter,
    to: To,
    *,
    about: tuple[str, int | None] = ("", None),
    lane: Lane = Lane.TRANSACTIONAL,
    due_at: datetime | None = None,
) -> Delivery:
    """Owe one letter to one recipient, due now or at ``due_at``; ``about`` is what it concerns (table name, id).

    Flushes for the id. Wakes the queue of its lane after the commit.
    """
    message = open_message(letter.kind, lane, about, headers.NOTICES)
    sender = compiled.mailbox(PRODUCT, f"{headers.NOTICES}@{settings.current().mail_domain}")
    raw = compiled.compile_letter(letter, sender, headers.of_letter(), attached=letter.attached)
    add_text(message, letter.language, raw)
    version, wants_discreet = wishes(to.person_id)
    language = letter.language
    if wants_discreet:
        frame, language = languages.offered([letter.language]), discreet.key(letter.language)
        raw = discreet.compile_in(frame, headers.of_letter(), leaves=False)
        add_text(message, language, raw, {"frame": frame})
    return owe_one(message, to, language, version=version, due_at=due_at)


def owe_one(
    message: OutgoingMessage, to: To, language: str, *, version: int | None = None, due_at: datetime | None = None
) -> Delivery:
    """One row of ``message``, in the version ``language``; ``version`` is that of the person's settings. Flushes for the id.

    Wakes the queue of its lane after the commit.
    """
    row = Delivery(
        message_id=message.id,
        person_id=to.person_id,
        lane=message.lane,
        name=to.name,
        address=to.address,
        address_key=addresses.key(to.address),
        language=language,
        zone=to.zone,
        settings_version=version,
        due_at=due_at or clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    if addresses.covered(row.address_key):
        covers.hold_back(message)
    database.wake(DELIVER[message.lane])
    return row


def renew_links(person_id: int, version: int) -> None:
    """Have the letters that have yet to leave for a person hold a footer link of this version of their settings."""
    db.session.execute(
        update(Delivery)
        .where(
            in_order(Delivery.person_id == person_id, Delivery.state.in_(DUE), Delivery.settings_version.is_not(None))
        )
        .values(settings_version=version)
        .execution_options(synchronize_session="fetch")
    )


def _people() -> Any:
    return Model.metadata.tables["people"]  # by name: people stand on a floor above


def settings_version(person_id: int | None) -> int | None:
    """Which links of a person's letters are good; None for nobody's."""
    return wishes(person_id)[0]


def links_ended(person_id: int | None, made: datetime) -> bool:
    """Whether the person has ended what links they had when this one was made."""
    people = _people()
    since = db.session.scalar(select(people.c.links_since).where(people.c.id == (person_id or 0)))
    return since is not None and made <= since


def wishes(person_id: int | None) -> tuple[int | None, bool]:
    """The version of a person's settings (None for nobody's), and whether they want discreet letters."""
    people = _people()
    asked = select(people.c.settings_version, people.c.discreet).where(
        people.c.id == (person_id or 0)
    )  # the same work for a stranger
    found = db.session.execute(asked).one_or_none()
    return (found[0], bool(found[1])) if found is not None else (None, False)


def open_message(
    kind: str, lane: Lane, about: tuple[str, int | None], sender: str, *, held: bool = False
) -> OutgoingMessage:
    """A message; add its language versions with ``add_text`` and its rows with ``owe_each``. Flushes for the id.

    Of one that is ``held`` nothing leaves, however long it has been due, before ``release``.
    """
    now = clock.now()
    message = OutgoingMessage(
        lane=lane,
        kind=kind,
        subject_kind=about[0],
        subject_id=about[1],
        sender=sender,
        made_at=now,
        released_at=None if held else now,
    )
    db.session.add(message)
    db.session.flush()
    return message


def add_text(message: OutgoingMessage, language: str, raw: bytes, words: Mapping[str, Any] | None = None) -> None:
    """One language version of ``message``: its compiled bytes, and the words its slots need (``delivery.filling``)."""
    db.session.add(OutgoingText(message_id=message.id, language=language, raw=raw, words=dict(words or {})))
    db.session.flush()


def owe_each(message: OutgoingMessage, people: Select[Any], due_at: datetime) -> int:
    """One row for each row of ``people`` (person id, name, address, address key, language, zone, why), by one INSERT … SELECT.

    ``people`` may have two columns more: ``due_at``, of a letter of its own, in place of this one; ``digest_at``: when the
    digest is due that it waits for (NULL: for none). Returns the number of rows. Wakes the queue of its lane; rows that are due later are found by the sweep.
    """
    owed, table = people.subquery(), _people()
    columns, digest = list(owed.c)[:7], owed.c.get("digest_at")
    lane: Any = literal(message.lane, type_=Delivery.lane.type)
    due: Any = owed.c.get("due_at")
    due = literal(due_at, type_=Delivery.due_at.type) if due is None else due
    if digest is not None:
        lane = case((digest.is_not(None), literal(Lane.DIGEST, type_=Delivery.lane.type)), else_=lane)
        due = func.coalesce(digest, due)
    source = select(
        literal(message.id, type_=Delivery.message_id.type),
        lane,
        literal(DeliveryState.QUEUED, type_=Delivery.state.type),
        due,
        literal("", type_=Delivery.lease_by.type),
        literal(0, type_=Delivery.attempts.type),
        literal("", type_=Delivery.reply.type),
        literal("", type_=Delivery.note.type),
        table.c.settings_version,
        *columns,
    ).join_from(owed, table, table.c.id == columns[0])
    names = ["message_id", "lane", "state", "due_at", "lease_by", "attempts", "reply", "note", "settings_version"]
    names += ["person_id", "name", "address", "address_key", "language", "zone", "why"]
    result: Any = db.session.execute(insert(Delivery).from_select(names, source, include_defaults=False))
    covers.hold_back(message)
    database.wake(DELIVER[message.lane])
    if result.rowcount >= 0:
        return int(result.rowcount)
    counted = select(func.count()).where(Delivery.message_id == message.id)  # sqlite3 counts no INSERT that begins WITH
    return db.session.scalar(counted) or 0


def owe_rows(message: OutgoingMessage, rows: Sequence[dict[str, Any]]) -> None:
    """One row for each of ``rows``, which are columns: due now. Wakes the queue of its lane."""
    same: dict[str, Any] = {"message_id": message.id, "lane": message.lane, "state": DeliveryState.QUEUED}
    same["due_at"] = clock.now()
    db.session.execute(insert(Delivery), [same | row for row in rows])
    covers.hold_back(message)
    database.wake(DELIVER[message.lane])


def take_back(message: OutgoingMessage) -> None:
    """Forget a message whose first copy has not left: rows, versions and message go as if never owed."""
    for table, column in ((Delivery, Delivery.message_id), (OutgoingText, OutgoingText.message_id)):
        db.session.execute(delete(table).where(column == message.id))
    db.session.execute(delete(OutgoingMessage).where(OutgoingMessage.id == message.id))


def stop(message: OutgoingMessage, note: str = "stopped") -> int:
    """Let nothing more of ``message`` leave: rows that have not begun are withdrawn. How many."""
    message.stopped_at = clock.now()
    return _withdraw(Delivery.message_id == message.id, note=note)


def release(message: OutgoingMessage) -> None:
    """Let the copies of ``message`` leave as they become due. Wakes the queue of its lane."""
    message.released_at = clock.now()
    database.wake(DELIVER[message.lane])


def address_keys(message: OutgoingMessage) -> Iterator[str]:
    """The normalised addresses of all copies, in the order of their octets, a few at a time: there may be a million."""
    octets = Delivery.address_key.collate("C" if db.engine.dialect.name == "postgresql" else "BINARY")
    rows = select(Delivery.address_key).where(Delivery.message_id == message.id).order_by(octets)
    yield from db.session.scalars(rows.execution_options(yield_per=1000))


def _withdraw(*where: Any, note: str) -> int:
    riding.loosen(*where)
    result: Any = db.session.execute(
        update(Delivery)
        .where(in_order(*where, Delivery.state.in_(DUE), riding.WAITS))
        .values(state=DeliveryState.WITHDRAWN, settled_at=clock.now(), note=note, lease_until=None)
        .execution_options(synchronize_session="fetch")
    )
    return int(result.rowcount)
