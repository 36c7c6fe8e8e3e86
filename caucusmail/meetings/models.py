"""Meetings, the sessions they belong to, venues, what has changed, and who comes."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import Key, Model, OptionalWall, Wall, Words
from caucusmail.directory.models import Caucus


class MeetingKind(StrEnum):
    """What kind of meeting."""

    STRATEGY = "strategy"
    BRIEFING = "briefing"
    SIDE_EVENT = "side-event"
    WORKING_GROUP = "working-group"
    CALL = "call"


class MeetingMode(StrEnum):
    """How one takes part."""

    IN_PERSON = "in-person"
    HYBRID = "hybrid"
    ONLINE = "online"
    STREAM = "stream"  # stream only


class MeetingState(StrEnum):
    """RFC 5545 STATUS, as far as we use it, and the state before anybody was told."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Venue(Model):
    """A preset: a place that fills in city, zone and access rules."""

    __tablename__ = "venues"
    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    names: Mapped[Words]
    city: Mapped[Words]
    zone: Mapped[str] = mapped_column(String(64))
    street: Mapped[str] = mapped_column(String(200), default="")
    access: Mapped[Words]  # badge rule, entrance, pick-up place and hours, papers to bring
    desk_opens: Mapped[str] = mapped_column(String(5), default="")  # "09:00" on day one; "" if there is no desk
    place: Mapped[int] = mapped_column(default=0)


class MeetingSession(Model):
    """A session that groups meetings: an Assembly of States Parties, a roundtable. Its days and cities are its parts."""

    __tablename__ = "meeting_sessions"
    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(60), unique=True)  # in its address, for good
    names: Mapped[Words]

    parts: Mapped[list["SessionPart"]] = relationship(
        order_by="SessionPart.begins_on", cascade="all, delete-orphan", lazy="selectin"
    )


class SessionPart(Model):
    """Days in one city: a session can be split over cities, pause for a weekend, and be resumed months later."""

    __tablename__ = "session_parts"
    __table_args__ = (
        UniqueConstraint("session_id", "begins_on"),
        CheckConstraint("ends_on >= begins_on", "ends_after_it_begins"),
    )
    id: Mapped[Key]
    session_id: Mapped[int] = mapped_column(ForeignKey("meeting_sessions.id", ondelete="CASCADE"))
    begins_on: Mapped[str] = mapped_column(String(10))  # ISO date in the part's city
    ends_on: Mapped[str] = mapped_column(String(10))
    city: Mapped[str] = mapped_column(String(120))  # as it was typed
    zone: Mapped[str] = mapped_column(String(64))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venues.id", ondelete="SET NULL"))

    venue: Mapped[Venue | None] = relationship(lazy="joined")


class Meeting(Model):
    """One meeting. Its time is a wall time in a named zone; the instant is reckoned from it with a stated tz-data version."""

    __tablename__ = "meetings"
    __table_args__ = (CheckConstraint("ends_at > starts_at", "ends_after_it_starts"),)
    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(24), unique=True)  # in its address; not guessable
    uid: Mapped[str] = mapped_column(String(120), unique=True)  # RFC 5545 UID, fixed for life
    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5546: raised when time, place or state changes
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.DRAFT)
    caucus_id: Mapped[int] = mapped_column(ForeignKey("caucuses.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_sessions.id", ondelete="SET NULL"), index=True)
    kind: Mapped[MeetingKind]
    titles: Mapped[Words]
    mode: Mapped[MeetingMode] = mapped_column(default=MeetingMode.IN_PERSON)
    public: Mapped[bool] = mapped_column(default=False)  # listed on public pages (never its room or link)

    city: Mapped[str] = mapped_column(String(120))  # as shown; "" for online
    zone: Mapped[str] = mapped_column(String(64))
    starts: Mapped[Wall]
    ends: Mapped[Wall]
    second_hour: Mapped[bool | None]  # for a wall time that comes twice: False the first, True the second
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    tzdata: Mapped[str] = mapped_column(String(10))

    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venues.id"))
    venue_name: Mapped[str] = mapped_column(String(200), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    room: Mapped[str] = mapped_column(String(120), default="")  # "" : to be confirmed
    room_by: Mapped[str] = mapped_column(String(10), default="")  # ISO date by which the room will be known
    access: Mapped[Words] = mapped_column(default=dict)
    access_contact: Mapped[str] = mapped_column(String(200), default="")  # for access needs: a role and how to reach it

    languages: Mapped[list[str]] = mapped_column(default=list)
    interpretation: Mapped[list[str]] = mapped_column(default=list)
    reply_by: Mapped[OptionalWall]
    reply_zone: Mapped[str] = mapped_column(String(64), default="")
    reply_by_at: Mapped[datetime | None]
    places: Mapped[int | None]
    places_each: Mapped[int | None]  # that one organisation may have (``quotas``); None: as many as like
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # agenda.Item as JSON, in their order
    hosts: Mapped[str] = mapped_column(String(300), default="")
    do_not_forward: Mapped[bool] = mapped_column(default=True)
    invites_newcomers: Mapped[bool] = mapped_column(default=True)  # who joins after it was announced is invited too
    clock_asked: Mapped[str] = mapped_column(
        String(10), default=""
    )  # tz-data whose new rules its keepers were asked about
    series: Mapped[str] = mapped_column(String(24), default="", index=True)  # those that were made together
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(
        default=lambda: clock.now(), onupdate=lambda: clock.now()
    )  # whatever changed it

    caucus: Mapped[Caucus] = relationship()
    session: Mapped[MeetingSession | None] = relationship()
    venue: Mapped[Venue | None] = relationship()


class MeetingChange(Model):
    """What a meeting was before, and is now: for the page's change stamp and for letters that say both."""

    __tablename__ = "meeting_changes"
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(20))  # room, time, access, agenda, hosts, languages, document, cancelled …
    was: Mapped[dict[str, Any]]
    now: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")


