"""Regions, caucuses, keepers, NGOs, representatives, seats, affiliations and consent.

A caucus is not a mailing list: the six have six different natures (status and way of joining are data).
A seat belongs to an organisation; a person holds it for a time. Arrows point down: ``Person`` knows nothing of this.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.accounts.models import Person
from caucusmail.database import Key, Model, Words


class Family(StrEnum):
    """What kind of group; all four run on the same code."""

    CAUCUS = "caucus"
    TEAM = "team"
    NETWORK = "network"  # regional
    COALITION = "coalition"  # national


class Status(StrEnum):
    """Where a caucus stands in its life; ``directory.lifecycle`` moves it."""

    ACTIVE = "active"
    DORMANT = "dormant"
    GATHERING = "gathering"  # interest
    REVIVING = "reviving"
    ARCHIVED = "archived"


class JoinMode(StrEnum):
    """How one gets in."""

    APPROVAL = "approval"
    INTEREST = "interest"
    EXTERNAL = "external"  # on its own site
    CLOSED = "closed"


class Admits(StrEnum):
    """Who may be in."""

    ORGANISATIONS = "organisations"
    BOTH = "both"  # organisations and individual experts


class RosterPolicy(StrEnum):
    """Who, beside keepers and secretariat, may see who is in."""

    HIDDEN = "hidden"
    MEMBERS = "members"  # co-members see names and organisations, never addresses


class Sensitivity(StrEnum):
    """How confidential a membership is."""

    ORDINARY = "ordinary"
    CONFIDENTIAL = "confidential"


class Region(Model):
    """One of the Coalition's regions. Which countries lie in it is data."""

    __tablename__ = "regions"
    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(32), unique=True)
    names: Mapped[Words]
    place: Mapped[int] = mapped_column(default=0)  # order on pages


class Country(Model):
    """A place in a region; its name is Babel's unless ``names`` says otherwise."""

    __tablename__ = "countries"
    code: Mapped[str] = mapped_column(String(2), primary_key=True)  # ISO 3166-1 alpha-2
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    names: Mapped[Words] = mapped_column(default=dict)

    region: Mapped[Region] = relationship()


class Caucus(Model):
    """A caucus, team, regional network or national coalition."""

    __tablename__ = "caucuses"
    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(40), unique=True)  # also its short name: typed to confirm, in subject tags
    family: Mapped[Family] = mapped_column(index=True)
    tag: Mapped[str] = mapped_column(String(20))  # "VRWG": in [brackets] before subjects
    names: Mapped[Words]
    former_names: Mapped[list[str]] = mapped_column(default=list)
    about: Mapped[Words]  # one or two sentences: who it is for
    history: Mapped[Words] = mapped_column(default=dict)
    status: Mapped[Status]
    status_since: Mapped[datetime | None]  # None: since before it came here
    join_mode: Mapped[JoinMode]
    admits: Mapped[Admits] = mapped_column(default=Admits.BOTH)
    roster: Mapped[RosterPolicy] = mapped_column(default=RosterPolicy.HIDDEN)
    sensitivity: Mapped[Sensitivity] = mapped_column(default=Sensitivity.ORDINARY)
    external_url: Mapped[str] = mapped_column(String(300), default="")
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    country_code: Mapped[str | None] = mapped_column(ForeignKey("countries.code"))
    founded: Mapped[int | None]  # year
    hue: Mapped[int] = mapped_column(default=0)  # 0-11: the 4 px bar beside its name
    place: Mapped[int] = mapped_column(default=0)  # order on pages

    region: Mapped[Region | None] = relationship()


def _term() -> CheckConstraint:
    return CheckConstraint("until IS NULL OR until >= since", "ends_after_it_begins")


class KeeperRole(StrEnum):
    """What a keeper does."""

    COORDINATOR = "coordinator"
    MODERATOR = "moderator"


class Keeper(Model):
    """A person who keeps a caucus, from a day, until a day."""

    __tablename__ = "keepers"
    __table_args__ = (UniqueConstraint("person_id", "caucus_id", "role"), _term())
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    caucus_id: Mapped[int] = mapped_column(ForeignKey("caucuses.id", ondelete="CASCADE"), index=True)
    role: Mapped[KeeperRole]
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    caucus: Mapped[Caucus] = relationship()


class NgoState(StrEnum):
    """Where an organisation's membership stands."""

    VERIFIED = "verified"
    PROVISIONAL = "provisional"  # open caucuses only
    LAPSED = "lapsed"


