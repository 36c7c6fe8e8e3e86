"""gather(): one letter for each reader of all that waits for their digest, in one transaction; a job calls it.

Readers for whom the same announcements wait, in the same languages, share one message: what differs are slots. The letter
is written from the announcements as they are at that moment; which of them it holds stands in the ledger (``delivery.riding``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from caucusmail import clock, database, failpoints, languages
from caucusmail.accounts.models import Person
from caucusmail.announcements import content as contents
from caucusmail.announcements import fields, queries
from caucusmail.announcements.editions import Edition
from caucusmail.announcements.models import Announcement
from caucusmail.database import db
from caucusmail.delivery import claims, discreet, ledger, riding
from caucusmail.delivery.models import DUE, Delivery, Lane, OutgoingMessage
from caucusmail.groups import copies
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.languages import _
from caucusmail.mail import compiled, headers, markdown, rendering
from caucusmail.mail.slots import Slot, mark

KIND = "announcements/digest"
WHY = "d"
"""The key of a digest's own reason in ``Delivery.why``, beside those of the groups."""

AT_ONCE = 500  # waiting copies looked at in one turn
FIRST_LINES = 300  # characters of a text


@dataclass(frozen=True)
class Item:
    """One announcement in a digest."""

    subject: str
    language: str  # of subject and lines
    caucus: str
    lines: str  # the first of its text
    changed: Sequence[str]  # what it tells of its meeting, old and new
    link: str
    private: bool  # not to be forwarded


@dataclass(frozen=True)
class Bundle:
    """What makes two digests the same letter."""

    frame: str
    items: tuple[tuple[int, str], ...]  # announcement and version
    number: int  # of the person's addresses that are written to: each has a letter of its own


def gather() -> int:
    """Make the digests that are due, of ``AT_ONCE`` waiting copies and the others of their readers; how many letters.

    Wakes the next turn if more may wait.
    """
    now = clock.now()
    due = select(Delivery.person_id).where(*riding.due(now), riding.WAITS, claims.live())
    found = db.session.scalars(due.order_by(Delivery.due_at, Delivery.id).limit(AT_ONCE)).all()
    people = sorted({key for key in found if key is not None})
    if not people:
        return 0
    bundles: dict[Bundle, dict[int, list[Delivery]]] = {}
    readers = {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(people)))}
    for person_id, rows in _waiting(people).items():
        for bundle, riders in _bundled(readers[person_id], rows):
            bundles.setdefault(bundle, {})[person_id] = riders
    owed = sum(_owe(bundle, riders, readers) for bundle, riders in bundles.items())
    failpoints.reach("before_digest_commit")
    if len(found) == AT_ONCE:
        database.wake(riding.QUEUE)
    return owed


def _waiting(people: Sequence[int]) -> dict[int, list[tuple[Delivery, Announcement]]]:
    """What is due to each of them, in the order of its announcement; locked, so that whoever leaves, stops or gathers at this
    moment comes before or after (the order of locks is theirs: places, messages, rows)."""
    places = select(Subscription.id).where(Subscription.person_id.in_(people)).order_by(Subscription.id)
    db.session.execute(places.with_for_update(read=True)).all()
    mine = (*riding.due(clock.now()), riding.WAITS, Delivery.person_id.in_(people))
    messages = select(OutgoingMessage.id).where(OutgoingMessage.id.in_(select(Delivery.message_id).where(*mine)))
    db.session.execute(messages.order_by(OutgoingMessage.id).with_for_update(read=True)).all()
    ids = db.session.scalars(select(Delivery.id).where(*mine, claims.live())).all()
    rows = db.session.execute(
        select(Delivery, Announcement)
        .join(Announcement, Announcement.message_id == Delivery.message_id)
        .where(Delivery.id.in_(ids), Delivery.state.in_(DUE), riding.WAITS, claims.live())
        .order_by(Delivery.id)
        .with_for_update(of=Delivery)
        .execution_options(populate_existing=True)
    ).all()
    found: dict[int, list[tuple[Delivery, Announcement]]] = {}
    for row, announcement in sorted(rows, key=lambda one: (one[1].begun_at or one[0].due_at, one[1].id)):
        if row.person_id is not None:
            found.setdefault(row.person_id, []).append((row, announcement))
    return found


