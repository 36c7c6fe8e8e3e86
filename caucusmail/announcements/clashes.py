"""Who of those an announcement is meant for holds a place in another meeting at that hour. Totals, never names.

A place is an active affiliation and a subscription to a group that the meeting was announced to, less those whom its own
announcement had left out; a pause does not give it up. The number of statements does not grow with meetings or people.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.announcements import queries, slots, standing
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState, AudienceGap, LeftOut
from caucusmail.announcements.slots import Booked, Slot
from caucusmail.announcements.standing import RANKS
from caucusmail.database import db
from caucusmail.directory import lifecycle, rounding, visibility
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus
from caucusmail.directory.visibility import Viewer
from caucusmail.groups.models import EmailGroup, GroupKind, Subscription
from caucusmail.meetings import answers
from caucusmail.meetings.models import Meeting, MeetingState

HOLDS = (
    max(
        RANKS.index(one)
        for one in (LeftOut.PAUSED, LeftOut.READS_ON_SITE, LeftOut.SUPPRESSED, LeftOut.AWAY, LeftOut.PROTECTED)
    )
    + 1
)
"""Up to this rank somebody holds a place, though perhaps no letter reaches them."""

_MEANT = (LeftOut.EXCLUDED, LeftOut.NOT_SENT, LeftOut.OTHER_LANGUAGE, LeftOut.OTHER_ROLE, LeftOut.NO_REGION, LeftOut.OTHER_REGION)  # fmt: skip
"""Who was left out for one of these was not meant."""


@dataclass(frozen=True)
class Clash:
    """One meeting at the same hour, and how many hold a place in both."""

    meeting: Meeting | None  # None: of groups whose meetings the asker may not see, all of them together
    people: int | None  # None: fewer than five, if anybody
    exact: bool
    accepted: int | None = (
        None  # of these have said that they come to it, rounded; None: fewer than five, or not to be told
    )


@dataclass(frozen=True)
class Clashes:
    """What clashes with an announcement's meeting, and a better time if there is one."""

    found: Sequence[Clash] = ()
    slot: Slot | None = None
    slot_exact: bool = True


def of(announcement: Announcement, by: Viewer, now: datetime | None = None) -> Clashes:
    """What clashes with the meeting of ``announcement``, as far as ``by`` may know; nothing for a notice."""
    meeting, now = announcement.meeting, now or clock.now()
    if meeting is None or Audience.from_json(announcement.audience).nobody:
        return Clashes()
    others = _others(meeting)
    if not others:
        return Clashes()
    groups = _Groups()
    told = _told([one.id for one in others])
    asked = standing.question(announcement, [text.language for text in queries.texts(announcement)], now)
    shown = all(visibility.may_see_roster(by, groups.caucus(group.id)) for group in asked.groups)
    wanted = {one.id: groups.of(one, told[one.id]) for one in others}
    people = _people(asked, wanted)
    booked = [
        Booked(
            one.starts_at,
            one.ends_at,
            people[one.id],
            not (
                shown
                and all(
                    visibility.may_see_roster(by, groups.caucus(key)) for part in wanted[one.id] for key in part.groups
                )
            ),
        )
        for one in others
    ]
    slot = slots.best(meeting, booked, now)
    return Clashes(_clashes(meeting, others, booked, by), slot, not any(one.hidden for one in booked))


