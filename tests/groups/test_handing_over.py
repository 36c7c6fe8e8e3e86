from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.accounts import signing_in
from caucusmail.accounts.models import Person, SecondAddress, SignIn
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory import consent, hand_overs, representation
from caucusmail.directory import queries as directory
from caucusmail.directory.ending_offers import NoLonger
from caucusmail.directory.hand_over_models import HandOver, OfferState
from caucusmail.directory.keeping import LastCoordinator
from caucusmail.directory.models import Consent, ConsentText, Representative
from caucusmail.directory.seating import SeatTaken
from caucusmail.groups import handing_over
from caucusmail.groups import queries as groups
from caucusmail.groups.models import Mode
from tests import letters, make
from tests.groups.handed import AMINA, MOVING, office, stands
from tests.groups.leaving import copy, digest
from tests.privacy.ruled import forgotten


@pytest.fixture
def haki():
    return office()


def accepted(offered):
    with transaction():
        return handing_over.accept(offered)


def amina():
    (found,) = accounts.by_address(AMINA)
    return found


def subjects(address):
    return [one["Subject"] for one in letters.to(address)]


def test_all_that_hangs_on_the_seats_goes_over_at_one_stroke(haki):
    step = accepted(haki.offered())
    assert step is not None
    new = amina()
    assert [seat.holder_id for seat in haki.seats] == [new.id, new.id]
    assert [(stands(haki.rosa, one), stands(new, one)) for one in haki.caucuses] == [("ended", "active")] * 2
    assert groups.subscriptions(haki.rosa) == []
    assert {place.group.local_part: place.mode for place in groups.subscriptions(new)} == {
        "water": Mode.EVERY,
        "peace": Mode.NONE,
    }
    assert all(place.paused_from is None for place in groups.subscriptions(new))  # a pause is the holder's own
    assert {one.person.name for one in representation.speaking(haki.ngo)} == {"Ben", "Amina"}


def test_the_successor_has_agreed_to_what_was_shown(haki):
    accepted(haki.offered())
    given = [one for one in make.rows(Consent) if one.person_id == amina().id]
    texts = {one.text_fingerprint for one in given}
    assert (len(given), {one.form for one in given}) == (2, {"hand-over"})
    assert texts == {consent.shown(one).fingerprint for one in haki.caucuses} & {
        one.fingerprint for one in make.rows_by(ConsentText, ConsentText.fingerprint)
    }
    assert all(one.withdrawn_at for one in make.rows(Consent) if one.person_id == haki.rosa.id)


def test_holder_successor_coordinator_and_administrator_get_one_notice_each_and_nobody_else(haki):
    cleo = make.representative(make.person("Cleo"), haki.ngo)
    keeper = make.coordinator(haki.caucuses[0])
    make.coordinator(haki.caucuses[1], keeper)
    accepted(haki.offered())
    assert subjects(haki.rosa.address) == ["Your seats have gone to Amina"]
    assert subjects(AMINA) == ["You speak for Haki now"]
    assert subjects(keeper.address) == ["Haki has a new representative"]
    assert subjects(haki.ben.person.address) == ["Haki has a new representative"]
    back = "you can take it back within 30 days"
    assert [back in letters.text(letters.to(one.address)[0]) for one in (haki.ben.person, keeper)] == [True, False]
    assert subjects(cleo.person.address) == []


def test_what_lies_ready_for_the_holder_is_not_sent(haki):
    row = copy(haki.rosa, haki.groups[0], due_at=clock.now() + timedelta(days=30))
    own = copy(haki.rosa, make.group(make.caucus("mine")), why="")
    accepted(haki.offered())
    assert (row.state, own.state) == (DeliveryState.WITHDRAWN, DeliveryState.QUEUED)


def test_who_gives_up_one_of_two_seats_still_speaks(haki):
    accepted(haki.offered(seat_ids=[haki.seats[0].id]))
    assert [seat.holder_id for seat in haki.seats] == [amina().id, haki.rosa.id]
    assert {one.person.name for one in representation.speaking(haki.ngo)} == {"Rosa", "Ben", "Amina"}
    assert stands(haki.rosa, haki.caucuses[1]) == "active"


def test_the_administrators_role_goes_along_only_where_nobody_else_has_it(haki):
    with transaction():
        haki.holder.admin = True
    accepted(haki.offered())
    assert [one.admin for one in representation.speaking(haki.ngo) if one.person_id == amina().id] == [False]


def test_the_only_administrators_role_goes_along_and_both_are_signed_out(haki):
    with transaction():
        haki.holder.admin, haki.ben.admin = True, False
        signing_in.begin(haki.rosa)
    accepted(haki.offered())
    new = next(one for one in representation.speaking(haki.ngo) if one.person_id == amina().id)
    assert (new.admin, haki.holder.admin) == (True, False)
    assert all(one.ended_at for one in make.rows(SignIn))


def test_somebody_known_takes_over_with_what_they_have(haki):
    ben = haki.ben.person
    make.member(haki.caucuses[0], ben, haki.groups[0])
    accepted(haki.offered(name=ben.name, address=ben.address))
    assert [seat.holder_id for seat in haki.seats] == [ben.id, ben.id]
    place = directory.affiliation(ben, haki.caucuses[0])
    assert (place.state.value, place.seat_id) == ("active", haki.seats[0].id)
    assert len(groups.subscriptions(ben)) == 2
    assert len([one for one in make.rows(Person) if one.name == ben.name]) == 1


