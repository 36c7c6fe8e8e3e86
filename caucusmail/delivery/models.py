"""The ledger: what is owed to whom, and what became of it.

One ``OutgoingMessage`` for a letter or an announcement, one ``OutgoingText`` for each language version (compiled once,
with slots), one ``Delivery`` for each person. Text and row together make exactly the same bytes again.
Rows hold plain keys for what stands above this floor (``subject_kind``, ``subject_id``).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.database import Key, Model


class Lane(StrEnum):
    """Which queue a message stands in; an earlier lane is served first."""

    TRANSACTIONAL = "transactional"  # letters that somebody waits for
    URGENT = "urgent"  # a room changed
    ANNOUNCE = "announce"
    BULK = "bulk"
    DIGEST = "digest"  # never sent as it is: what is due is put in one letter for its reader (``delivery.riding``)


class DeliveryState(StrEnum):
    """The seven states of a row, and no other. *Claimed* is QUEUED or DEFERRED with a lease: its message has not begun."""

    QUEUED = "queued"
    IN_FLIGHT = "in-flight"  # committed before the final dot
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # the dot may have been sent; never resent by itself
    WITHDRAWN = "withdrawn"


class Pause(StrEnum):
    """Why a message was paused, by itself or by a person."""

    POLICY = "policy"  # servers blame the sender: our DKIM, SPF, reputation
    REFUSED = "refused"  # too many of a wave were refused for good
    COMPLAINED = "complained"  # too many of a wave complained
    ASKED = "asked"  # by a person


DUE = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
"""States from which a row may still be sent."""


OWED = text("state IN ('queued', 'deferred')")
"""The same, word for word as in the index that finds them: a database uses it for no other words."""

UNWORN = text("worn_at IS NULL")

IN_WAVES = text("per_hour IS NOT NULL")

LEASED = text("lease_until IS NOT NULL")

RIDING = text("digest_id IS NOT NULL")


class OutgoingMessage(Model):
    """One letter, or one announcement to many."""

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        Index("ix_outgoing_messages_subject", "subject_kind", "subject_id"),
        Index("ix_outgoing_messages_worn", "made_at", postgresql_where=UNWORN, sqlite_where=UNWORN),
        Index("ix_outgoing_messages_waves", "per_hour", postgresql_where=IN_WAVES, sqlite_where=IN_WAVES),
    )
    id: Mapped[Key]
    lane: Mapped[Lane]
    kind: Mapped[str] = mapped_column(String(64))  # the letter's name: "directory/confirm_application", "announcement"
    subject_kind: Mapped[str] = mapped_column(String(32), default="")
    subject_id: Mapped[int | None]
    sender: Mapped[str] = mapped_column(String(64))  # local part that VERP return paths begin with
    made_at: Mapped[datetime]
    released_at: Mapped[datetime | None]  # None: held, nothing of it leaves, even what is due
    paused_at: Mapped[datetime | None]  # nothing of it leaves until somebody lets it go on
    paused_why: Mapped[str] = mapped_column(String(500), default="")  # a Pause's value, and the server's words after it
    told_at: Mapped[datetime | None]  # when those who keep it were told that it paused by itself
    stopped_at: Mapped[datetime | None]  # nothing more of it leaves
    per_hour: Mapped[int | None]  # copies in one wave (``delivery.waves``); None: all at once
    worn_at: Mapped[datetime | None]  # when its words were forgotten (``delivery.wearing``)
    judged_from: Mapped[datetime | None]  # what was settled before a person let it go on stops it no more


class OutgoingText(Model):
    """One language version of a message, compiled: a whole RFC 5322 message with slots (``mail.compiled``)."""

    __tablename__ = "outgoing_texts"
    __table_args__ = (UniqueConstraint("message_id", "language"),)
    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("outgoing_messages.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(16))
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what slots need in this language: reasons, instants …

    message: Mapped[OutgoingMessage] = relationship()


class Delivery(Model):
    """One person's copy of one message: the row that is never lost."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("message_id", "person_id"),  # letters to strangers have no person, and one row each
        CheckConstraint("state != 'accepted' OR settled_at IS NOT NULL", "accepted_at_a_time"),
        # What a claim looks for, in its order; and leases, for the sweep. Both hold only what is open.
        Index("ix_deliveries_due", "lane", "due_at", "id", postgresql_where=OWED, sqlite_where=OWED),
        Index("ix_deliveries_leased", "lease_until", postgresql_where=LEASED, sqlite_where=LEASED),
        Index("ix_deliveries_message_state", "message_id", "state"),
        Index("ix_deliveries_digest_id", "digest_id", postgresql_where=RIDING, sqlite_where=RIDING),
        Index(
            "ix_deliveries_bounced_at",
            "bounced_at",
            postgresql_where=text("bounced_at IS NOT NULL"),
            sqlite_where=text("bounced_at IS NOT NULL"),
        ),
        Index(
            "ix_deliveries_complained_at",
            "complained_at",
            postgresql_where=text("complained_at IS NOT NULL"),
            sqlite_where=text("complained_at IS NOT NULL"),
        ),
    )
    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("outgoing_messages.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )  # None: not a person yet
    lane: Mapped[Lane]
    name: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320), index=True)
    language: Mapped[str] = mapped_column(String(16))  # of the version chosen
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    why: Mapped[str] = mapped_column(Text, default="")  # why in: keys into OutgoingText.words["why"], space separated
    moved_at: Mapped[datetime | None]  # the person changed their address while this was still to leave
    settings_version: Mapped[int | None]  # of the person when this was owed: what the footer link is good for

    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.QUEUED)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]  # when the lease was found lapsed; its worker may still renew it
    lease_by: Mapped[str] = mapped_column(String(64), default="")  # which worker's turn
    attempts: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None]  # first attempt
    answered_at: Mapped[datetime | None]  # giving up is reckoned from here: ``retry.counted_from``
    settled_at: Mapped[datetime | None]  # accepted, failed, uncertain or withdrawn
    reply_code: Mapped[int | None]
    reply: Mapped[str] = mapped_column(String(500), default="")  # the server's own words
    note: Mapped[str] = mapped_column(
        String(64), default=""
    )  # why withdrawn or failed, in the house's words (an enum value)

    digest_id: Mapped[int | None] = mapped_column(
        ForeignKey("deliveries.id", ondelete="SET NULL")
    )  # the copy of the digest that this one leaves in; what becomes of that becomes of it

    # A report that came afterwards (``delivery.bounces``). The state stays: the relay did accept it, and when.
    bounced_at: Mapped[datetime | None]
    bounce: Mapped[str | None] = mapped_column(String(16))  # whose fault it was: a value of ``mail.faults.Fault``
    bounce_words: Mapped[str | None] = mapped_column(String(500))  # the refusing server's own

    complained_at: Mapped[datetime | None]  # a complaint about this copy came in

    message: Mapped[OutgoingMessage] = relationship()


