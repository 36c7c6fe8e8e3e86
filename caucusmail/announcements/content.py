"""What the letter of an announcement says, part by part, in one edition: made once, for text and HTML alike.

Everything here is in the language of the frame, but for what the author wrote, which is in the version's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caucusmail import languages, links, zones
from caucusmail.announcements import queries
from caucusmail.announcements.editions import Edition
from caucusmail.announcements.models import FOLLOWING, Announcement, AnnouncementText
from caucusmail.languages import _, plural
from caucusmail.meetings import agenda, paper_words, papers, places, quotas, remote, retelling, times
from caucusmail.meetings.models import Meeting, MeetingState
from caucusmail.meetings.retelling import Change as Retold

COLOURS = (
    *("#5f6b7a", "#0072b2", "#8c6d31", "#cc79a7", "#7b5ea7", "#009e73"),
    *("#3c8d8d", "#e69f00", "#d55e00", "#5f7d2c", "#56b4e9", "#a8443c"),
)
"""The hues of caucuses, as in the style sheet of the pages."""


@dataclass(frozen=True)
class Entry:
    """One entry of a numbered list."""

    text: str
    language: str  # of the text
    more: str = ""  # in the frame's language
    link: str = ""


@dataclass(frozen=True)
class Section:
    """One block of facts under a heading."""

    heading: str
    lines: Sequence[str]
    entries: Sequence[Entry] = ()  # numbered
    language: str = ""  # of what the author wrote; "": the frame's
    clock: bool = False  # the reader's own clock is added to it
    note: str = ""  # comes after that
    asks: bool = False  # whether the reader comes: its buttons are links of their own


@dataclass(frozen=True)
class Content:
    """The letter in one edition, before slots."""

    edition: Edition
    caucus: str
    tag: str
    colour: str  # of the bar beside its name
    subject: str
    title: str
    changed: Sequence[Retold]  # of the meeting, that this letter tells: it comes first
    lede: Sequence[str]  # what (the title), when, where, what to do
    sections: Sequence[Section]
    body: str  # Markdown
    notice: str  # "This announcement exists in English only"; "" where the reader has their own
    link: str  # web copy
    meeting_link: str
    contact_link: str  # how to answer
    do_not_forward: bool

    @property
    def direction(self) -> str:
        """Of what the author wrote."""
        return languages.direction(self.edition.version)

    @property
    def title_language(self) -> str:
        """Of the title, where it is not the frame's."""
        return self.edition.version if self.edition.version != self.edition.frame else ""


def content(announcement: Announcement, texts: Sequence[AnnouncementText], edition: Edition) -> Content:
    """The parts of one edition. Call it inside ``languages.use(edition.frame)``."""
    text = next(one for one in texts if one.language == edition.version)
    caucus, meeting = announcement.caucus, announcement.meeting
    title = _title(text, meeting, edition)
    return Content(
        edition=edition,
        caucus=languages.pick(caucus.names, (edition.frame,)),
        tag=caucus.tag,
        colour=COLOURS[caucus.hue % len(COLOURS)],
        subject=subject(text.subject, caucus.tag, meeting, edition),
        title=title,
        changed=_changed(announcement, edition.version),
        lede=_lede(title, meeting, edition, changed=announcement.kind in FOLLOWING),
        sections=_sections(meeting, edition) if meeting is not None else (),
        body=text.body,
        notice=_notice([one.language for one in texts], edition),
        link=links.announcement(announcement.reference),
        meeting_link=links.meeting(meeting.reference) if meeting is not None else "",
        contact_link=links.contact(caucus.slug),
        do_not_forward=meeting is not None and meeting.do_not_forward,
    )


def _changed(announcement: Announcement, version: str) -> Sequence[Retold]:
    """What this letter tells of its meeting, or of what it corrects, old and new."""
    corrected = announcement.correction.get("lines", {}).get(version, ())
    told = (retelling.change(row, with_place=True) for row in queries.changes(announcement))
    return [
        *(one for one in told if one is not None),
        *(Retold(announcement.made_at, _("Corrected"), was, now, "") for was, now in corrected),
    ]


def subject(words: str, tag: str, meeting: Meeting | None, edition: Edition) -> str:
    """``[VRWG] Strategy meeting, Tue 30 Nov 08:15, The Hague``.

    In a right-to-left version the first word is the author's and the tag comes last, since mail programs guess the
    direction of a subject from its first letter.
    """
    parts = [words]
    if meeting is not None:
        parts += [
            times.short(meeting, edition.version),
            places.city(meeting) if places.on_site(meeting) else _("online"),
        ]
    if languages.is_rtl(edition.version):
        return (
            "، ".join([parts[0], *(languages.isolate(part) for part in parts[1:])])
            + " "
            + languages.isolate(f"[{tag}]")
        )
    return f"[{tag}] " + ", ".join(languages.apart(part, edition.version) for part in parts)


def of_test(subject: str, edition: Edition) -> str:
    """The subject of a test, so that nobody takes it for the letter itself."""
    word = _("[TEST]")
    return f"{subject} {languages.isolate(word)}" if languages.is_rtl(edition.version) else f"{word} {subject}"


