"""Person, their further addresses, credentials, sign-ins and recoveries.

A person is one human being with one account, made when they confirm an address; two people may share a mailbox, so an
address does not identify. Nothing here knows of NGOs or caucuses.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.database import Key, Model


class SiteRole(StrEnum):
    """What a person may do on the whole site, beside what their seats and keepings allow."""

    MEMBER = "member"
    SECRETARIAT = "secretariat"


class CredentialKind(StrEnum):
    """How a person can prove who they are. Second factors come beside the first without a change of table."""

    PASSWORD = "password"
    PASSKEY = "passkey"
    TOTP = "totp"
    RECOVERY_CODE = "recovery-code"


class Shelter(StrEnum):
    """What is sent to somebody who is protected; name and addresses of theirs stand sealed elsewhere (``privacy``)."""

    SILENT = "silent"  # nothing
    REROUTED = "rerouted"  # everything, to the one address they chose


class Person(Model):
    """One human being: how we write to them and how they sign in."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("length(name) > 0", "named"),
        CheckConstraint("CAST(languages AS TEXT) <> '[]'", "reads_a_language"),
        CheckConstraint(
            "(reading_from IS NULL AND reading_until IS NULL)"
            " OR (reading_from BETWEEN 0 AND 23 AND reading_until BETWEEN 1 AND 24 AND reading_from <> reading_until)",
            "reads_within_a_day",
        ),
        CheckConstraint("reading_days <> ''", "reads_on_some_day"),
        Index("ix_people_address_key", "address_key"),
        Index(
            "ix_people_shelter",
            "shelter",
            postgresql_where=text("shelter IS NOT NULL"),
            sqlite_where=text("shelter IS NOT NULL"),
        ),
    )
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200))  # as the person writes it; never split
    address: Mapped[str] = mapped_column(String(320))  # the one we write to, as typed, domain lower-case
    address_key: Mapped[str] = mapped_column(String(320))  # mail.addresses.key(address): for finding
    languages: Mapped[list[str]]  # in order of preference, at least one
    zone: Mapped[str] = mapped_column(String(64), default="UTC")  # IANA
    role: Mapped[SiteRole] = mapped_column(default=SiteRole.MEMBER)
    discreet: Mapped[bool] = mapped_column(default=False)  # neutral sender and subject
    settings_version: Mapped[int] = mapped_column(default=1)  # raised to revoke every footer link in old letters
    reminders: Mapped[bool] = mapped_column(default=True)  # of meetings, the day before
    reading_from: Mapped[int | None]  # hour of their own clock from which letters may come; None: at any time
    reading_until: Mapped[int | None]  # the hour from which they may not; before the other: on the next day
    reading_days: Mapped[str] = mapped_column(String(7), default="12345")  # ISO weekdays on which they may (``hours``)
    digest_weekly: Mapped[bool] = mapped_column(default=False)  # else on each of these days
    calendar_version: Mapped[int] = mapped_column(default=1)  # raised to close the address of their calendar feed
    made_at: Mapped[datetime]
    left_at: Mapped[datetime | None]  # left everything; nothing is sent any more
    goes_at: Mapped[datetime | None]  # when they are erased, as they asked; until then no letters come by new places
    shelter: Mapped[Shelter | None]  # None: not protected
    links_since: Mapped[datetime | None]  # links that were made until then open nothing (``revoking.refuse_old``)

    @property
    def language(self) -> str:
        """The language they would rather read."""
        return self.languages[0]


class SecondAddress(Model):
    """A further address of a person: they sign in with it, and letters of some caucuses go there if they wish.

    One that was removed keeps its row, unverified, for as long as that can be taken back.
    """

    __tablename__ = "second_addresses"
    __table_args__ = (UniqueConstraint("person_id", "address_key"),)
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320), index=True)
    verified_at: Mapped[datetime | None]


class AddressStep(StrEnum):
    """What was done to a person's addresses."""

    REPLACED = "replaced"  # letters go to a new address, and no more to the old one
    MAIN = "main"  # a further address has become the main one, and the other way round
    ADDED = "added"
    REMOVED = "removed"


class AskedAddress(Model):
    """An address that a person gave: theirs only once the link in the letter to it is used."""

    __tablename__ = "asked_addresses"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320))
    instead: Mapped[bool]  # of the main one; False: beside it
    asked_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # or taken back

    person: Mapped[Person] = relationship()