class Step(StrEnum):
    """What a person may ask, or say, of a copy that is not settled as they hoped."""

    TRY_NOW = "try-now"  # it waits for its next try, or failed for a reason that is not the address
    SEND_AGAIN = "send-again"  # it is uncertain
    ARRIVED = "arrived"  # it is uncertain, and whoever it was for has it
    NOT_ARRIVED = "not-arrived"


class Intervention(Model):
    """One time that a person stepped in for a copy: who, when, why, and how its row stood before."""

    __tablename__ = "interventions"
    __table_args__ = (UniqueConstraint("delivery_id", "entry_id"),)
    id: Mapped[Key]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[int] = mapped_column(index=True)  # of the journal: all copies of one request share it
    step: Mapped[Step]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None]

    state: Mapped[DeliveryState]  # of the row before, as all that follows
    note: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    bounce: Mapped[str | None] = mapped_column(String(16))
    bounce_words: Mapped[str | None] = mapped_column(String(500))


class MinutePace(Model):
    """How many letters all workers together have begun, or reserved, in one minute."""

    __tablename__ = "minute_paces"
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # since 1970, UTC
    begun: Mapped[int]


class LimitPace(Model):
    """How far a limit that the operator set is used up: of a relay, or of a recipient domain (``delivery.limits``)."""

    __tablename__ = "limit_paces"
    name: Mapped[str] = mapped_column(
        String(330), primary_key=True
    )  # ``limits.relay``, ``limits.domain``; "": the lock
    full_at: Mapped[datetime]  # from then on a whole burst may leave again
    minute: Mapped[int]  # since 1970, UTC
    begun: Mapped[int]  # letters that count in that minute, for people to look at


class DomainPace(Model):
    """A recipient domain that asked us to write more slowly."""

    __tablename__ = "domain_paces"
    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    level: Mapped[int]  # how many times, less the times that it took letters since (``delivery.pacing.WAITS``)
    since: Mapped[datetime]
    until: Mapped[datetime]  # nothing is begun for it before


class Suppression(Model):
    """An address nothing is sent to; kept as a keyed fingerprint of its normalised form."""

    __tablename__ = "suppressions"
    address_fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(String(32))  # "bounced", "complained", "asked"
    since: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    shown: Mapped[str] = mapped_column(String(330), default="")  # the address, masked
    words: Mapped[str] = mapped_column(String(500), default="")  # of the server that refused it last


class Cover(Model):
    """What stands in place of the address of somebody who is protected, wherever it would stand; it, sealed (``delivery.covers``)."""

    __tablename__ = "covers"
    address_key: Mapped[str] = mapped_column(String(330), primary_key=True)  # of the cover
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    covered_fingerprint: Mapped[str] = mapped_column(
        String(64), index=True
    )  # keyed, of the address: to find it by; "": it is theirs no more
    sealed: Mapped[str] = mapped_column(Text)
    opens: Mapped[bool]  # whether letters leave to it; else only those that somebody asked for this minute


class AddressTrouble(Model):
    """What is held against an address, kept as its keyed fingerprint; forgotten when nothing more comes."""

    __tablename__ = "address_troubles"
    id: Mapped[Key]
    address_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    score: Mapped[int] = mapped_column(default=0)  # points (``delivery.scoring``)
    charged_at: Mapped[datetime | None]  # last; at most once a day
    probed_at: Mapped[datetime | None]  # when a letter was owed that only asks whether it arrives; None: none is out