def test_who_shares_a_mailbox_is_told_apart_by_name(haki):
    make.person("Zacharias", AMINA)
    accepted(haki.offered())
    assert {one.name for one in accounts.by_address(AMINA)} == {"Zacharias", "Amina"}


def test_of_two_hand_overs_of_one_seat_one_wins_and_the_other_is_told_kindly(haki):
    first = haki.offered()
    with transaction():
        second = HandOver(
            **{column.key: getattr(first, column.key) for column in HandOver.__table__.columns if column.key != "id"}
            | {"address": "b@x.example", "address_key": "b@x.example", "name": "Bo"}
        )
        db.session.add(second)  # as if both had been offered at the same moment
    accepted(first)
    before = digest(*MOVING, Person, AuditEntry, Delivery)
    with pytest.raises(SeatTaken, match="somebody else in the meantime"):
        accepted(second)
    assert digest(*MOVING, Person, AuditEntry, Delivery) == before
    assert make.rows(HandOver)[1].state is OfferState.OPEN


def test_an_offer_is_accepted_once(haki):
    offered = haki.offered()
    accepted(offered)
    with pytest.raises(NoLonger):
        accepted(offered)


def test_the_last_coordinator_does_not_leave_a_caucus_alone(haki):
    offered = haki.offered()
    make.coordinator(haki.caucuses[0], haki.rosa)
    with pytest.raises(LastCoordinator, match=r"only coordinator of water caucus\. Ask the secretariat"):
        accepted(offered)
    make.coordinator(haki.caucuses[0])
    assert accepted(offered)


def test_what_is_dated_ahead_is_done_by_the_job_on_its_day(haki):
    day = clock.now() + timedelta(days=10)
    assert accepted(haki.offered(due_at=day)) is None
    assert [seat.holder_id for seat in haki.seats] == [haki.rosa.id] * 2
    with time_machine.travel(day - timedelta(minutes=1)), transaction():
        assert handing_over.do_due() == 0
    with time_machine.travel(day + timedelta(minutes=1)):
        with transaction():
            assert handing_over.do_due() == 1
        with transaction():
            assert handing_over.do_due() == 0
    assert [seat.holder_id for seat in haki.seats] == [amina().id] * 2


def test_what_stands_in_the_way_on_its_day_is_told_and_changes_nothing(haki):
    day = clock.now() + timedelta(days=10)
    accepted(haki.offered(due_at=day))
    make.coordinator(haki.caucuses[0], haki.rosa)
    before = digest(*MOVING)
    with time_machine.travel(day + timedelta(minutes=1)), transaction():
        assert handing_over.do_due() == 0
    assert digest(*MOVING) == before
    assert subjects(haki.rosa.address) == ["The seats of Haki were not handed over"]
    assert "only coordinator" in letters.text(letters.to(haki.rosa.address)[0])
    assert make.rows(HandOver)[0].state is OfferState.LAPSED


def test_an_offer_lapses_that_nobody_answered(haki):
    offered = haki.offered()
    with time_machine.travel(clock.now() + timedelta(days=15)):
        assert forgotten("offers") == 1
    assert (offered.state, offered.name) == (OfferState.LAPSED, "")


class Crash(Exception):
    """The power went away."""


def test_a_crash_before_any_statement_leaves_all_or_nothing(haki):
    offered = haki.offered()
    with transaction():
        haki.holder.admin = True
    copy(haki.rosa, haki.groups[0], due_at=clock.now() + timedelta(days=30))
    tables = (*MOVING, Person, AuditEntry, Delivery, HandOver)
    before, left = digest(*tables), 0

    def count(_connection, _cursor, statement, *_rest):
        nonlocal left
        left -= 1
        if left == 0 and "SAVEPOINT" not in statement:
            raise Crash

    crashes = 0
    for number in range(1, 1000):
        left = number
        event.listen(db.engine, "before_cursor_execute", count)
        try:
            accepted(offered)
            break
        except Crash:
            crashes += 1
        finally:
            event.remove(db.engine, "before_cursor_execute", count)
        assert digest(*tables) == before, number
    assert crashes > 40
    assert [seat.holder_id for seat in haki.seats] == [amina().id] * 2


def test_nothing_typed_is_kept_once_it_is_done(haki):
    accepted(haki.offered(words="Thank you, Amina"))
    (row,) = make.rows(HandOver)
    assert (row.name, row.address, row.words, row.state) == ("", "", "", OfferState.DONE)


def test_the_term_that_ended_is_kept(haki):
    accepted(haki.offered())
    assert [one.until is not None for one in make.rows(Representative)] == [True, False, False]
    assert hand_overs.of_person(haki.rosa) == []


def test_nobody_says_yes_to_their_own_seats(client, haki):
    second = "rosa@second.example"
    make.keep(SecondAddress(person_id=haki.rosa.id, address=second, address_key=second, verified_at=clock.now()))
    offered = haki.offered(by=haki.ben.person, name="Rosa", address=second)
    before = digest(*MOVING)
    shown = client.post(letters.link(letters.to(second)[0], "/hand-over/"), data={"answer": "yes"})
    assert (shown.status_code, "You hold these seats yourself" in shown.text) == (409, True)
    db.session.expire_all()
    assert (digest(*MOVING), offered.state) == (before, OfferState.OPEN)