class AddressChange(Model):
    """One change of a person's addresses, with what they were before: kept for as long as it can be taken back."""

    __tablename__ = "address_changes"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    step: Mapped[AddressStep]
    was: Mapped[list[str]] = mapped_column(default=list)  # the addresses before, the main one first
    introduced_key: Mapped[str] = mapped_column(String(320), default="")  # of an address that was not theirs before
    undone_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class RecoveryWay(StrEnum):
    """What stands for the mailbox that can no longer be read."""

    CODE = "code"  # a recovery code
    KNOWN = "known"  # somebody who knows them, and then the secretariat


class RecoveryState(StrEnum):
    """How far a recovery has come; one that has ended keeps the state in which it did."""

    ASKED = "asked"  # the new address is not confirmed yet
    VOUCHING = "vouching"  # somebody who knows them is asked
    DECIDING = "deciding"  # somebody has vouched; the secretariat decides
    WAITING = "waiting"  # changes when it is due, unless somebody stops it
    DONE = "done"


class Vouchers(StrEnum):
    """Who is asked whether it is they who ask."""

    COLLEAGUES = "colleagues"  # of the same organisation
    COORDINATORS = "coordinators"  # of a caucus they are in
    SECRETARIAT = "secretariat"  # two of them


class Recovery(Model):
    """Somebody who cannot read their mailbox any more asks that another address be theirs.

    Made for an unknown address too: a job looks who is meant, so that no page can tell.
    """

    __tablename__ = "recoveries"
    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    way: Mapped[RecoveryWay]
    state: Mapped[RecoveryState] = mapped_column(default=RecoveryState.ASKED)
    old_key: Mapped[str] = mapped_column(String(320))  # as a stranger typed it, like what follows
    name: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text, default="")  # how to reach them, for who is asked
    language: Mapped[str] = mapped_column(String(16))  # of the letters to the new address
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320))
    sealed_code: Mapped[str] = mapped_column(String(200), default="")  # until the job has looked
    asked_at: Mapped[datetime]
    looked_at: Mapped[datetime | None] = mapped_column(index=True)  # by the job; None: still to do, once it can
    since: Mapped[datetime]  # of the present state
    vouchers: Mapped[Vouchers | None]
    vouched_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    how: Mapped[str] = mapped_column(Text, default="")  # who vouched knows that it is they
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # turned down, or stopped
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


class Credential(Model):
    """One way in which a person proves who they are; a person may have many."""

    __tablename__ = "credentials"
    __table_args__ = (
        Index(
            "uq_credentials_one_password",
            "person_id",
            unique=True,
            postgresql_where=text("kind = 'password'"),
            sqlite_where=text("kind = 'password'"),
        ),
    )
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    kind: Mapped[CredentialKind]
    secret: Mapped[str] = mapped_column(
        String(1000)
    )  # argon2id hash, sealed secret, fingerprint, public key: never readable
    label: Mapped[str] = mapped_column(String(100), default="")
    handle: Mapped[str | None] = mapped_column(String(1400), unique=True)  # of a passkey: its credential id, base64url
    counter: Mapped[int] = mapped_column(
        BigInteger, default=0
    )  # TOTP: newest step used; passkey: signatures it says it made
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInLetter(Model):
    """A one-time link and code, asked for by somebody who typed an address; used once, within 15 minutes.

    A row is made for an unknown address too: whether anybody is reached there is looked up by a job, which writes the
    letter. Whom the link lets in is found out when it is used: the people who are reached at this address *then*.
    """

    __tablename__ = "sign_in_letters"
    id: Mapped[Key]
    address_key: Mapped[str] = mapped_column(
        String(320), index=True
    )  # beyond the limit a keyed fingerprint, "" when late
    code_fingerprint: Mapped[str] = mapped_column(String(64), default="")  # "": no letter was written
    asked_at: Mapped[datetime] = mapped_column(index=True)
    looked_at: Mapped[datetime | None] = mapped_column(index=True)  # by the job; None: still to do
    used_at: Mapped[datetime | None]


class SignIn(Model):
    """One device on which a person is signed in; ended by signing out, anywhere.

    One that ``waits`` for its second step opens nothing but that step.
    """

    __tablename__ = "sign_ins"
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    secret_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[datetime]
    proved_at: Mapped[datetime]  # last fresh proof; dangerous changes ask for a recent one
    waits: Mapped[bool] = mapped_column(default=False)  # the second step is still to come
    factor_at: Mapped[datetime | None]  # when a second factor was last proved here; good for half a day
    used_at: Mapped[datetime | None]  # when a button was last pressed here, to the hour
    stopped: Mapped[str | None] = mapped_column(Text)  # sealed: a form that waits for a fresh proof (``stopped``)
    stopped_at: Mapped[datetime | None]  # when it was sent
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
