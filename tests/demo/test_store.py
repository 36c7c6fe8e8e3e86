from collections import Counter

import pytest

from caucusmail import tokens
from caucusmail.accounts.models import Person
from caucusmail.delivery.models import Suppression
from caucusmail.directory.applications import Applicant
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Caucus,
    Consent,
    Keeper,
    Ngo,
    NgoState,
    Representative,
    Seat,
    Status,
)
from caucusmail.groups.models import Subscription
from caucusmail.mail import addresses
from tests import make


def test_the_victims_group_has_620_members_of_310_organisations_and_60_experts(demo_world):
    vrwg = next(caucus for caucus in make.rows(Caucus) if caucus.slug == "vrwg")
    applying = {applicant.person_id for applicant in make.rows(Applicant)}
    places_in = [a for a in make.rows(Affiliation) if a.caucus_id == vrwg.id and a.person_id not in applying]
    organisations = {a.seat.ngo_id for a in places_in if a.seat}
    assert len(places_in) == pytest.approx(620, abs=3)
    assert len(organisations) == pytest.approx(310, abs=2)
    assert sum(a.seat is None for a in places_in) == 60


def test_nobody_who_left_is_subscribed(demo_world):
    left = {person.id for person in make.rows(Person) if person.left_at}
    assert left
    assert not left & {subscription.person_id for subscription in make.rows(Subscription)}


def test_who_left_keeps_no_seat_and_no_consent(demo_world):
    left = {person.id for person in make.rows(Person) if person.left_at}
    assert not left & {seat.holder_id for seat in make.rows(Seat)}
    assert all(one.withdrawn_at for one in make.rows(Consent) if one.person_id in left)
    assert all(one.until for one in make.rows(Representative) if one.person_id in left)
    states = {one.state for one in make.rows(Affiliation) if one.person_id in left}
    assert states == {AffiliationState.ENDED}


def test_nobody_is_in_one_caucus_twice_and_each_active_place_has_a_consent_before_it(demo_world):
    places = [(one.person_id, one.caucus_id) for one in make.rows(Affiliation)]
    assert max(Counter(places).values()) == 1
    given = {(one.person_id, one.caucus_id) for one in make.rows(Consent) if one.asked_at < one.given_at}
    active = {(one.person_id, one.caucus_id) for one in make.rows(Affiliation) if one.state is AffiliationState.ACTIVE}
    assert active <= given


def test_nobody_is_active_where_only_interest_is_gathered_or_all_is_over(demo_world):
    quiet = {one.id: one.status for one in make.rows(Caucus) if one.status in (Status.GATHERING, Status.ARCHIVED)}
    found = {(quiet[one.caucus_id], one.state) for one in make.rows(Affiliation) if one.caucus_id in quiet}
    assert AffiliationState.ACTIVE not in {state for _status, state in found}
    assert (Status.GATHERING, AffiliationState.INTEREST) in found


def test_mail_to_whom_it_came_back_is_suppressed(demo_world):
    marks = {one.address_fingerprint for one in make.rows_by(Suppression, Suppression.since)}
    assert tokens.fingerprint("suppression", addresses.key("jkilonzo@mhi.example")) in marks
    assert len(marks) > 50


def test_an_organisation_in_exile_has_a_region_and_no_country_and_only_verified_ones_are_so_since_a_day(demo_world):
    ngos = make.rows(Ngo)
    assert [one for one in ngos if one.in_exile and (one.country_code or not one.region_id)] == []
    assert any(one.in_exile for one in ngos)
    assert all((one.verified_at is not None) is (one.state is NgoState.VERIFIED) for one in ngos)


def test_each_organisation_has_one_administrator(demo_world):
    admins = Counter(one.ngo_id for one in make.rows(Representative) if one.admin)
    assert set(admins.values()) == {1}


def test_every_network_and_coalition_has_a_keeper(demo_world):
    kept = {one.caucus.slug for one in make.rows(Keeper)}
    named = {one.slug for one in make.rows(Caucus) if one.slug.startswith(("network-", "coalition-"))}
    assert named <= kept


def test_nobody_who_only_applies_is_subscribed(demo_world):
    applying = {one.person_id for one in make.rows(Applicant)}
    assert applying.isdisjoint(one.person_id for one in make.rows(Subscription))
