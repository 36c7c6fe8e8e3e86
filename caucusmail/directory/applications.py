"""Tables of sign-up: applications, the people and wishes on them, evidence, review windows."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.database import Key, Model, Words
from caucusmail.directory.models import Caucus
from caucusmail.directory.reasons import Reason

SHORTEST_SUBMISSION = 16  # characters: too many to be guessed or to come up twice


class ApplicationKind(StrEnum):
    """Who asks to join."""

    ORGANISATION = "organisation"
    INDIVIDUAL = "individual"


class ApplicationState(StrEnum):
    """Where an application stands."""

    UNCONFIRMED = "unconfirmed"  # nobody has pressed the button in their letter yet
    TO_REVIEW = "to-review"
    ASKED = "asked"  # the secretariat wants to know more
    HELD = "held"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by the applicants themselves
    EXPIRED = "expired"


class Application(Model):
    """What an NGO or an expert wrote on the sign-up form; kept apart from the directory until it is approved."""

    __tablename__ = "applications"
    __table_args__ = (CheckConstraint(f"length(submission) >= {SHORTEST_SUBMISSION}", "told_from_others"),)
    id: Mapped[Key]
    kind: Mapped[ApplicationKind]
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.UNCONFIRMED, index=True)
    submission: Mapped[str] = mapped_column(
        String(32), unique=True
    )  # random, from the form: a form sent twice is one application
    ngo_name: Mapped[str] = mapped_column(String(250), default="")
    name_key: Mapped[str] = mapped_column(String(250), default="", index=True)
    latin_name: Mapped[str] = mapped_column(String(250), default="")
    acronym: Mapped[str] = mapped_column(String(40), default="")
    country_code: Mapped[str | None] = mapped_column(ForeignKey("countries.code"))
    in_exile: Mapped[bool] = mapped_column(default=False)  # or would rather not say
    website: Mapped[str] = mapped_column(String(300), default="")
    vouchers: Mapped[str] = mapped_column(Text, default="")  # who knows them, in their own words
    authorised: Mapped[bool] = mapped_column(default=False)  # "I am authorised by my organisation"
    naming_policy: Mapped[bool] = mapped_column(default=False)
    ngo_id: Mapped[int | None] = mapped_column(ForeignKey("ngos.id", ondelete="SET NULL"))  # linked to, or made
    for_ngo_id: Mapped[int | None] = mapped_column(
        ForeignKey("ngos.id", ondelete="CASCADE")
    )  # added by that organisation's own administrator
    made_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]  # first confirmation: from here it waits for review
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    refusal: Mapped[Reason | None]  # why it was declined; each has a sentence, ``directory.reasons.told``
    reason: Mapped[str] = mapped_column(Text, default="")  # what was asked, or said beside the refusal: word for word
    note: Mapped[str] = mapped_column(Text, default="")  # among staff


class ApplicantState(StrEnum):
    """Where one person on an application stands."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"  # by themselves, after confirming; they may come back until it is decided
    RECALLED = (
        "recalled"  # by the organisation that invited them; deleted on the same day as the silent, unless put back
    )
    EXPIRED = "expired"  # not confirmed in 14 days, or "this was not me": name and address deleted
    REPLACED = "replaced"  # left out when the form was sent again with a correction: name and address deleted


class Applicant(Model):
    """One person on an application. Becomes a Person at confirmation."""

    __tablename__ = "applicants"
    __table_args__ = (Index("ix_applicants_state_made_at", "state", "made_at"),)
    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    state: Mapped[ApplicantState] = mapped_column(default=ApplicantState.UNCONFIRMED)
    first: Mapped[bool] = mapped_column(
        default=False
    )  # who filled in the form: becomes the organisation's administrator
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320), index=True)
    languages: Mapped[list[str]]
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    code_fingerprint: Mapped[str] = mapped_column(
        String(64), default=""
    )  # of the code in the newest letter; "": no code
    letters: Mapped[int] = mapped_column(default=0)  # sent so far: the first and the reminders
    written_at: Mapped[datetime | None]  # the newest letter
    confirmed_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]

    application: Mapped[Application] = relationship()


class Wish(Model):
    """A caucus that an applicant wants to join, and the consent text that stood beside the tick."""

    __tablename__ = "wishes"
    __table_args__ = (UniqueConstraint("applicant_id", "caucus_id"),)
    id: Mapped[Key]
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id", ondelete="CASCADE"))
    caucus_id: Mapped[int] = mapped_column(ForeignKey("caucuses.id", ondelete="CASCADE"))
    text_fingerprint: Mapped[str] = mapped_column(ForeignKey("consent_texts.fingerprint"))
    kept: Mapped[bool | None]  # None: not confirmed yet; False: unticked on the confirm page

    caucus: Mapped[Caucus] = relationship()


class Evidence(Model):
    """What an applicant added after sending the form: an answer to what was asked, or who else knows them."""

    __tablename__ = "evidence"
    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicants.id", ondelete="SET NULL"))
    asked: Mapped[str] = mapped_column(Text, default="")  # what the secretariat wanted to know; "": unasked
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class ReviewWindow(Model):
    """When the secretariat looks at applications; between windows applicants are told when the next one opens."""

    __tablename__ = "review_windows"
    __table_args__ = (
        UniqueConstraint("opens_at", "closes_at"),
        CheckConstraint("closes_at > opens_at", "closes_after_it_opens"),
    )
    id: Mapped[Key]
    opens_at: Mapped[datetime] = mapped_column(index=True)
    closes_at: Mapped[datetime]
    note: Mapped[Words] = mapped_column(default=dict)  # why paused until then
