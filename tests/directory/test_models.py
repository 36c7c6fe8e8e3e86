"""What the tables of the directory forbid, whoever writes to them, and what goes with what."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import Model, db, transaction
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Basis,
    Caucus,
    Consent,
    Keeper,
    KeeperRole,
    Ngo,
    Region,
    Representative,
    Seat,
)
from tests import make
from tests.directory.test_affiliation import consent


def refused(make_it: Any, *arguments: Any, **more: Any) -> None:
    with pytest.raises(IntegrityError):
        make_it(*arguments, **more)


def gone(row: Model) -> None:
    with transaction():
        db.session.execute(delete(type(row)).where(type(row).id == row.id))
    db.session.expire_all()


def test_no_two_caucuses_have_one_short_name():
    make.caucus("water")
    refused(make.caucus, "water")


def test_no_two_regions_have_one_short_name():
    make.region("africa")
    refused(make.keep, Region(slug="africa", names={}))


def test_an_organisation_has_a_name():
    values = {"name_key": "", "state": "verified", "made_at": clock.now()}
    refused(make.keep, Ngo(name="", **values))


def test_a_person_coordinates_a_caucus_once_and_may_moderate_it_too():
    caucus = make.caucus()
    who = make.coordinator(caucus)
    make.keep(Keeper(person_id=who.id, caucus_id=caucus.id, role=KeeperRole.MODERATOR, since=clock.now()))
    refused(make.coordinator, caucus, who)


def test_a_person_represents_an_organisation_in_one_row_and_several_organisations_in_several():
    who, ngo = make.person(), make.ngo()
    make.representative(who, ngo)
    make.representative(who, make.ngo())
    refused(make.representative, who, ngo)


def test_a_person_is_in_a_caucus_once():
    caucus = make.caucus()
    who = make.member(caucus)
    refused(make.member, caucus, who, state=AffiliationState.ENDED)


@pytest.mark.parametrize("table", [Keeper, Representative, Seat])
@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (1, True)])
def test_no_term_ends_before_it_begins(table, days, may):
    now = clock.now()
    term = {"since": now, "until": now + timedelta(days=days)}
    more = {
        Keeper: lambda: {"person_id": make.person().id, "caucus_id": make.caucus().id, "role": KeeperRole.MODERATOR},
        Representative: lambda: {"person_id": make.person().id, "ngo_id": make.ngo().id},
        Seat: lambda: {"ngo_id": make.ngo().id, "caucus_id": make.caucus().id},
    }[table]()
    if may:
        assert make.keep(table(**term, **more)).id
    else:
        refused(make.keep, table(**term, **more))


def test_no_consent_is_given_before_it_was_asked_for():
    who, caucus = make.person(), make.caucus()
    proof = consent(who, caucus)
    early = Consent(
        person_id=who.id,
        caucus_id=caucus.id,
        text_fingerprint=proof.text_fingerprint,
        basis=Basis.CONSENT,
        form="join",
        asked_at=clock.now(),
        given_at=clock.now() - timedelta(seconds=1),
    )
    refused(make.keep, early)


def test_a_consent_names_a_text_that_is_kept():
    who, caucus, now = make.person(), make.caucus(), clock.now()
    moments = {"basis": Basis.CONSENT, "form": "join", "asked_at": now, "given_at": now}
    refused(make.keep, Consent(person_id=who.id, caucus_id=caucus.id, text_fingerprint="0" * 64, **moments))


def test_with_a_person_goes_what_is_theirs_and_the_seat_stays_with_the_organisation():
    caucus, ngo = make.caucus(), make.ngo()
    who = make.coordinator(caucus)
    make.representative(who, ngo)
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, holder_id=who.id, since=clock.now()))
    make.member(caucus, who, seat_id=seat.id)
    consent(who, caucus)
    gone(who)
    assert [make.rows(table) for table in (Person, Keeper, Representative, Affiliation, Consent)] == [
        [],
        [],
        [],
        [],
        [],
    ]
    assert [(one.ngo_id, one.holder_id) for one in make.rows(Seat)] == [(ngo.id, None)]


def test_with_an_organisation_go_its_seats_and_who_sat_there_stays_a_member():
    caucus, ngo = make.caucus(), make.ngo()
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, since=clock.now()))
    who = make.member(caucus, seat_id=seat.id)
    gone(ngo)
    assert make.rows(Seat) == []
    assert [(one.person_id, one.seat_id) for one in make.rows(Affiliation)] == [(who.id, None)]


def test_what_hangs_on_a_caucus_goes_with_it():
    caucus = make.caucus()
    make.member(caucus, make.coordinator(caucus))
    gone(caucus)
    assert [make.rows(table) for table in (Caucus, Keeper, Affiliation)] == [[], [], []]