class AnswerState(StrEnum):
    """What somebody answered (RFC 5545, 3.2.12: ACCEPTED, DECLINED, TENTATIVE)."""

    COMING = "coming"
    NOT_COMING = "not-coming"
    MAYBE = "maybe"


class AnswerWay(StrEnum):
    """How an answer reached us."""

    PAGE = "page"  # signed in, on the meeting's page
    LINK = "link"  # in a letter
    CALENDAR = "calendar"  # RFC 5546 REPLY of a mail program


class Answer(Model):
    """What one person answered about one meeting; a later answer takes the place of the one before."""

    __tablename__ = "meeting_answers"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id"),
        CheckConstraint("(state = 'coming') = (coming_since IS NOT NULL)", "who_comes_does_so_since"),
        CheckConstraint("state = 'coming' OR NOT has_place", "a_place_is_for_who_comes"),
        CheckConstraint("(proposed_starts_at IS NULL) = (proposed_ends_at IS NULL)", "a_proposal_has_both_ends"),
        Index("ix_meeting_answers_meeting_id_coming_since", "meeting_id", "coming_since"),
    )
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    state: Mapped[AnswerState]
    at: Mapped[datetime]
    way: Mapped[AnswerWay]
    from_address: Mapped[str] = mapped_column(String(254), default="")  # masked: a calendar's that is none of theirs
    late: Mapped[bool] = mapped_column(default=False)  # after the deadline
    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5546 SEQUENCE of the meeting that it was given to
    stamp: Mapped[datetime]  # when it was made; of a calendar its DTSTAMP, which orders its replies
    coming_since: Mapped[datetime | None]  # the order of the waiting list
    has_place: Mapped[bool] = mapped_column(default=False)  # False of who comes: on the waiting list
    link_told: Mapped[int] = mapped_column(default=0)  # number of the private link that was last owed to them by letter
    proposed_starts_at: Mapped[datetime | None]  # another time, as a calendar proposed it (RFC 5546 COUNTER)
    proposed_ends_at: Mapped[datetime | None]

    interpretation: Mapped[str] = mapped_column(
        String(10), default=""
    )  # the language they need it into; these: ``needs``
    wheelchair: Mapped[bool] = mapped_column(default=False)
    from_afar: Mapped[bool] = mapped_column(default=False)  # they take part online
    other_need: Mapped[str] = mapped_column(String(200), default="")
    said: Mapped[dict[str, str]] = mapped_column(default=dict)  # to the meeting's own questions, by the question's id
    may_contact: Mapped[bool] = mapped_column(default=False)  # those who keep the group may see this, name and address
    on_door_list: Mapped[bool] = mapped_column(
        default=False
    )  # agreed that the building's door is told name and organisation

    person: Mapped[Person] = relationship()


class MeetingQuestion(Model):
    """What those who keep a meeting ask of whoever answers, in a few words."""

    __tablename__ = "meeting_questions"
    __table_args__ = (UniqueConstraint("meeting_id", "place"),)
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    place: Mapped[int]  # 1 to 3
    words: Mapped[Words]


class RemoteLink(Model):
    """The private way into a meeting from afar. It stands apart from the meeting's row, so that nothing which shows, copies or
    compares a meeting can take it along; who reads it is said in ``meetings.remote``."""

    __tablename__ = "remote_links"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(String(500), default="")
    words: Mapped[str] = mapped_column(String(500), default="")  # dial-in numbers, passcode; with no url, all there is
    number: Mapped[int]  # raised by each change; with neither url nor words it was taken away


class DoorList(Model):
    """The list of names for the door of a meeting's building: made once, sealed, erased after the day (``meetings.guests``)."""

    __tablename__ = "door_lists"
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), unique=True)
    made_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    salt: Mapped[bytes] = mapped_column(LargeBinary)  # without it nothing on the list opens; b"" once it is erased
    openings: Mapped[int] = mapped_column(default=0)
    erased_at: Mapped[datetime | None]

    by: Mapped[Person | None] = relationship()


class DoorName(Model):
    """One person on the list for a door, sealed (``meetings.seals``)."""

    __tablename__ = "door_names"
    __table_args__ = (UniqueConstraint("list_id", "person_id"),)
    id: Mapped[Key]
    list_id: Mapped[int] = mapped_column(ForeignKey("door_lists.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # name and organisation


class AnswerTally(Model):
    """How many answered what, as it was at one moment: what is shown of a group whose roster is hidden (``meetings.tallies``)."""

    __tablename__ = "meeting_tallies"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    coming: Mapped[int]
    not_coming: Mapped[int]
    maybe: Mapped[int]
    needs: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # how many need what, and said something (``needs.counts``)