def _others(meeting: Meeting) -> Sequence[Meeting]:
    """Every other announced meeting between this one and the last time that could be suggested instead."""
    last = slots.days(meeting)[-1:]
    until = max(
        meeting.ends_at, meeting.starts_at + timedelta(days=2 + (last[0] - meeting.starts.date()).days if last else 0)
    )
    return db.session.scalars(
        select(Meeting)
        .options(joinedload(Meeting.caucus), joinedload(Meeting.venue))
        .where(
            Meeting.id != meeting.id,
            Meeting.state == MeetingState.CONFIRMED,
            Meeting.starts_at < until,
            Meeting.ends_at > meeting.starts_at,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def _told(meeting_ids: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    """The announcements by which each meeting was made known: id and audience."""
    rows = db.session.execute(
        select(Announcement.meeting_id, Announcement.id, Announcement.audience).where(
            Announcement.meeting_id.in_(meeting_ids),
            Announcement.kind == AnnouncementKind.MEETING,
            ~Announcement.for_newcomers,
            Announcement.state.not_in((AnnouncementState.DRAFT, AnnouncementState.CANCELLED)),
        )
    ).all()
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.meeting_id].append(row)
    return found


@dataclass(frozen=True)
class _Part:
    """To whom a meeting was announced once."""

    announcement_id: int  # 0: it was not
    groups: set[int]


class _Groups:
    """The open groups of caucuses that send, and whose each is; one statement."""

    def __init__(self) -> None:
        rows = db.session.execute(
            select(EmailGroup.id, EmailGroup.kind, Caucus)
            .join(Caucus, Caucus.id == EmailGroup.caucus_id)
            .where(EmailGroup.closed_at.is_(None), lifecycle.sending())
        ).all()
        self._caucuses = {key: caucus for key, _kind, caucus in rows}
        self._announcing = {key: caucus.id for key, kind, caucus in rows if kind == GroupKind.ANNOUNCEMENT}

    def caucus(self, key: int) -> Caucus:
        """Whose group it is."""
        return self._caucuses[key]

    def chosen(self, audience: Audience) -> set[int]:
        """The groups that an audience is made of."""
        whole = {key for key, of_ in self._announcing.items() if audience.everybody or of_ in audience.caucus_ids}
        return whole | (set(audience.group_ids) & self._caucuses.keys())

    def of(self, meeting: Meeting, told: Sequence[Any]) -> list[_Part]:
        """The groups to which a meeting was announced, each time; without any announcement, that of its caucus."""
        if not told:
            return [_Part(0, self.chosen(Audience(caucus_ids=(meeting.caucus_id,))))]
        return [_Part(row.id, self.chosen(Audience.from_json(row.audience))) for row in told]


def _people(asked: standing.Question, wanted: Mapping[int, Sequence[_Part]]) -> dict[int, frozenset[int]]:
    """For each meeting who of those who are meant here holds a place in it; two statements."""
    parts = [part for of_one in wanted.values() for part in of_one]
    stood = standing.standing(asked, reasons=False)
    rows = db.session.execute(
        select(Subscription.group_id, Subscription.person_id)
        .join(EmailGroup, EmailGroup.id == Subscription.group_id)
        .join(
            Affiliation,
            (Affiliation.person_id == Subscription.person_id) & (Affiliation.caucus_id == EmailGroup.caucus_id),
        )
        .join(stood, stood.c.person_id == Subscription.person_id)
        .where(
            stood.c.rank <= HOLDS,
            Affiliation.state == AffiliationState.ACTIVE,
            Subscription.group_id.in_(set[int]().union(*(part.groups for part in parts))),
        )
    )
    on: dict[int, set[int]] = defaultdict(set)
    for group_id, person_id in rows:
        on[group_id].add(person_id)
    spared = _spared([part.announcement_id for part in parts])
    return {
        meeting_id: frozenset[int]().union(
            *(set[int]().union(*(on[key] for key in part.groups)) - spared[part.announcement_id] for part in of_one)
        )
        for meeting_id, of_one in wanted.items()
    }


def _spared(announcement_ids: Sequence[int]) -> Mapping[int, set[int]]:
    """For each announcement the people of its groups for whom it was not meant."""
    rows = db.session.execute(
        select(AudienceGap.announcement_id, AudienceGap.person_id).where(
            AudienceGap.announcement_id.in_(announcement_ids), AudienceGap.reason.in_(_MEANT)
        )
    )
    found: dict[int, set[int]] = defaultdict(set)
    for announcement_id, person_id in rows:
        found[announcement_id].add(person_id)
    return found


def _clashes(meeting: Meeting, others: Sequence[Meeting], booked: Sequence[Booked], by: Viewer) -> list[Clash]:
    here = [
        (one, it) for one, it in zip(others, booked, strict=True) if it.overlaps(meeting.starts_at, meeting.ends_at)
    ]
    told = [(one, it) for one, it in here if _may_see(one, by)]
    come = answers.coming_to([one.id for one, it in told if not it.hidden])  # who is hidden is not counted live
    seen = [
        Clash(
            one,
            rounding.rounded(len(it.people)) if it.hidden else len(it.people),
            not it.hidden,
            rounding.rounded(len(it.people & come.get(one.id, set()))),
        )
        for one, it in told
    ]
    unseen = rounding.rounded(len(set[int]().union(*(it.people for one, it in here if not _may_see(one, by)))))
    return [*seen, *([Clash(None, unseen, exact=False)] if unseen is not None else [])]


def _may_see(meeting: Meeting, by: Viewer) -> bool:
    """As ``meetings.queries.visible`` says of announced meetings."""
    return by.secretariat or meeting.public or meeting.caucus_id in by.member_of | by.keeps
