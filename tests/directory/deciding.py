"""Decisions of the secretariat for tests, made through the verbs."""

from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.directory.applications import Application, ApplicationState
from caucusmail.directory.verification import Decision
from caucusmail.groups import admission

KNOWN = Decision("The national coalition vouches for them.")


TO_REVIEW = ApplicationState.TO_REVIEW


def approved(application: Application, staff: Person, decision: Decision = KNOWN) -> None:
    with transaction():
        admission.approve(application, decision, seen=application.state, by=staff)


def person(address: str) -> Person:
    return db.session.query(Person).filter_by(address=address).one()
