"""Who comes, in numbers, for those who keep the group: by organisation and region, or, where its roster is hidden, rounded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, func, select

from caucusmail.announcements.models import Announcement
from caucusmail.database import Words, db
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory.models import Ngo, Region, RosterPolicy
from caucusmail.directory.rounding import rounded
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.meetings import quotas, tallies
from caucusmail.meetings.models import Answer, AnswerState, Meeting

MOST_PROPOSALS = 20  # that are shown


@dataclass
class Counts:
    """How many of some people answered what; None: fewer than five, and how many exactly is nobody's business."""

    coming: int | None = 0
    not_coming: int | None = 0
    maybe: int | None = 0
    silent: int | None = 0

    @property
    def all(self) -> Sequence[int | None]:
        """In the order of the columns."""
        return self.coming, self.not_coming, self.maybe, self.silent


@dataclass(frozen=True)
class Proposal:
    """Another time, which somebody's calendar proposed."""

    starts_at: datetime
    ends_at: datetime
    number: int | None  # of people who would rather have it; None: that is nobody's business


@dataclass(frozen=True)
class Turnout:
    """The answers about one meeting."""

    hidden: bool  # the group's roster: only totals, rounded, and never of fewer than five
    total: Counts | None  # None: too few have answered to show anything
    waiting: int = 0  # for a place
    kept_waiting: int = 0  # of these, because their organisation has all the places it may have
    proposals: Sequence[Proposal] = ()
    organisations: Sequence[tuple[str, Counts]] = field(default_factory=list)  # that answered; "" are those without one
    regions: Sequence[tuple[Words, Counts]] = field(default_factory=list)  # {}: none is known


def turnout(meeting: Meeting, by: Viewer) -> Turnout:
    """How the answers stand.

    :raises NotFound: ``by`` does not keep the meeting's caucus.
    """
    if not by.keeps_caucus(meeting.caucus_id):
        raise NotFound
    if meeting.caucus.roster is RosterPolicy.HIDDEN:
        return Turnout(True, _rounded(meeting), proposals=[replace(one, number=None) for one in _proposals(meeting)])
    return replace(_in_full(meeting), proposals=_proposals(meeting))


def _proposals(meeting: Meeting) -> Sequence[Proposal]:
    """The times that were proposed and are not the meeting's, the soonest first."""
    times = (Answer.proposed_starts_at, Answer.proposed_ends_at)
    rows: Sequence[Any] = db.session.execute(
        select(*times, func.count())
        .where(Answer.meeting_id == meeting.id, Answer.proposed_starts_at.is_not(None))
        .group_by(*times)
        .order_by(*times)
        .limit(MOST_PROPOSALS)
    ).all()
    now = (meeting.starts_at, meeting.ends_at)
    return [Proposal(starts, ends, number) for starts, ends, number in rows if (starts, ends) != now]


def _rounded(meeting: Meeting) -> Counts | None:
    """As it was counted last: two numbers that differ are always several people apart (``meetings.tallies``)."""
    counted = tallies.shown(meeting)
    if counted is None:
        return None
    told = db.session.scalar(select(func.count()).select_from(_asked(meeting))) or 0
    silent = max(0, told - sum(counted.values()))
    return Counts(*(number and rounded(number) for number in (*_by_state(counted), silent)))


def _by_state(counted: Mapping[AnswerState, int]) -> Iterable[int]:
    return counted[AnswerState.COMING], counted[AnswerState.NOT_COMING], counted[AnswerState.MAYBE]


def _asked(meeting: Meeting) -> Subquery:
    """Whoever was told of it, and whoever answered although nobody wrote to them."""
    told = (
        select(Delivery.person_id.label("id"))
        .join(Announcement, Announcement.message_id == Delivery.message_id)
        .where(
            Announcement.meeting_id == meeting.id,
            Delivery.person_id.is_not(None),
            Delivery.state != DeliveryState.WITHDRAWN,
        )
    )
    return told.union(select(Answer.person_id).where(Answer.meeting_id == meeting.id)).subquery()


def _in_full(meeting: Meeting) -> Turnout:
    total, ngos, regions = Counts(), dict[str, Counts](), dict[int | None, Counts]()
    for ngo, region_id, state in _rows(meeting):
        for counts in (total, ngos.setdefault(ngo, Counts()), regions.setdefault(region_id, Counts())):
            name = state.value.replace("-", "_") if state is not None else "silent"
            setattr(counts, name, getattr(counts, name) + 1)
    waiting = select(func.count()).where(
        Answer.meeting_id == meeting.id, Answer.state == AnswerState.COMING, ~Answer.has_place
    )
    names = {one.id: one.names for one in db.session.scalars(select(Region).where(Region.id.in_([*regions])))}
    return Turnout(
        hidden=False,
        total=total,
        waiting=db.session.scalar(waiting) or 0,
        kept_waiting=quotas.kept_waiting(meeting),
        organisations=sorted(
            ((name, one) for name, one in ngos.items() if any(one.all[:3])),
            key=lambda line: (not line[0], line[0].casefold()),
        ),
        regions=[
            (names.get(key or 0, {}), regions[key]) for key in sorted(regions, key=lambda key: (not key, key or 0))
        ],
    )


def _rows(meeting: Meeting) -> Sequence[tuple[str, int | None, AnswerState | None]]:
    """Organisation, its region, and answer of each who is asked, who counts as for places (``quotas``); as many statements for all."""
    asked = _asked(meeting)
    counts_for = quotas.organisations(meeting, select(asked.c.id))
    ngos = select(Ngo.id, Ngo.name, Ngo.region_id).where(Ngo.id.in_({*counts_for.values()}))
    known = {key: (name, region_id) for key, name, region_id in db.session.execute(ngos)}
    people = (
        select(asked.c.id, Answer.state)
        .select_from(asked)
        .outerjoin(Answer, (Answer.meeting_id == meeting.id) & (Answer.person_id == asked.c.id))
    )
    return [
        (*known.get(counts_for.get(person_id, 0), ("", None)), state) for person_id, state in db.session.execute(people)
    ]
