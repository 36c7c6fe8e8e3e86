"""The letter of an announcement: compiled once for each edition, with slots for what differs from person to person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from markupsafe import Markup

from caucusmail import clock, languages, links, settings
from caucusmail.accounts.models import Person
from caucusmail.announcements import content as contents
from caucusmail.announcements import fields, notices, queries, slot_words, stand_ins, standing
from caucusmail.announcements.content import Content
from caucusmail.announcements.editions import Edition, choose
from caucusmail.announcements.models import FOLLOWING, Announcement, AnnouncementText
from caucusmail.delivery import discreet, filling, ledger
from caucusmail.delivery.models import Delivery, OutgoingMessage
from caucusmail.directory.models import Caucus
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.mail import addresses, compiled, headers, markdown, rendering
from caucusmail.mail.mime import Attachment
from caucusmail.mail.rendering import Letter
from caucusmail.mail.slots import Slot, line, mark
from caucusmail.meetings import agenda, enclosures, icalendar, places, times
from caucusmail.meetings.models import Meeting

MOVES_CALENDARS = ("time", "room", "cancelled", "reinstated", "clock")
"""Changes after which the calendars of readers must follow (RFC 5546, 2.1.4)."""


@dataclass(frozen=True)
class Preview:
    """A letter as one person would get it."""

    language: str  # of the version
    sender: str
    recipient: str
    subject: str
    text: str
    html: str  # a whole document; show it in a sandboxed frame
    ics: str  # "" without a meeting


def render(announcement: Announcement, edition: Edition, *, test: bool = False) -> Letter:
    """The letter in one edition, its slots open.

    :raises NotFound: there is no such version.
    """
    with languages.use(edition.frame):
        content = _content(announcement, edition)
        letter = rendering.letter(
            "announcements/announcement",
            edition.frame,
            content=content,
            slots={slot.value: mark(slot) for slot in Slot},
            test=test,
            body=fields.marked(markdown.text(content.body)),
            body_html=Markup(fields.marked(markdown.html(content.body))),  # noqa: S704 - safe HTML, and marks need no escaping
        )
        subject = contents.of_test(letter.subject, edition) if test else letter.subject
    return replace(letter, language=edition.version, subject=subject)


def calendar(announcement: Announcement, edition: Edition) -> str:
    """The invitation in one edition, its ATTENDEE a slot; "" without a meeting, or if calendars need not follow."""
    meeting = announcement.meeting
    if meeting is None or (announcement.kind in FOLLOWING and not _moves_calendars(announcement)):
        return ""
    if edition.discreet:
        return _busy(meeting, edition)
    with languages.use(edition.frame):
        content = _content(announcement, edition)
        words = calendar_words(meeting, content.title, content.meeting_link)
        return icalendar.request(meeting, words, clock.now(), mark(Slot.ORGANIZER), mark(Slot.ATTENDEE))


def _busy(meeting: Meeting, edition: Edition) -> str:
    """The same time in the calendar of somebody whom others look over the shoulder."""
    with languages.use(edition.frame):
        words = icalendar.Words(_("Busy"), placeless=True)
        return icalendar.request(
            meeting, words, clock.now(), mark(Slot.ORGANIZER), mark(Slot.ATTENDEE), product=icalendar.UNNAMED
        )


def _moves_calendars(announcement: Announcement) -> bool:
    return any(row.kind in MOVES_CALENDARS for row in queries.changes(announcement))


def calendar_words(meeting: Meeting, title: str, link: str) -> icalendar.Words:
    """What a calendar entry says, in the current language."""
    session = [languages.pick(meeting.session.names, (languages.current(),))] if meeting.session is not None else []
    others = [one.sentence for one in times.hours(meeting)[1:]]
    described = "\n".join(
        [times.day(meeting), *others, places.mode(meeting), *session, *agenda.told(meeting), "", link]
    )
    return icalendar.Words(summary=title, location=places.where(meeting), description=described, url=link)


def compile_into(message: OutgoingMessage, announcement: Announcement, edition: Edition, *, test: bool = False) -> None:
    """Add one edition to ``message``: its bytes with holes, and the words that its slots need."""
    raw, words = _compiled(announcement, edition, test=test, keys=stand_ins.keys(message.id))
    ledger.add_text(message, edition.key, raw, words)


def preview(
    announcement: Announcement, person: Person | None = None, language: str | None = None, *, by: Viewer
) -> Preview:
    """The letter as ``person`` (None: an invented reader) would get it; ``language`` chooses the version instead of them.

    It is made by the very code that makes the copies, and read back from its bytes. The address is masked from the
    start, unless it is that of ``by``: it stands in the letter in more than one spelling.

    :raises NotFound: there is no such version, or none at all.
    """
    versions = [text.language for text in queries.texts(announcement)]
    if not versions or (language is not None and language not in versions):
        raise NotFound(_("There is no text in this language yet."))
    chain = person.languages if person else [languages.current()]
    if person and not language:
        edition = Edition.for_reader(chain, versions)
    else:
        version = language or choose(chain, versions)
        edition = Edition(version, languages.offered(chain)) if person else Edition.of(version)
    row = _copy(announcement, person, edition)
    raw, words = _compiled(announcement, edition, test=False, enclosing=False, keys=row.why.split())
    if person is not None and person.id != by.id:
        row.address = addresses.masked(person.address)
    return _read(compiled.fill(raw, filling.values(row, words, clock.now())), edition.version)


def for_anybody(text: AnnouncementText, caucus: Caucus) -> str:
    """What the author wrote, for whoever reads it on the site: where the letter names its reader, a word for all."""
    with languages.use(languages.offered([text.language])):
        return fields.for_anybody(text.body, languages.pick(caucus.names))


def _content(announcement: Announcement, edition: Edition) -> Content:
    texts = queries.texts(announcement)
    if edition.version not in [one.language for one in texts]:
        raise NotFound(_("There is no text in this language yet."))
    return contents.content(announcement, texts, edition)


def _compiled(
    announcement: Announcement, edition: Edition, *, test: bool, enclosing: bool = True, keys: Iterable[str] = ()
) -> tuple[bytes, dict[str, Any]]:
    """The letter with its holes; ``keys`` are the reasons of its copies; without ``enclosing`` no PDF goes with it, which nobody would look at."""
    if edition.discreet:
        more = headers.of_leaving() | {"References": headers.thread(queries.first(announcement))}
        entry = "" if edition.notice else calendar(announcement, edition)
        raw = discreet.compile_in(edition.frame, more, entry, leaves=True)
        return raw, slot_words.of_discreet(announcement.meeting, edition.frame)
    letter = _noticed(announcement, edition) if edition.notice else render(announcement, edition, test=test)
    caucus = announcement.caucus
    groups = standing.question(announcement, [edition.version]).groups
    with languages.use(edition.frame):
        name = languages.pick(caucus.names, (edition.frame,))
        sender = compiled.mailbox(f"{line(name)} (CaucusMail)", f"{caucus.slug}@{settings.current().mail_domain}")
        more = headers.of_announcement(caucus.slug) | {"References": headers.thread(queries.first(announcement))}
        along = enclosed(announcement) if enclosing else ()
        rest = ("", ()) if edition.notice else (calendar(announcement, edition), along)
        raw = compiled.compile_letter(letter, sender, more, *rest)
        return raw, slot_words.of(caucus, announcement.meeting, edition.frame, groups, keys)


def _noticed(announcement: Announcement, edition: Edition) -> Letter:
    """Only that there is something, in the author's own words of its subject."""
    text = next(one for one in queries.texts(announcement) if one.language == edition.version)
    link = links.announcement(announcement.reference)
    return notices.letter(announcement.caucus, text.subject, link, edition)


