"""Whatever organisations do in whatever order, no act of one changes a seat, or a membership that rests, on another's."""

import random

import pytest

from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.directory import representation
from caucusmail.directory.models import Affiliation, AffiliationState, Ngo, Seat
from caucusmail.directory.visibility import viewer
from caucusmail.errors import Conflict, NotFound
from caucusmail.groups import handing_back, handing_over, membership, moving, seat_terms, terms
from tests import make
from tests.groups.two_seats import two_seats


def acts(two, ngo: Ngo, people, done):
    """What can be done for ``ngo`` now, each as a function; what is done is kept in ``done``."""
    admin = next(one for one in (two.andina, two.haki, two.red) if one.ngo is ngo).admin.person
    held = [seat for seat in make.rows(Seat) if seat.ngo_id == ngo.id and seat.holder_id]
    speaking = [one for one in representation.speaking(ngo) if not one.admin]
    found = [lambda one=one: terms.end(one, by=admin) for one in speaking]
    found += [lambda one=one: seat_terms.end(one, by=admin) for one in held]
    found += [lambda one=one: moving.move(one, [], "", by=one.person) for one in speaking]
    for seat in held:
        holder = next((one for one in speaking if one.person_id == seat.holder_id), None)
        others = [one for one in people if one.id != seat.holder_id]
        if holder is not None:
            found += [lambda h=holder, s=seat, to=to: _hand_over(two, h, s, to, admin) for to in others]
    found += [lambda step=step: _take_back(step, admin) for owner, step in done if owner == ngo.id]
    for seat in [one for one in make.rows(Seat) if one.ngo_id == ngo.id and not one.holder_id]:
        found += [lambda s=seat, who=who: _invite(ngo, s, who) for who in people]
    return found


def _hand_over(two, holder, seat, to, admin):
    return handing_over.accept(two.offer(holder, seat, to, by=admin))


def _invite(ngo, seat, who):
    representation.appoint(ngo, who, by=None)
    given = representation.seat(ngo, seat.caucus, who)
    membership.affiliation.activate(membership.affiliation.wait(who, seat.caucus, by=who), by=who, seat=given)
    membership.subscribe(who, seat.caucus)


def _take_back(step: AuditEntry, admin):
    if step.verb == handing_over.DONE:
        handing_back.take_back(step, by=admin)
    elif step.verb == moving.MOVED:
        moving.take_back(step, by=db.session.get(type(admin), step.subject_id))
    else:
        terms.take_back(step, by=viewer(admin))


def of_others(ngo: Ngo):
    """The seats of all other organisations with their holders, and in what state those are in, and served."""
    db.session.expire_all()
    seats = {seat.id: seat.holder_id for seat in make.rows(Seat) if seat.ngo_id != ngo.id}
    places = {one.person_id: one.state for one in make.rows(Affiliation)}
    served = {who: len(membership.queries.subscriptions(db.session.get_one(make.Person, who))) for who in places}
    return seats, {who: (places.get(who), served.get(who)) for who in seats.values() if who}


def sound():
    """Who sits is in, and a membership names a seat that is its person's."""
    held: dict[int, set[int]] = {}
    for seat in make.rows(Seat):
        if seat.holder_id:
            held.setdefault(seat.holder_id, set()).add(seat.id)
    for place in make.rows(Affiliation):
        mine = held.pop(place.person_id, set())
        if place.state is AffiliationState.ACTIVE:
            assert place.seat_id in mine
        else:
            assert not mine
    assert held == {}


@pytest.mark.parametrize("seed", range(12))
def test_no_act_of_one_organisation_touches_what_rests_on_another(seed):
    chance, two, done = random.Random(seed), two_seats(), []
    people, ngos = [two.rosa, two.ana.person, make.person("Eva")], [two.andina.ngo, two.haki.ngo, two.red.ngo]
    happened = 0
    for _turn in range(14):
        ngo = chance.choice(ngos)
        possible = acts(two, ngo, people, done)
        if not possible:
            continue
        before = of_others(ngo)
        try:
            with transaction():
                step = chance.choice(possible)()
            if isinstance(step, AuditEntry):
                done.append((ngo.id, step))
            happened += 1
        except (Conflict, NotFound):
            db.session.rollback()
        assert of_others(ngo) == before, f"turn {_turn}"
        sound()
    assert happened > 3
