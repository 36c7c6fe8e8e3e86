import json
from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.directory import verified
from caucusmail.directory.models import NgoState
from tests import make


@pytest.mark.parametrize("checked", [True, False])
def test_a_verification_goes_through_the_journal_and_comes_back_as_it_was(checked):
    now = clock.now()
    before = {
        "state": NgoState.PROVISIONAL if checked else NgoState.LAPSED,
        "expires_at": now + timedelta(days=9) if checked else None,
        "verified_at": now - timedelta(days=1) if checked else None,
        "verified_by_id": make.secretary().id if checked else None,
        "how_verified": "A call." if checked else "",
    }
    ngo = make.ngo(**before)
    was = json.loads(json.dumps(verified.noted(ngo)))
    with transaction():
        ngo.state, ngo.expires_at, ngo.verified_at = NgoState.VERIFIED, now, now
        ngo.verified_by_id, ngo.how_verified = make.secretary().id, "We met."
    with transaction():
        verified.put_back(ngo, was)
    db.session.refresh(ngo)
    assert {name: getattr(ngo, name) for name in before} == before


def test_who_was_erased_since_is_not_named_again():
    staff = make.secretary()
    ngo = make.ngo(verified_by_id=staff.id)
    was = verified.noted(ngo)
    with transaction():
        ngo.verified_by_id = None
        db.session.delete(staff)
    with transaction():
        verified.put_back(ngo, was)
    assert ngo.verified_by_id is None
