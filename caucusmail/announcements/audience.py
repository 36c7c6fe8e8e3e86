"""Who gets an announcement and who does not, and why: estimate, lists, freezing. All of them ask ``standing``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, false, func, insert, literal, null, or_, select

from caucusmail import languages
from caucusmail.accounts.models import Person
from caucusmail.announcements import editions, queries, seeing, serving, stand_ins, standing
from caucusmail.announcements import estimate as numbers
from caucusmail.announcements.audience_words import HOW, why_not
from caucusmail.announcements.choice import Audience, Role
from caucusmail.announcements.editions import Edition
from caucusmail.announcements.estimate import Estimate
from caucusmail.announcements.models import Announcement, AudienceGap, LeftOut
from caucusmail.announcements.seeing import Seen
from caucusmail.announcements.standing import OPEN, RANKS, Question
from caucusmail.database import db
from caucusmail.delivery import ledger, notice
from caucusmail.delivery.models import Delivery, Lane, OutgoingMessage
from caucusmail.directory.absence_models import OPEN as OPEN_ABSENCES
from caucusmail.directory.absence_models import Absence
from caucusmail.directory.models import Affiliation, Ngo, Seat, Shown
from caucusmail.directory.visibility import Viewer
from caucusmail.groups.copies import COMING, THROUGH, URGENT
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.languages import _

__all__ = [
    "Audience",
    "Estimate",
    "Page",
    "Receiver",
    "Role",
    "estimate",
    "freeze",
    "left_out",
    "named",
    "people",
    "why_not",
]
PER_PAGE = 25


@dataclass(frozen=True)
class Receiver:
    """One person on a list, as far as the viewer may see them: "" where they may not."""

    person_id: int
    name: str
    organisation: str
    language: str  # of the version they get; "" for those left out
    why: Sequence[str]  # the groups that bring it, by name; or why not, as one sentence part
    reason: LeftOut | None = None  # None: gets it
    let_in: Sequence[str] = ()  # the seat and the filters that let them through


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    rows: Sequence[Receiver]
    number: int  # from 1
    total: int  # rows on all pages

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // PER_PAGE))


def estimate(announcement: Announcement) -> Estimate:
    """The audience in numbers: as it is now, or as it was frozen."""
    return numbers.of(announcement)


def people(announcement: Announcement, by: Viewer, page: int = 1, find: str = "") -> Page:
    """Who gets it, by name; ``find`` is part of a name or of an organisation's name."""
    asked = _asked(announcement)
    if announcement.message_id is not None:
        listed = select(
            Delivery.person_id,
            Delivery.name,
            Delivery.language,
            Delivery.why,
            literal(OPEN).label("rank"),
            null().label("until"),
            literal("UTC").label("zone"),
            (Delivery.message_id != announcement.message_id).label("later"),
            _how_frozen(announcement).label("how"),
        ).where(Delivery.message_id.in_(queries.messages(announcement)), Delivery.person_id.is_not(None))
    else:
        stood = standing.standing(asked)
        listed = (
            select(
                stood.c.person_id,
                Person.name,
                editions.edition(asked.versions).label("language"),
                stood.c.why,
                stood.c.rank,
                stood.c.until,
                Person.zone,
                false().label("later"),
                _how(asked, stood).label("how"),
            )
            .join(Person, Person.id == stood.c.person_id)
            .where(stood.c.rank == OPEN)
        )
    return _page(listed, asked, by, page, find)


def _how_frozen(announcement: Announcement) -> ColumnElement[str]:
    """SQL: how a copy is served, as a key of ``HOW``; "": whole and at once."""
    return case(
        (Delivery.lane == Lane.DIGEST, "digest"),
        (Delivery.language.contains(notice.MARK), "notice"),
        (Delivery.due_at > func.coalesce(announcement.release_at, Delivery.due_at), "later"),
        else_="",
    )


def _how(asked: Question, stood: CTE) -> ColumnElement[str]:
    """SQL: the same of somebody who would get one now."""
    return case(
        (standing.digest_at(asked, stood).is_not(None), "digest"),
        (standing.by_notice(asked, stood), "notice"),
        (serving.due_at(asked.moments, asked.at) > literal(asked.at, Delivery.due_at.type), "later"),
        else_="",
    )


def left_out(announcement: Announcement, by: Viewer, page: int = 1, reason: LeftOut | None = None) -> Page:
    """Who does not get it, and why not; only those with ``reason`` if it is given."""
    asked = _asked(announcement)
    if announcement.message_id is not None:
        rank = case({one.value: index + 1 for index, one in enumerate(RANKS)}, value=AudienceGap.reason)
        listed = (
            select(
                AudienceGap.person_id,
                Person.name,
                literal("").label("language"),
                literal("").label("why"),
                rank.label("rank"),
                AudienceGap.until,
                Person.zone,
            )
            .join(Person, Person.id == AudienceGap.person_id)
            .where(AudienceGap.announcement_id == announcement.id)
        )
        wanted = AudienceGap.reason == reason
    else:
        stood = standing.standing(asked)
        listed = (
            select(
                stood.c.person_id,
                Person.name,
                literal("").label("language"),
                stood.c.why,
                stood.c.rank,
                stood.c.until,
                Person.zone,
            )
            .join(Person, Person.id == stood.c.person_id)
            .where(stood.c.rank > OPEN)
        )
        wanted = stood.c.rank == (RANKS.index(reason) + 1 if reason else 0)
    return _page(listed.where(wanted) if reason else listed, asked, by, page, "")