def enclosed(announcement: Announcement) -> Sequence[Attachment]:
    """The PDFs that go with a letter that announces a meeting, or a paper, where somebody has asked for it."""
    meeting, following = announcement.meeting, announcement.kind in FOLLOWING
    if meeting is None or (following and all(row.kind != "document" for row in queries.changes(announcement))):
        return ()
    return enclosures.files(meeting)


def _copy(announcement: Announcement, person: Person | None, edition: Edition) -> Delivery:
    """A row of no ledger, for a preview."""
    asked = standing.question(announcement, [edition.version])
    first = " ".join(f"g{group.id}" for group in asked.groups[:1])
    return Delivery(
        id=0,
        message_id=0,
        person_id=0,
        settings_version=0,
        name=person.name if person else _("Amina Example"),
        address=person.address if person else "amina@mail.example",
        language=edition.key,
        zone=person.zone if person else "Africa/Nairobi",
        why=(standing.why(asked, person.id) if person else "") or first,
        due_at=clock.now(),
    )


def _read(raw: bytes, version: str) -> Preview:
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)
    parts = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    found = {kind: part.get_content().replace("\r\n", "\n") if part is not None else "" for kind, part in parts.items()}
    entry = next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
    return Preview(
        language=version,
        sender=str(message["From"]),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        text=found["plain"],
        html=found["html"],
        ics=str(entry.get_content()) if entry is not None else "",
    )
