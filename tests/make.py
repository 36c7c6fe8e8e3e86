"""Makers: things for tests, made through the verbs where there is one; each is committed (to the test's own savepoint)."""

import itertools
from typing import Any

from caucusmail import clock
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.database import Model, db, transaction
from caucusmail.directory import affiliation, lookalikes, signs
from caucusmail.directory.applications import (
    Applicant,
    ApplicantState,
    Application,
    ApplicationKind,
    ApplicationState,
    Wish,
)
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Caucus,
    ConsentText,
    Country,
    Family,
    JoinMode,
    Keeper,
    KeeperRole,
    Ngo,
    NgoState,
    Region,
    Representative,
    Status,
)
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.mail import addresses

_numbers = itertools.count(1)


def keep(row: Any) -> Any:
    """Commit ``row`` and give it back."""
    with transaction():
        db.session.add(row)
    return row


def region(slug: str = "africa", **more: Any) -> Region:
    found = db.session.query(Region).filter_by(slug=slug).one_or_none()
    return found or keep(Region(slug=slug, **{"names": {"en": slug.capitalize(), "fr": slug.capitalize()}} | more))


def country(code: str = "KE", region_slug: str = "africa") -> Country:
    return db.session.get(Country, code) or keep(Country(code=code, region_id=region(region_slug).id, names={}))


def person(name: str = "", address: str = "", **more: Any) -> Person:
    number = next(_numbers)
    parsed = addresses.parse(address or f"person{number}@mail.example")
    return keep(
        Person(
            **{
                "name": name or f"Person {number}",
                "address": parsed.text,
                "address_key": parsed.key,
                "languages": ["en"],
                "zone": "Africa/Nairobi",
                "made_at": clock.now(),
            }
            | more
        )
    )


def secretary(**more: Any) -> Person:
    return person(role=SiteRole.SECRETARIAT, **more)


def caucus(slug: str = "", **more: Any) -> Caucus:
    slug = slug or f"caucus{next(_numbers)}"
    return keep(
        Caucus(
            **{
                "slug": slug,
                "family": Family.CAUCUS,
                "tag": slug.upper()[:20],
                "names": {"en": f"{slug} caucus", "fr": f"Groupe {slug}"},
                "about": {"en": f"About {slug}.", "fr": f"À propos de {slug}."},
                "status": Status.ACTIVE,
                "status_since": clock.now(),
                "join_mode": JoinMode.APPROVAL,
            }
            | more
        )
    )


def group(caucus: Caucus, **more: Any) -> EmailGroup:
    return keep(
        EmailGroup(
            **{"caucus_id": caucus.id, "local_part": caucus.slug, "names": caucus.names, "opened_at": clock.now()}
            | more
        )
    )


def ngo(name: str = "", **more: Any) -> Ngo:
    name = name or f"NGO {next(_numbers)}"
    made = keep(
        Ngo(
            **{
                "name": name,
                "name_key": name.casefold(),
                "country_code": country().code,
                "region_id": region().id,
                "state": NgoState.VERIFIED,
                "verified_at": clock.now(),
                "made_at": clock.now(),
            }
            | more
        )
    )
    with transaction():
        signs.write([made.id])
    return made


def representative(person: Person, ngo: Ngo, **more: Any) -> Representative:
    return keep(Representative(**{"person_id": person.id, "ngo_id": ngo.id, "since": clock.now()} | more))


def coordinator(caucus: Caucus, person_: Person | None = None) -> Person:
    who = person_ or person()
    keep(Keeper(person_id=who.id, caucus_id=caucus.id, role=KeeperRole.COORDINATOR, since=clock.now()))
    return who


def member(caucus: Caucus, who: Person | None = None, group: EmailGroup | None = None, **more: Any) -> Person:
    """An active member of ``caucus``, subscribed to ``group`` if one is given."""
    who = who or person()
    keep(
        Affiliation(
            **{"person_id": who.id, "caucus_id": caucus.id, "state": AffiliationState.ACTIVE, "since": clock.now()}
            | more
        )
    )
    if group is not None:
        keep(Subscription(group_id=group.id, person_id=who.id, since=clock.now()))
    return who


def application(name: str = "", caucuses: Any = (), people: Any = None, **more: Any) -> Application:
    """A confirmed application that waits for review. ``people``: their addresses; each wants every caucus."""
    number = next(_numbers)
    name = name or f"Applicant NGO {number}"
    made = keep(
        Application(
            **{
                "kind": ApplicationKind.ORGANISATION,
                "state": ApplicationState.TO_REVIEW,
                "submission": f"submission-{number:06}",
                "ngo_name": name,
                "name_key": lookalikes.name_key(name),
                "country_code": country().code,
                "website": f"https://ngo{number}.example",
                "authorised": True,
                "naming_policy": True,
                "made_at": clock.now(),
                "confirmed_at": clock.now(),
            }
            | more
        )
    )
    text = db.session.get(ConsentText, "f" * 64) or keep(
        ConsentText(fingerprint="f" * 64, version="1", language="en", text="I agree.")
    )
    for place, address in enumerate(people or [f"first@ngo{number}.example"]):
        who = person(address=address)
        applicant = keep(
            Applicant(
                application_id=made.id,
                state=ApplicantState.CONFIRMED,
                first=place == 0,
                name=who.name,
                title="officer",
                address=who.address,
                address_key=who.address_key,
                languages=who.languages,
                person_id=who.id,
                confirmed_at=clock.now(),
                made_at=clock.now(),
            )
        )
        with transaction():
            for one in caucuses:
                db.session.add(
                    Wish(applicant_id=applicant.id, caucus_id=one.id, text_fingerprint=text.fingerprint, kept=True)
                )
                affiliation.wait(who, one, by=who)
    return made


def rows(model: type[Model]) -> list[Any]:
    """All rows of a table, by id."""
    return list(db.session.query(model).order_by(model.id).all())


def rows_by(model: type[Model], order: Any) -> list[Any]:
    """All rows of a table in an order."""
    return list(db.session.query(model).order_by(order).all())