class Ngo(Model):
    """An organisation, made when the secretariat approves it."""

    __tablename__ = "ngos"
    __table_args__ = (CheckConstraint("length(name) > 0", "named"),)
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(250))  # in its own script
    name_key: Mapped[str] = mapped_column(String(250), index=True)  # directory.lookalikes.name_key: for finding
    latin_name: Mapped[str] = mapped_column(String(250), default="")
    other_name: Mapped[str] = mapped_column(String(250), default="")  # in a second language
    acronym: Mapped[str] = mapped_column(String(40), default="", index=True)
    country_code: Mapped[str | None] = mapped_column(ForeignKey("countries.code"), index=True)  # None: exile, not told
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    in_exile: Mapped[bool] = mapped_column(default=False)
    website: Mapped[str] = mapped_column(String(300), default="")
    domain: Mapped[str] = mapped_column(String(255), default="", index=True)  # of its own mail, "" for free mail
    state: Mapped[NgoState] = mapped_column(index=True)
    seats_cap: Mapped[int] = mapped_column(default=3)  # representatives it may have
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    how_verified: Mapped[str] = mapped_column(Text, default="")
    expires_at: Mapped[datetime | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("ngos.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]

    region: Mapped[Region | None] = relationship()


class Representative(Model):
    """A person who speaks for an organisation, from a day, until a day (the relation; seats say where)."""

    __tablename__ = "representatives"
    __table_args__ = (UniqueConstraint("ngo_id", "person_id"), _term())
    id: Mapped[Key]
    ngo_id: Mapped[int] = mapped_column(ForeignKey("ngos.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")  # "programme officer"
    admin: Mapped[bool] = mapped_column(default=False)  # the organisation's administrator
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    ngo: Mapped[Ngo] = relationship()
    person: Mapped[Person] = relationship()


class SeatRole(StrEnum):
    """What the holder of a seat is."""

    REPRESENTATIVE = "representative"
    ALTERNATE = "alternate"


class Seat(Model):
    """An organisation's place in a caucus; it outlives its holder."""

    __tablename__ = "seats"
    __table_args__ = (Index("ix_seats_ngo_id_caucus_id", "ngo_id", "caucus_id"), _term())
    id: Mapped[Key]
    ngo_id: Mapped[int] = mapped_column(ForeignKey("ngos.id", ondelete="CASCADE"))
    caucus_id: Mapped[int] = mapped_column(ForeignKey("caucuses.id", ondelete="CASCADE"), index=True)
    role: Mapped[SeatRole] = mapped_column(default=SeatRole.REPRESENTATIVE)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    holder_since: Mapped[datetime | None]  # since when the holder sits there; without one: since when nobody does
    held_until: Mapped[datetime | None]  # when the holder's term there ends by itself
    end_told_at: Mapped[datetime | None]  # when they and their organisation were told that it does soon
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    ngo: Mapped[Ngo] = relationship()
    caucus: Mapped[Caucus] = relationship()


class AffiliationState(StrEnum):
    """Where a person's membership in a caucus stands."""

    WAITING = "waiting"  # confirmed by the person, not yet by the secretariat
    INTEREST = "interest"  # at most two letters until it restarts
    ACTIVE = "active"
    DECLINED = "declined"
    ENDED = "ended"


class Shown(StrEnum):
    """What co-members may see of a person in one caucus, if its roster is shown at all."""

    NAME_AND_ORGANISATION = "name-and-organisation"
    ORGANISATION = "organisation"
    REGION = "region"
    PSEUDONYM = "pseudonym"  # a made-up name of this caucus alone
    NOTHING = "nothing"


class Affiliation(Model):
    """One person in one caucus, on a seat or (without one) as an individual expert."""

    __tablename__ = "affiliations"
    __table_args__ = (
        UniqueConstraint("person_id", "caucus_id"),
        Index("ix_affiliations_caucus_id_state", "caucus_id", "state"),
    )
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    caucus_id: Mapped[int] = mapped_column(ForeignKey("caucuses.id", ondelete="CASCADE"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seats.id", ondelete="SET NULL"), index=True)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("second_addresses.id", ondelete="SET NULL"))  # None: main
    state: Mapped[AffiliationState]
    shown: Mapped[Shown] = mapped_column(default=Shown.NOTHING)
    since: Mapped[datetime]  # of the present state
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))  # self: may undo

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    caucus: Mapped[Caucus] = relationship()
    seat: Mapped[Seat | None] = relationship()


class Basis(StrEnum):
    """The legal ground on which a person is written to."""

    CONSENT = "consent"
    MEMBERSHIP = "membership"


class ConsentText(Model):
    """A text somebody agreed to, exactly as it was shown."""

    __tablename__ = "consent_texts"
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the text, hex
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)


class Consent(Model):
    """The proof that a person agreed to be written to by one caucus: which text, asked when, given when, withdrawn when."""

    __tablename__ = "consents"
    __table_args__ = (
        Index("ix_consents_person_id_caucus_id", "person_id", "caucus_id"),
        CheckConstraint("given_at >= asked_at", "given_after_asked"),
    )
    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    caucus_id: Mapped[int] = mapped_column(ForeignKey("caucuses.id", ondelete="CASCADE"))
    text_fingerprint: Mapped[str] = mapped_column(ForeignKey("consent_texts.fingerprint"))
    basis: Mapped[Basis]
    form: Mapped[str] = mapped_column(String(40))  # "join": which page asked
    asked_at: Mapped[datetime]  # the letter left us
    given_at: Mapped[datetime]  # the button was pressed
    withdrawn_at: Mapped[datetime | None]

    text: Mapped[ConsentText] = relationship()
