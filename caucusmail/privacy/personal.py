"""What this package knows of a person: that they asked to be erased, or something else about their data; and what they noted."""

from typing import Any

from sqlalchemy import delete, select, update

from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import forgetting
from caucusmail.privacy import asking
from caucusmail.privacy.models import DataRequest, Erasure
from caucusmail.privacy.protection_models import Protection, SealedValue


def export(person: Person) -> dict[str, Any]:
    """The erasure that waits for its day; the requests they made, or noted for somebody."""
    waiting = db.session.scalars(select(Erasure).where(Erasure.person_id == person.id))
    about = (DataRequest.person_id == person.id) | (DataRequest.noted_by_id == person.id)
    requests = db.session.scalars(select(DataRequest).where(about).order_by(DataRequest.id))
    return {
        "protections": _protections(person),
        "protections_asked": asking.known_of(person),
        "erasures": [{"asked_at": one.asked_at.isoformat(), "due": one.due_at.isoformat()} for one in waiting],
        "data_requests": [
            {
                "right": one.right.value,
                "since": one.received_on,
                "until": one.due_on,
                "state": one.state.value,
                "reason": one.extension_reason or one.refusal,
                "themselves": one.person_id == person.id,
            }
            for one in requests
        ],
    }


def _protections(person: Person) -> list[dict[str, Any]]:
    """When they were protected, and whom they protected."""
    own = (Protection.person_id == person.id) | (Protection.by_id == person.id)
    return [
        {
            "about_you": one.person_id == person.id,
            "name": one.stands_for if one.person_id == person.id else "",
            "begun_at": one.begun_at.isoformat(),
            "until": one.until.isoformat() if one.until else None,
            "lifted_at": one.lifted_at.isoformat() if one.lifted_at else None,
        }
        for one in db.session.scalars(select(Protection).where(own).order_by(Protection.id))
    ]


def erase(person: Person) -> None:
    """Forget that they asked, and who it was that noted something; that something was asked and answered stays."""
    forgetting.forget_about(DataRequest.__tablename__, select(DataRequest.id).where(DataRequest.person_id == person.id))
    db.session.execute(
        update(DataRequest).where(DataRequest.person_id == person.id).values(person_id=None, asker_sealed="")
    )
    db.session.execute(update(DataRequest).where(DataRequest.noted_by_id == person.id).values(noted_by_id=None))
    asking.erase(person)
    own = select(Protection.id).where(Protection.person_id == person.id)
    db.session.execute(delete(SealedValue).where(SealedValue.protection_id.in_(own)))
    db.session.execute(delete(Protection).where(Protection.person_id == person.id))
    db.session.execute(update(Protection).where(Protection.by_id == person.id).values(by_id=None))
    db.session.execute(delete(Erasure).where(Erasure.person_id == person.id))
