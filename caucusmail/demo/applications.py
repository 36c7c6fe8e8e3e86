"""Applications that wait for the secretariat, and some that were declined; with look-alikes to find."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.demo.store import Store
from caucusmail.demo.world import SEED, DemoNgo, DemoPerson, World, ago
from caucusmail.directory import windows as review_windows
from caucusmail.directory.applications import (
    Applicant,
    ApplicantState,
    Application,
    ApplicationKind,
    ApplicationState,
    ReviewWindow,
    Wish,
)
from caucusmail.directory.lookalikes import name_key
from caucusmail.directory.models import Affiliation, AffiliationState
from caucusmail.directory.reasons import Reason

VOUCHERS = "The national coalition knows us; so does a member in the neighbouring country."
WANTED = ("vrwg", "uj", "children", "team-elections", "team-gender")


def store(world: World, stored: Store) -> None:
    """Store applications of organisations and of some experts, and the review windows around now."""
    random = Random(SEED + "-applications")  # noqa: S311 - a deterministic world, not a secret
    applying = [ngo for ngo in world.ngos if ngo.state in ("pending", "declined") and ngo.people]
    lookalikes([ngo for ngo in applying if ngo.state == "pending"], world)
    for number, ngo in enumerate(applying):
        _organisation(random, stored, ngo, number)
    db.session.add_all(windows(world.now))
    db.session.flush()


def lookalikes(pending: list[DemoNgo], world: World) -> None:
    """Make some applicants resemble organisations that are members: the same name, a domain one letter off, an acronym."""
    members = [ngo for ngo in world.ngos if ngo.state == "verified" and ngo.domain and ngo.people]
    for applicant, member in zip(pending[:4], members, strict=False):
        applicant.name, applicant.country = member.name, member.country
    for applicant, member in zip(pending[4:7], members[10:], strict=False):
        applicant.domain = member.domain.replace(".", "s.", 1)
        applicant.people[0].address = f"office@{applicant.domain}"
    for applicant, member in zip(pending[7:12], members[20:], strict=False):
        applicant.acronym = member.acronym


def _organisation(random: Random, stored: Store, ngo: DemoNgo, number: int) -> None:
    made = ago(stored.now, ngo.made_days_ago)
    declined = ngo.state == "declined"
    application = Application(
        kind=ApplicationKind.ORGANISATION,
        state=ApplicationState.DECLINED if declined else ApplicationState.TO_REVIEW,
        submission=f"demo-application-{number:04d}",
        ngo_name=ngo.name,
        name_key=name_key(ngo.name),
        acronym=ngo.acronym,
        country_code=ngo.country,
        website=ngo.website,
        vouchers="" if ngo.website or number % 5 == 0 else VOUCHERS,
        authorised=True,
        naming_policy=True,
        made_at=made,
        confirmed_at=made + timedelta(hours=2),
        decided_at=made + timedelta(days=3) if declined else None,
        refusal=Reason.NOT_FOUND if declined else None,
    )
    db.session.add(application)
    db.session.flush()
    wanted = random.sample(WANTED, random.choice((1, 1, 2)))
    for place, person in enumerate(ngo.people):
        _applicant(stored, application, person, wanted, made, first=place == 0)


def _applicant(
    stored: Store, application: Application, person: DemoPerson, wanted: list[str], made: datetime, *, first: bool
) -> None:
    values: dict[str, Any] = stored.person(person)
    row = Person(**values | {"made_at": made + timedelta(hours=2), "left_at": None})
    db.session.add(row)
    db.session.flush()
    applicant = Applicant(
        application_id=application.id,
        state=ApplicantState.CONFIRMED,
        first=first,
        name=row.name,
        title=person.title,
        address=row.address,
        address_key=row.address_key,
        languages=row.languages,
        zone=row.zone,
        letters=1,
        written_at=made,
        confirmed_at=made + timedelta(hours=2),
        person_id=row.id,
        made_at=made,
    )
    db.session.add(applicant)
    db.session.flush()
    declined = application.state is ApplicationState.DECLINED
    for slug in wanted:
        caucus = stored.caucuses[slug]
        interest = slug == "children"
        db.session.add(
            Wish(applicant_id=applicant.id, caucus_id=caucus.id, text_fingerprint=stored.consent_text, kept=True)
        )
        state = AffiliationState.INTEREST if interest else AffiliationState.WAITING
        state = AffiliationState.DECLINED if declined else state
        db.session.add(Affiliation(person_id=row.id, caucus_id=caucus.id, state=state, since=made + timedelta(hours=2)))


def windows(now: datetime) -> list[ReviewWindow]:
    """The quarterly reviews around now: one open, paused in the season of the Assembly."""
    today = now.date()
    days = [(today + timedelta(days=begin), today + timedelta(days=end)) for begin, end in ((-9, 19), (50, 80))]
    note = {
        "en": "Reviews pause while the Assembly of States Parties meets.",
        "fr": "L’examen des demandes s’interrompt pendant l’Assemblée des États Parties.",
    }
    (opens, closes), (opens_again, closes_again) = (review_windows.span(first, last) for first, last in days)
    return [
        ReviewWindow(opens_at=opens, closes_at=closes),
        ReviewWindow(opens_at=opens_again, closes_at=closes_again, note=note),
    ]
