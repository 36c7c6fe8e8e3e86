"""What accounts knows of a person: to be shown to them, and to be forgotten."""

from typing import Any

from sqlalchemy import delete, select, update

from caucusmail.accounts.models import (
    AddressChange,
    AskedAddress,
    Credential,
    Person,
    Recovery,
    SecondAddress,
    SignIn,
    SignInLetter,
)
from caucusmail.database import db
from caucusmail.delivery import forgetting

HOURS = ("reading_from", "reading_until", "reading_days", "digest_weekly")


def export(person: Person) -> dict[str, Any]:
    """Everything the tables of accounts hold of ``person``, as plain values; secrets by kind and date only."""
    addresses = db.session.scalars(select(SecondAddress).where(SecondAddress.person_id == person.id))
    credentials = db.session.scalars(select(Credential).where(Credential.person_id == person.id))
    asked = db.session.scalars(select(SignInLetter.asked_at).where(SignInLetter.address_key == person.address_key))
    return (
        {
            "name": person.name,
            "address": person.address,
            "languages": list(person.languages),
            "zone": person.zone,
            "role": person.role.value,
            "discreet": person.discreet,
            "reminders": person.reminders,
            **{name: getattr(person, name) for name in HOURS},
            "made_at": person.made_at.isoformat(),
            "left_at": person.left_at.isoformat() if person.left_at else None,
            "goes_at": person.goes_at.isoformat() if person.goes_at else None,
            "further_addresses": [
                {"address": one.address, "verified_at": one.verified_at.isoformat() if one.verified_at else None}
                for one in addresses
            ],
            "credentials": [
                {
                    "kind": one.kind.value,
                    "label": one.label,
                    "made_at": one.made_at.isoformat(),
                    "used_at": one.used_at.isoformat() if one.used_at else None,
                }
                for one in credentials
            ],
            "sign_in_letters": [at.isoformat() for at in asked],
        }
        | _addresses(person)
        | _sign_ins(person)
        | _recoveries(person)
    )


def _sign_ins(person: Person) -> dict[str, Any]:
    rows = db.session.scalars(select(SignIn).where(SignIn.person_id == person.id))
    return {
        "sign_ins": [
            {
                "began_at": one.began_at.isoformat(),
                "ends_at": one.ends_at.isoformat(),
                "used_at": one.used_at.isoformat() if one.used_at else None,
                "second_factor_at": one.factor_at.isoformat() if one.factor_at else None,
            }
            for one in rows
        ]
    }


def _addresses(person: Person) -> dict[str, Any]:
    given = db.session.scalars(select(AskedAddress).where(AskedAddress.person_id == person.id))
    changes = db.session.scalars(select(AddressChange).where(AddressChange.person_id == person.id))
    return {
        "asked_addresses": [{"address": one.address, "at": one.asked_at.isoformat()} for one in given],
        "address_changes": [
            {"step": one.step.value, "at": one.at.isoformat(), "was": list(one.was)} for one in changes
        ],
    }


def _recoveries(person: Person) -> dict[str, Any]:
    """What was asked for their account, and for which accounts of others they vouched or ended it."""
    own = select(Recovery).where(Recovery.person_id == person.id).order_by(Recovery.id)
    others = (Recovery.vouched_by_id == person.id) | (Recovery.ended_by_id == person.id)
    dealt_with = select(Recovery).where(others).order_by(Recovery.id)
    return {
        "recoveries": [
            {
                "at": one.asked_at.isoformat(),
                "way": one.way.value,
                "state": one.state.value,
                "name": one.name,
                "words": one.words,
                "address": one.address,
            }
            for one in db.session.scalars(own)
        ],
        "vouched": [
            {"at": one.since.isoformat(), "state": one.state.value, "said": one.how}
            for one in db.session.scalars(dealt_with)
        ],
    }


def erase(person: Person) -> None:
    """Forget ``person``: call it last, after the floors above have forgotten theirs. The row itself goes."""
    further = select(SecondAddress.address_key).where(SecondAddress.person_id == person.id)
    theirs = (SignInLetter.address_key == person.address_key) | SignInLetter.address_key.in_(further)
    db.session.execute(delete(SignInLetter).where(theirs))
    given = select(AskedAddress.id).where(AskedAddress.person_id == person.id)
    forgetting.forget_about("asked_addresses", given)
    typed = Recovery.person_id.is_(None) & (Recovery.old_key == person.address_key)
    forgetting.forget_about("recoveries", select(Recovery.id).where((Recovery.person_id == person.id) | typed))
    db.session.execute(delete(Recovery).where(typed))
    db.session.execute(update(Recovery).where(Recovery.vouched_by_id == person.id).values(vouched_by_id=None, how=""))
    db.session.execute(update(Recovery).where(Recovery.ended_by_id == person.id).values(ended_by_id=None))
    for table in (SecondAddress, AskedAddress, AddressChange, Credential, SignIn, Recovery):
        db.session.execute(delete(table).where(table.person_id == person.id))
    db.session.delete(person)
    db.session.flush()
