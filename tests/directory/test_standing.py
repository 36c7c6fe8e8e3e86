from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.audit import journal
from caucusmail.database import db, transaction
from caucusmail.directory import standing
from caucusmail.directory.models import Affiliation, AffiliationState, Ngo, NgoState, Representative, Seat, Sensitivity
from caucusmail.directory.standing import Standing
from caucusmail.directory.verification import Decision
from caucusmail.errors import Invalid
from caucusmail.groups import admission
from caucusmail.groups.models import Subscription
from tests import letters, make

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "days_left", "found"),
    [
        (NgoState.VERIFIED, 1, Standing.CURRENT),
        (NgoState.PROVISIONAL, 1, Standing.NEW),
        (NgoState.VERIFIED, -1, Standing.GRACE),
        (NgoState.PROVISIONAL, -59, Standing.GRACE),
        (NgoState.VERIFIED, -61, Standing.LAPSED),
        (NgoState.LAPSED, 400, Standing.LAPSED),
    ],
)
def test_where_an_organisation_stands_follows_from_its_dates(state, days_left, found):
    now = clock.now()
    assert standing.of(Ngo(state=state, expires_at=now + days_left * DAY), now) is found


def test_an_organisation_without_a_date_does_not_run_out():
    assert standing.of(Ngo(state=NgoState.VERIFIED), clock.now()) is Standing.CURRENT


def test_only_those_lapse_whose_grace_is_over_and_a_renewal_brings_them_back():
    over, grace, fine = (make.ngo(expires_at=clock.now() + days * DAY) for days in (-61, -59, 1))
    with transaction():
        assert standing.lapse_due() == 1
    assert (over.state, grace.state, fine.state) == (NgoState.LAPSED, NgoState.VERIFIED, NgoState.VERIFIED)
    assert list(standing.ending()) == [grace]
    staff = make.secretary()
    with transaction():
        standing.renew(over, "Their new annual report.", staff)
    assert standing.of(over, clock.now()) is Standing.CURRENT
    with transaction():
        standing.take_back_renewal(over, staff)
    assert over.state is NgoState.LAPSED


def test_a_renewal_wants_to_know_how_it_was_checked():
    with pytest.raises(Invalid, match="how you checked"):
        standing.renew(make.ngo(), " ", make.secretary())


def test_a_renewal_that_was_taken_back_cannot_be_taken_back_again():
    ngo, staff = make.ngo(expires_at=clock.now() + DAY), make.secretary()
    with transaction():
        standing.renew(ngo, "A call.", staff)
        standing.take_back_renewal(ngo, staff)
    with pytest.raises(standing.CannotTakeBack):
        standing.take_back_renewal(ngo, staff)


def test_a_renewal_lets_those_in_who_waited_for_it_and_taking_it_back_has_them_wait_again():
    secret, staff = make.caucus(sensitivity=Sensitivity.CONFIDENTIAL), make.secretary()
    make.group(secret)
    application = make.application("Haki", [secret], ["a@mhi.example"])
    with transaction():
        admission.approve(application, Decision("Website.", provisional=True), seen=application.state, by=staff)
    ngo, place = make.rows(Ngo)[0], make.rows(Affiliation)[0]
    assert place.state is AffiliationState.WAITING
    with transaction():
        admission.renew(ngo, "We met them.", by=staff)
    assert (ngo.state, place.state) == (NgoState.VERIFIED, AffiliationState.ACTIVE)
    assert place.seat.ngo_id == ngo.id
    assert len(make.rows(Subscription)) == 1
    assert letters.to("a@mhi.example")[-1]["Subject"].startswith("You are in: ")
    with transaction():
        admission.take_back_renewal(ngo, by=staff)
    assert (ngo.state, ngo.how_verified, place.state) == (NgoState.PROVISIONAL, "Website.", AffiliationState.WAITING)
    assert make.rows(Subscription) == make.rows(Seat) == []
    assert letters.to("a@mhi.example")[-1]["Subject"].startswith("You wait again: ")


def test_a_renewal_lets_nobody_in_who_no_longer_speaks_for_the_organisation():
    secret, staff = make.caucus(sensitivity=Sensitivity.CONFIDENTIAL), make.secretary()
    application = make.application("Haki", [secret], ["a@mhi.example"])
    with transaction():
        admission.approve(application, Decision("Website.", provisional=True), seen=application.state, by=staff)
    with transaction():
        make.rows(Representative)[0].until = clock.now()
    with transaction():
        assert admission.renew(make.rows(Ngo)[0], "We met them.", by=staff) == []
    assert make.rows(Affiliation)[0].state is AffiliationState.WAITING


def test_a_renewal_is_taken_back_with_who_verified_it_when_and_how_whatever_came_since():
    long_ago, staff = clock.now() - 700 * DAY, make.secretary()
    ngo = make.ngo(how_verified="By phone.", verified_at=long_ago, verified_by_id=make.secretary().id)
    was = ngo.state, ngo.expires_at, ngo.verified_at, ngo.verified_by_id, ngo.how_verified
    with transaction():
        standing.renew(ngo, "A visit.", staff)
        journal.record("ngo.invited", ngo, staff)
    with transaction():
        standing.take_back_renewal(ngo, staff)
    assert (ngo.state, ngo.expires_at, ngo.verified_at, ngo.verified_by_id, ngo.how_verified) == was


def test_a_renewal_is_taken_back_when_the_one_who_verified_before_is_gone():
    before = make.secretary()
    ngo = make.ngo(how_verified="By phone.", verified_at=clock.now() - 700 * DAY, verified_by_id=before.id)
    with transaction():
        standing.renew(ngo, "A visit.", make.secretary())
    with transaction():
        db.session.delete(before)
    with transaction():
        standing.take_back_renewal(ngo, make.secretary())
    assert (ngo.how_verified, ngo.verified_by_id) == ("By phone.", None)