def _title(text: AnnouncementText, meeting: Meeting | None, edition: Edition) -> str:
    if meeting is None:
        return text.subject
    return meeting.titles.get(edition.version) or text.subject


def _isolated(text: str, edition: Edition) -> str:
    """``text`` in the version's language, kept from turning the frame's line around."""
    against = languages.is_rtl(edition.version) != languages.is_rtl(edition.frame)
    return languages.isolate(text) if against else text


def _lede(title: str, meeting: Meeting | None, edition: Edition, *, changed: bool) -> list[str]:
    """The first lines: what, when, where, and what is asked; of a change, that was asked before."""
    named = _isolated(title, edition)
    if meeting is None:
        return [named]
    first = _("%(what)s: %(day)s.", what=named, day=times.day(meeting))
    where = places.where(meeting)
    if meeting.state is MeetingState.CANCELLED:
        return [first, _("Where: %(place)s.", place=where), _("It does not take place.")]
    if changed:
        return [first, _("Where: %(place)s.", place=where)]
    asked = (
        _("Please reply by %(deadline)s; see below how.", deadline=times.deadline(meeting))
        if meeting.reply_by_at is not None
        else _("Please note the day.")
    )
    return [first, _("Where: %(place)s.", place=where), asked]


def _sections(meeting: Meeting, edition: Edition) -> list[Section]:
    found = [_when(meeting), Section(_("Where"), _where(meeting))]
    if meeting.state is MeetingState.CANCELLED:
        return found
    if meeting.session is not None:
        found.append(Section(_("Part of"), [languages.pick(meeting.session.names, (edition.frame,))]))
    if meeting.access:
        language, access = _best(meeting.access, edition)
        found.append(Section(_("May I come?"), access.splitlines(), language=language))
    found.append(_reply(meeting))
    spoken = _spoken(meeting)
    if spoken:
        found.append(Section(_("Languages"), [spoken]))
    if meeting.agenda:
        found.append(
            Section(_("Agenda"), (), entries=[_entry(one, edition) for one in agenda.from_json(meeting.agenda)])
        )
    shared = papers.of(meeting)
    if shared:
        entries = [
            Entry(one.title, one.language, paper_words.facts(one), paper_words.link(meeting, one)) for one in shared
        ]
        found.append(Section(_("Papers"), (), entries=entries))
    if meeting.hosts:
        found.append(Section(_("Hosts"), [_isolated(meeting.hosts, edition)]))
    if meeting.access_contact:
        found.append(Section(_("If you need access or assistance"), [meeting.access_contact]))
    return found


def _best(words: Mapping[str, str], edition: Edition) -> tuple[str, str]:
    """The text this reader understands best, with its language: who reads in place of their own language has their
    frame's first."""
    instead = edition.frame != languages.offered([edition.version])
    order = (edition.frame, edition.version) if instead else (edition.version, edition.frame)
    language = next((one for one in (*order, languages.DEFAULT) if words.get(one)), next(iter(words)))
    return language, words[language]


def _entry(item: agenda.Item, edition: Edition) -> Entry:
    language, named = _best(item.titles, edition)
    return Entry(named, language, agenda.detail(item))


def _when(meeting: Meeting) -> Section:
    others = [one.sentence for one in times.hours(meeting)[1:]]
    return Section(_("When"), [times.day(meeting), *others], clock=True, note=zones.apart(meeting.starts_at))


def _where(meeting: Meeting) -> list[str]:
    if not places.on_site(meeting):
        return [places.where(meeting)]
    venue = ", ".join(part for part in (places.venue(meeting), meeting.street, places.city(meeting)) if part)
    room = _("Room: %(room)s", room=meeting.room) if meeting.room else _capital(places.room(meeting))
    return [room, venue, places.mode(meeting)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _reply(meeting: Meeting) -> Section:
    found = [_("By %(deadline)s.", deadline=times.deadline(meeting))] if meeting.reply_by_at is not None else []
    if meeting.places is not None:
        found.append(plural("There is %(number)s place.", "There are %(number)s places.", meeting.places))
    if meeting.places_each is not None:
        found.append(quotas.rule(meeting.places_each))
    if places.by_line(meeting) and remote.kept(meeting) is not None:
        found.append(_("Whoever answers that they come is sent a private link to take part online."))
    return Section(_("Reply"), found, asks=True)


def _spoken(meeting: Meeting) -> str:
    spoken = ", ".join(languages.name(one) for one in meeting.languages)
    into = ", ".join(languages.name(one) for one in meeting.interpretation)
    if spoken and into:
        return _("%(languages)s; interpretation into %(others)s", languages=spoken, others=into)
    if into:
        return _("Interpretation into %(others)s", others=into)
    return spoken


def _notice(versions: Sequence[str], edition: Edition) -> str:
    """Said only where somebody reads another language than they chose."""
    if not edition.instead and (edition.frame == languages.offered([edition.version]) or edition.frame in versions):
        return ""
    named = [languages.name(one) for one in versions]
    if len(named) == 1:
        return _("This announcement exists in %(language)s only.", language=named[0])
    return _(
        "This announcement exists in %(languages)s and %(last)s only.", languages=", ".join(named[:-1]), last=named[-1]
    )