def _bundled(person: Person, rows: Sequence[tuple[Delivery, Announcement]]) -> Iterable[tuple[Bundle, list[Delivery]]]:
    """One letter for each address that something goes to."""
    addressed: dict[str, list[tuple[Delivery, Announcement]]] = {}
    for row, announcement in rows:
        addressed.setdefault(row.address_key, []).append((row, announcement))
    for number, inside in enumerate(addressed.values()):
        items = tuple((announcement.id, Edition.of(row.language).version) for row, announcement in inside)
        yield Bundle(languages.offered(person.languages), items, number), [row for row, _announcement in inside]


def _owe(bundle: Bundle, riders: Mapping[int, Sequence[Delivery]], readers: Mapping[int, Person]) -> int:
    message = ledger.open_message(KIND, Lane.ANNOUNCE, ("", None), headers.NOTICES)
    rows = [_row(bundle.frame, readers[person_id], inside) for person_id, inside in riders.items()]
    group_ids = {key for row in rows for key in copies.groups_of(row["why"])}
    _compile(message, bundle, group_ids)
    ledger.owe_rows(message, rows)
    riding.board([row.id for inside in riders.values() for row in inside], message)
    return len(rows)


def _row(frame: str, person: Person, inside: Sequence[Delivery]) -> dict[str, Any]:
    """The copy for one reader: what brought it is all that brought what is in it."""
    why = dict.fromkeys(f"g{key}" for row in inside for key in sorted(copies.groups_of(row.why)))
    return {
        "person_id": person.id,
        "name": person.name,
        "address": inside[0].address,
        "address_key": inside[0].address_key,
        "language": discreet.key(frame) if person.discreet else frame,
        "zone": person.zone,
        "why": " ".join([*why, WHY]),
        "settings_version": person.settings_version,
    }


def _compile(message: OutgoingMessage, bundle: Bundle, group_ids: set[int]) -> None:
    more = headers.of_leaving() | headers.of_letter()
    with languages.use(bundle.frame):
        letter = letter_of([_item(*one, bundle.frame) for one in bundle.items], bundle.frame)
        raw = compiled.compile_letter(letter, compiled.mailbox(ledger.PRODUCT, discreet.address()), more)
        groups = db.session.scalars(select(EmailGroup).where(EmailGroup.id.in_(group_ids)))
        words = {
            "frame": bundle.frame,
            "groups": {f"g{one.id}": languages.pick(one.names, (bundle.frame,)) for one in groups},
            "group": ledger.PRODUCT,
            "why": {WHY: _("you asked for one letter in place of many")},
        }
    ledger.add_text(message, bundle.frame, raw, words)
    hidden = discreet.compile_in(bundle.frame, more, leaves=True)
    ledger.add_text(message, discreet.key(bundle.frame), hidden, {"frame": bundle.frame})


def letter_of(items: Sequence[Item], frame: str) -> rendering.Letter:
    """The digest in this language, its slots open."""
    with languages.use(frame):
        return rendering.letter(
            KIND,
            frame,
            items=items,
            private=any(one.private for one in items),
            slots={slot.value: mark(slot) for slot in Slot},
        )


def _item(announcement_id: int, version: str, frame: str) -> Item:
    """One announcement as the digest tells it, in the current language."""
    announcement = db.session.get_one(Announcement, announcement_id)
    edition = Edition(version, frame)
    whole = contents.content(announcement, queries.texts(announcement), edition)
    text = markdown.text(fields.for_anybody(whole.body, whole.caucus))
    return Item(
        subject=whole.subject,
        language=version,
        caucus=whole.caucus,
        lines=beginning(text),
        changed=[_changed(one.what, one.was, one.now) for one in whole.changed],
        link=whole.meeting_link or whole.link,
        private=whole.do_not_forward,
    )


def _changed(what: str, was: str, now: str) -> str:
    told = _("%(what)s:", what=what) + " " + now if now else f"{what}."
    return f"{told} ({_('was: %(before)s', before=was)})" if was else told


def beginning(text: str) -> str:
    """The first lines of a text on one line, cut between words."""
    words = " ".join(text.split())
    if len(words) <= FIRST_LINES:
        return words
    cut, _blank, _rest = words[: FIRST_LINES + 1].rpartition(" ")
    return (cut or words[:FIRST_LINES]) + " …"
