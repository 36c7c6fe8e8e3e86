"""The demo world on its way into the tables."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select

from caucusmail import tokens
from caucusmail.accounts.models import Person, SecondAddress, SiteRole
from caucusmail.database import Model, db
from caucusmail.delivery.models import Suppression
from caucusmail.demo import cast, memberships
from caucusmail.demo.memberships import Place
from caucusmail.demo.world import DemoNgo, DemoPerson, World, ago
from caucusmail.directory import signs
from caucusmail.directory.lookalikes import name_key
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Basis,
    Caucus,
    Consent,
    ConsentText,
    Country,
    Keeper,
    KeeperRole,
    Ngo,
    NgoState,
    Representative,
    Seat,
    SeatRole,
    Shown,
    Status,
)
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.mail import addresses

IMPORTED = (
    "You represent a member organisation of the Coalition in this group and are written to as its representative."
)


class Store:
    """The world on its way into the tables: remembers which value became which row."""

    def __init__(self, world: World) -> None:
        self.world, self.now = world, world.now
        self.consent_text = sha256(IMPORTED.encode()).hexdigest()
        self.coordinator_id = 0
        self.person_ids: dict[int, int] = {}  # id() of the DemoPerson to people.id
        self.ngo_ids: dict[int, int] = {}
        self.seat_ids: dict[tuple[int, int, bool], int] = {}
        self.caucuses = {caucus.slug: caucus for caucus in db.session.scalars(select(Caucus))}
        self.groups = {group.caucus_id: group.id for group in db.session.scalars(select(EmailGroup))}
        self.regions = {country.code: country.region_id for country in db.session.scalars(select(Country))}

    def insert(self, model: type[Model], rows: list[dict[str, Any]]) -> list[int]:
        """Insert ``rows`` together; their ids in the same order."""
        key: Any = model.id  # type: ignore[attr-defined]  # every table used here has an id
        statement = insert(model).returning(key, sort_by_parameter_order=True)
        return list(db.session.scalars(statement, rows).all()) if rows else []

    def people(self) -> None:
        """Everybody who is a person: representatives of existing organisations, and experts."""
        everybody = [p for ngo in self.world.ngos if ngo.state not in ("pending", "declined") for p in ngo.people]
        everybody += self.world.experts
        ids = self.insert(Person, [self.person(person) for person in everybody])
        self.person_ids.update({id(person): key for person, key in zip(everybody, ids, strict=True)})
        second = [
            {
                "person_id": self.person_ids[id(person)],
                "address": person.second_address,
                "address_key": addresses.key(person.second_address),
                "verified_at": ago(self.now, 30),
            }
            for person in everybody
            if person.second_address
        ]
        self.insert(SecondAddress, second)
        for person in everybody:
            if person.fate == "bouncing":
                mark = tokens.fingerprint("suppression", addresses.key(person.address))
                if db.session.get(Suppression, mark) is None:
                    row = Suppression(
                        address_fingerprint=mark,
                        reason="bounced",
                        since=ago(self.now, 20),
                        shown=addresses.masked(person.address),
                        words="550 5.1.1 User unknown",
                    )
                    row.person_id = self.person_ids[id(person)]
                    db.session.add(row)
                    db.session.flush()

    def person(self, person: DemoPerson) -> dict[str, Any]:
        """One row of ``people``."""
        parsed = addresses.parse(person.address)
        return {
            "name": person.name,
            "address": parsed.text,
            "address_key": parsed.key,
            "languages": person.languages,
            "zone": person.zone,
            "role": SiteRole.MEMBER,
            "discreet": person.discreet,
            "settings_version": 1,
            "made_at": ago(self.now, person.made_days_ago),
            "left_at": ago(self.now, 12) if person.fate == "left" else None,
        }

    def organisations(self) -> None:
        """Organisations that exist, and who represents them."""
        existing = [ngo for ngo in self.world.ngos if ngo.state not in ("pending", "declined")]
        ids = self.insert(Ngo, [self.ngo(ngo) for ngo in existing])
        self.ngo_ids = {id(ngo): key for ngo, key in zip(existing, ids, strict=True)}
        links = [
            {
                "ngo_id": self.ngo_ids[id(ngo)],
                "person_id": self.person_ids[id(person)],
                "title": person.title,
                "admin": place == 0,
                "since": ago(self.now, person.made_days_ago),
                "until": ago(self.now, 12) if person.fate == "left" else None,
            }
            for ngo in existing
            for place, person in enumerate(ngo.people)
        ]
        self.insert(Representative, links)
        signs.write(ids)

    def ngo(self, ngo: DemoNgo) -> dict[str, Any]:
        """One row of ``ngos``."""
        return {
            "name": ngo.name,
            "name_key": name_key(ngo.name),
            "latin_name": "",
            "other_name": ngo.other_name,
            "acronym": ngo.acronym,
            "country_code": None if ngo.in_exile else ngo.country,
            "region_id": self.regions[ngo.country],
            "in_exile": ngo.in_exile,
            "website": ngo.website,
            "domain": ngo.domain,
            "state": NgoState(ngo.state),
            "seats_cap": 3,
            "verified_at": ago(self.now, ngo.made_days_ago) if ngo.state == "verified" else None,
            "how_verified": "Imported with the roster of 2019."
            if ngo.made_days_ago > 2000
            else "Website and two members.",
            "expires_at": self.now + timedelta(days=30 * (1 + ngo.made_days_ago % 24))
            if ngo.state == "verified"
            else None,
            "made_at": ago(self.now, ngo.made_days_ago),
        }

    def places(self) -> None:
        """Seats, affiliations, consents and subscriptions."""
        slugs = {country.code: country.region.slug for country in db.session.scalars(select(Country))}
        teams = sorted(slug for slug in self.caucuses if slug.startswith("team-"))
        drawn = self._once(memberships.draw(self.world, slugs, teams))
        seats = {(id(p.ngo), self.caucuses[p.slug].id, p.alternate): p for p in drawn if p.ngo is not None}
        rows = [self._seat(place) for place in seats.values()]
        self.seat_ids = dict(zip(seats, self.insert(Seat, rows), strict=True))
        self.insert(Affiliation, [self._affiliation(place) for place in drawn])
        text = self.consent_text
        db.session.add(ConsentText(fingerprint=text, version="2019", language="en", text=IMPORTED))
        db.session.flush()
        self.insert(Consent, [self._consent(place, text) for place in drawn])
        with_group = [
            p for p in drawn if self.caucuses[p.slug].id in self.groups and p.person.fate not in ("left", "unconfirmed")
        ]
        self.insert(Subscription, [self._subscription(place) for place in with_group])

    @staticmethod
    def _once(places: list[Place]) -> list[Place]:
        return list({(place.slug, id(place.person)): place for place in reversed(places)}.values())[::-1]

    def _since(self, place: Place) -> datetime:
        return ago(self.now, max(5, place.person.made_days_ago - 4))

    def _seat(self, place: Place) -> dict[str, Any]:
        return {
            "ngo_id": self.ngo_ids[id(place.ngo)],
            "caucus_id": self.caucuses[place.slug].id,
            "role": SeatRole.ALTERNATE if place.alternate else SeatRole.REPRESENTATIVE,
            "holder_id": None if place.person.fate == "left" else self.person_ids[id(place.person)],
            "holder_since": self._since(place),
            "since": self._since(place),
        }

    def _affiliation(self, place: Place) -> dict[str, Any]:
        caucus = self.caucuses[place.slug]
        state = {Status.GATHERING: AffiliationState.INTEREST, Status.ARCHIVED: AffiliationState.ENDED}.get(
            caucus.status
        )
        state = {"unconfirmed": AffiliationState.WAITING, "left": AffiliationState.ENDED}.get(place.person.fate, state)
        return {
            "person_id": self.person_ids[id(place.person)],
            "caucus_id": caucus.id,
            "seat_id": self.seat_ids.get((id(place.ngo), caucus.id, place.alternate)) if place.ngo else None,
            "state": state or AffiliationState.ACTIVE,
            "shown": Shown.NOTHING,
            "since": self._since(place),
        }

    def _consent(self, place: Place, text: str) -> dict[str, Any]:
        since = self._since(place)
        return {
            "person_id": self.person_ids[id(place.person)],
            "caucus_id": self.caucuses[place.slug].id,
            "text_fingerprint": text,
            "basis": Basis.MEMBERSHIP if place.ngo else Basis.CONSENT,
            "form": "import",
            "asked_at": since - timedelta(hours=3),
            "given_at": since,
            "withdrawn_at": ago(self.now, 12) if place.person.fate == "left" else None,
        }

    def _subscription(self, place: Place) -> dict[str, Any]:
        paused = place.person.fate == "paused"
        return {
            "group_id": self.groups[self.caucuses[place.slug].id],
            "person_id": self.person_ids[id(place.person)],
            "since": self._since(place),
            "paused_from": ago(self.now, 8) if paused else None,
            "paused_until": self.now + timedelta(days=40) if paused and place.person.discreet else None,
        }

    def staff(self) -> None:
        """The secretariat and the coordinators."""
        for part in (cast.SECRETARIAT, cast.SECOND_SECRETARIAT):
            db.session.add(self._official(part.name, part.address, SiteRole.SECRETARIAT))
        ilse = self._official(cast.COORDINATOR.name, cast.COORDINATOR.address, SiteRole.MEMBER)
        db.session.add(ilse)
        db.session.flush()
        self.coordinator_id = ilse.id
        self._keeper(ilse.id, "vrwg")
        self._keeper(ilse.id, "team-trust-fund")
        by_caucus: dict[int, Any] = {}
        for caucus_id, person_id in db.session.execute(
            select(Seat.caucus_id, Seat.holder_id).where(Seat.holder_id.is_not(None)).order_by(Seat.id)
        ):
            by_caucus.setdefault(caucus_id, person_id)
        for slug, caucus in self.caucuses.items():
            if slug in ("vrwg", "fenicc") or slug.startswith(("network-", "coalition-", "team-el", "team-le")):
                self._keeper(by_caucus[caucus.id], slug)

    def _keeper(self, person_id: int, slug: str) -> None:
        since = ago(self.now, 700)
        caucus_id = self.caucuses[slug].id
        db.session.add(Keeper(person_id=person_id, caucus_id=caucus_id, role=KeeperRole.COORDINATOR, since=since))

    def _official(self, name: str, address: str, role: SiteRole) -> Person:
        values = self.person(DemoPerson(name, address, ["en", "fr"], "Europe/Amsterdam", "", 800))
        return Person(**values | {"role": role})
