"""check: everything to look at before an announcement is sent, as sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import exists, select

from caucusmail import clock, languages
from caucusmail.announcements import fields, queries
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.estimate import Estimate
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.database import db
from caucusmail.directory import lifecycle
from caucusmail.directory.models import Caucus, JoinMode, Status
from caucusmail.groups.models import EmailGroup
from caucusmail.languages import _
from caucusmail.meetings import agenda, drafts, warnings
from caucusmail.meetings.models import Meeting


class Gravity(StrEnum):
    """Whether a finding must be mended, or only looked at."""

    BLOCKS = "blocks"
    WARNS = "warns"


@dataclass(frozen=True)
class Finding:
    """One thing to look at before sending, as a sentence."""

    kind: Gravity
    text: str

    @property
    def blocks(self) -> bool:
        """Whether nothing can be sent before it is mended."""
        return self.kind is Gravity.BLOCKS


def check(announcement: Announcement, audience: Estimate) -> list[Finding]:
    """Everything to look at before sending to ``audience``, what must be mended first."""
    found = [
        *_check_text(announcement),
        *_check_fields(announcement),
        *_check_caucuses(announcement),
        *_check_meeting(announcement),
        *_check_audience(announcement, audience),
    ]
    return sorted(found, key=lambda finding: not finding.blocks)


def why_silent(caucus: Caucus) -> str:
    """Why nothing can be sent in the name of ``caucus``, as a sentence; "" if it can."""
    if lifecycle.may_send(caucus):
        return ""
    name = languages.pick(caucus.names)
    if caucus.join_mode is JoinMode.EXTERNAL:
        return _("%(caucus)s sends its own mail, from its own site. Nothing is sent to it from here.", caucus=name)
    words = {
        Status.DORMANT: _(
            "%(caucus)s is dormant. It can be written to again once the secretariat has revived it.", caucus=name
        ),
        Status.ARCHIVED: _("%(caucus)s is archived and kept as a record. Nothing is sent to it any more.", caucus=name),
        Status.GATHERING: _(
            "%(caucus)s is gathering interest. Those who are interested were promised at most two letters until it restarts, so announcements are not sent yet.",
            caucus=name,
        ),
    }
    return words[caucus.status]


def _check_text(announcement: Announcement) -> list[Finding]:
    found = []
    texts = queries.texts(announcement)
    if not texts:
        found.append(
            Finding(Gravity.BLOCKS, _("There is no text yet. Write a subject and a text in at least one language."))
        )
    for text in texts:
        name = languages.name(text.language)
        if not text.subject:
            found.append(Finding(Gravity.BLOCKS, _("The %(language)s version has no subject.", language=name)))
        if not text.body and announcement.kind is AnnouncementKind.NOTICE:
            found.append(Finding(Gravity.BLOCKS, _("The %(language)s version has no text.", language=name)))
    return found


def _check_fields(announcement: Announcement) -> list[Finding]:
    """Fields that are none, and fields where nothing is filled in: either would be sent as it was typed."""
    found = []
    for text in queries.texts(announcement):
        name = languages.name(text.language)
        found += [
            _(
                "In the %(language)s text stands “%(field)s”. There is no such field, so it would be sent as it is. These fields there are, written exactly so: %(fields)s",
                language=name,
                field=languages.isolate(field),
                fields=fields.listed(),
            )
            for field in fields.unknown(text.body)
        ]
    found += [_misplaced(field) for field in dict.fromkeys(_outside(announcement))]
    return [Finding(Gravity.BLOCKS, one) for one in found]


def _outside(announcement: Announcement) -> Iterator[str]:
    """What looks like a field outside the texts proper: in a subject, or in what is said of the meeting."""
    meeting = announcement.meeting
    told = [*meeting.access.values(), *_on_the_agenda(meeting), meeting.hosts, meeting.room] if meeting else []
    for text in (*(one.subject for one in queries.texts(announcement)), *told):
        yield from fields.written(text)


def _on_the_agenda(meeting: Meeting) -> Iterator[str]:
    for item in agenda.from_json(meeting.agenda):
        yield from item.titles.values()
        yield from (one.said for one in item.speakers)


def _misplaced(field: str) -> str:
    return _(
        "“%(field)s” stands in a subject or in what you say of the meeting, and would be sent as it is: only in the text proper is something filled in for each reader.",
        field=languages.isolate(field),
    )


def _check_audience(announcement: Announcement, audience: Estimate) -> list[Finding]:
    if audience.total:
        return []
    if Audience.from_json(announcement.audience).nobody:
        return [Finding(Gravity.BLOCKS, _("Nobody would get this: no group is chosen yet. Tick at least one."))]
    return [Finding(Gravity.BLOCKS, nobody(audience))]


def nobody(audience: Estimate) -> str:
    """Why an audience without anybody in it is empty."""
    if audience.considered:
        return _("Nobody would get this: everybody in the chosen groups is left out. Look at the audience again.")
    return _("Nobody would get this: there is nobody in the chosen groups.")


def _check_caucuses(announcement: Announcement) -> list[Finding]:
    silent = why_silent(announcement.caucus)
    found = [Finding(Gravity.BLOCKS, silent)] if silent else []
    chosen = Audience.from_json(announcement.audience)
    rows = db.session.execute(
        select(Caucus, exists().where(EmailGroup.caucus_id == Caucus.id, EmailGroup.closed_at.is_(None)))
        .where(Caucus.id.in_(chosen.caucus_ids))
        .order_by(Caucus.place)
    )
    for caucus, has_group in rows.all():
        if why_silent(caucus) and caucus.id != announcement.caucus_id:
            found.append(Finding(Gravity.BLOCKS, why_silent(caucus)))
        if not has_group:
            name = languages.pick(caucus.names)
            text = _("%(caucus)s has no email group, so nobody gets this through it.", caucus=name)
            found.append(Finding(Gravity.WARNS, text))
    return found


def _open(announcement: Announcement) -> list[str]:
    """What must be known of a meeting that is no more than a sketch."""
    if not announcement.sketch:
        return [_("Say when and where the meeting is.")]
    return list(drafts.open_questions(drafts.from_json(announcement.sketch)).values())


def _check_meeting(announcement: Announcement) -> list[Finding]:
    if announcement.meeting is None:
        if announcement.kind is AnnouncementKind.MEETING:
            return [Finding(Gravity.BLOCKS, question) for question in _open(announcement)]
        return []
    return [
        Finding(Gravity.BLOCKS if warned.blocks else Gravity.WARNS, warnings.say(warned))
        for warned in warnings.about(announcement.meeting, clock.now())
    ]