def freeze(announcement: Announcement, message: OutgoingMessage, release_at: datetime) -> int:
    """Write down who is owed a copy and who was left out, as of ``release_at``; one INSERT … SELECT each.

    Returns the number of copies; leaves their digest and the numbers with the announcement.
    """
    asked = _asked(announcement, release_at)
    hold_still(asked)
    announcement.counts = numbers.to_json(numbers.reckoned(asked))
    copies = ledger.owe_each(message, standing.copies(asked), release_at)
    stood = standing.standing(asked)
    reason = case({index + 1: one.value for index, one in enumerate(RANKS)}, value=stood.c.rank)
    db.session.execute(
        insert(AudienceGap).from_select(
            ["announcement_id", "person_id", "reason", "until"],
            select(literal(announcement.id), stood.c.person_id, reason, stood.c.until).where(stood.c.rank > OPEN),
        )
    )
    announcement.audience_digest = digest(ledger.address_keys(message))
    return copies


def hold_still(asked: Question) -> None:
    """Wait for everybody who is leaving or pausing at this moment, and let whoever would begin to wait for the commit:
    they find their copy then. Likewise for whoever closes one of the groups, or agrees to stand in. Without these locks neither would see the
    other (PostgreSQL, READ COMMITTED)."""
    here = [group.id for group in asked.groups]
    for held in (
        select(Absence.id).where(Absence.state.in_(OPEN_ABSENCES)).order_by(Absence.id),
        select(EmailGroup.id).where(EmailGroup.id.in_(here)).order_by(EmailGroup.id),
        select(Subscription.id).where(Subscription.group_id.in_(here)).order_by(Subscription.id),
    ):
        db.session.execute(select(func.count()).select_from(held.with_for_update(read=True).subquery()))


def digest(address_keys: Iterable[str]) -> str:
    """SHA-256 over the addresses of all copies, one a line, in the order of their octets: to be reckoned again from what a
    server received. ``address_keys`` come in that order."""
    found = sha256()
    for one in address_keys:
        found.update(f"{one}\n".encode())
    return found.hexdigest()


def _asked(announcement: Announcement, at: datetime | None = None) -> Question:
    return standing.question(announcement, [text.language for text in queries.texts(announcement)], at)


def named(announcement: Announcement, person_ids: Sequence[int], by: Viewer) -> set[int]:
    """Those of these people whose name ``by`` may see, because of a group that it is sent to."""
    seen = seeing.seen(person_ids, _asked(announcement), by)
    return {person_id for person_id, found in seen.items() if found.shown is Shown.NAME_AND_ORGANISATION}


def _page(listed: Select[*tuple[Any, ...]], asked: Question, by: Viewer, number: int, find: str) -> Page:
    found = listed.subquery()
    caucus_ids = {group.caucus_id for group in asked.groups}
    where: ColumnElement[bool] = literal(True)
    if find.strip() and (by.secretariat or caucus_ids <= by.keeps):  # who may not see names may not guess them either
        where = _matches(found.c.person_id, found.c.name, find.strip(), caucus_ids)
    number = max(1, number)
    total = db.session.scalar(select(func.count()).select_from(found).where(where)) or 0
    rows = db.session.execute(
        select(found)
        .where(where)
        .order_by(found.c.name, found.c.person_id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    seen = seeing.seen([row.person_id for row in rows], asked, by)
    names = {f"g{group.id}": _name(group, by) for group in asked.groups}
    names[THROUGH] = _("in spite of a pause, as they asked")
    return Page([_receiver(row, seen, names) for row in rows], number, total)


def _name(group: EmailGroup, by: Viewer) -> str:
    """What ``by`` reads of a group that brings a copy: who is on a group of somebody else's caucus is not theirs to know."""
    return languages.pick(group.names) if by.keeps_caucus(group.caucus_id) else _("a group of another caucus")


def _other(key: str) -> str:
    if stand_ins.is_key(key):
        return _("stands in for somebody who is away")
    return _("an email group that was closed meanwhile")


def _matches(person_id: Any, name: Any, find: str, caucus_ids: set[int]) -> ColumnElement[bool]:
    organisations = (
        select(Affiliation.person_id)
        .join(Seat, Seat.id == Affiliation.seat_id)
        .join(Ngo, Ngo.id == Seat.ngo_id)
        .where(Affiliation.caucus_id.in_(caucus_ids), Ngo.name.icontains(find, autoescape=True))
    )
    return or_(name.icontains(find, autoescape=True), person_id.in_(organisations))


def _told(why: str) -> list[str]:
    """The reasons that are said: groups, and that it passes a pause."""
    return [key for key in why.split() if key not in (URGENT, COMING)]


def _receiver(row: Any, seen: Mapping[int, Seen], names: Mapping[str, str]) -> Receiver:
    found = seen.get(row.person_id, Seen())
    reason = RANKS[row.rank - 1] if row.rank else None
    why = (
        [why_not(reason, row.until, row.zone)]
        if reason
        else list(dict.fromkeys(names.get(key) or _other(key) for key in _told(row.why)))
    )
    if reason is None and row.how:
        why.append(HOW[row.how]())
    if reason is None and row.later:
        why.append(_("joined later"))
    return Receiver(
        person_id=row.person_id,
        name=row.name if found.shown is Shown.NAME_AND_ORGANISATION else "",
        organisation=found.organisation if found.known else "",
        language=Edition.of(row.language).version if row.language else "",
        why=why,
        reason=reason,
        let_in=found.let_in if found.known and reason is None else (),
    )
