"""Of holder and deputy one gets it, in any world: reckoned the slow way from the rows."""

import random
from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.announcements import audience
from caucusmail.announcements.choice import Audience
from caucusmail.database import transaction
from caucusmail.directory import absences
from caucusmail.directory.absence_models import Absence, AbsenceState
from caucusmail.directory.models import Affiliation, Representative, Seat, Sensitivity
from caucusmail.groups.models import Mode, Subscription
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, ready
from tests.groups.absent import Seated

DAY = timedelta(days=1)


@pytest.fixture
def haki():
    return Seated(Room())


def pausing(haki, group=None, place=None):
    """Whose copies there are when the deputy pauses the place on ``group`` (None: every one they have)."""
    haki.away()
    with transaction():
        for one in make.rows(Subscription):
            if one.person_id == haki.amina.id and group in (None, one.group_id):
                one.paused_from = clock.now()
    sent = confirmed(haki.room, ready(haki.room))
    return [one.name for one in copies(sent)]


def test_a_pause_in_a_caucus_that_has_nothing_to_do_with_it_leaves_one_copy(haki):
    others = [Room(), Room()]
    for one in others:
        make.member(one.caucus, haki.amina, one.group)
    assert pausing(haki, others[0].group.id) == ["Amina"]


@pytest.mark.parametrize("caucuses", [1, 2])
def test_a_deputy_who_pauses_everything_is_not_there(haki, caucuses):
    for one in [Room() for _ in range(caucuses)]:
        make.member(one.caucus, haki.amina, one.group)
    assert pausing(haki) == ["Rosa"]


@pytest.mark.parametrize("first", [0, 1])
def test_who_sits_there_for_another_organisation_too_gets_it_and_no_deputy_does(haki, first):
    absence = haki.away()
    other = make.ngo("Andina")
    beside = make.keep(Seat(ngo_id=other.id, caucus_id=haki.room.caucus.id, holder_id=haki.rosa.id, since=clock.now()))
    with transaction():
        (place,) = [one for one in make.rows(Affiliation) if one.person_id == haki.rosa.id]
        place.seat_id = (haki.seat.id, beside.id)[first]
    sent = confirmed(haki.room, ready(haki.room))
    assert [one.name for one in copies(sent)] == ["Rosa"]
    assert audience.estimate(sent).total == 1
    assert absences.caucuses(absence.representative) == []
    with transaction():
        beside.holder_id = None
        place.seat_id = haki.seat.id
    assert [one.name for one in copies(confirmed(haki.room, ready(haki.room)))] == ["Amina"]


class World:
    """Two organisations, three caucuses, twelve people who sit, are in by themselves, pause, and stand in for each other."""

    def __init__(self, seed: int) -> None:
        self.luck = luck = random.Random(seed)
        self.rooms = [Room() for _ in range(3)]
        with transaction():
            self.rooms[2].caucus.sensitivity = luck.choice(list(Sensitivity))
        for room in self.rooms:
            make.member(room.caucus, None, room.group)  # an announcement to nobody is refused
        ngos = [make.ngo() for _ in range(2)]
        self.terms = [make.representative(make.person(), luck.choice(ngos)) for _ in range(12)]
        for term in self.terms:
            for room in luck.sample(self.rooms, luck.choice((0, 1, 2, 3))):
                self.enters(term, room)
        for term in luck.sample(self.terms, 7):
            colleagues = [one.person_id for one in self.terms if one.ngo_id == term.ngo_id and one is not term]
            if colleagues:
                self.goes_away(term, luck.choice(colleagues))

    def enters(self, term: Representative, room: Room) -> None:
        seat = None
        if self.luck.random() < 0.7:
            seat = make.keep(
                Seat(ngo_id=term.ngo_id, caucus_id=room.caucus.id, holder_id=term.person_id, since=clock.now())
            )
        make.member(room.caucus, term.person, room.group, seat_id=seat.id if seat else None)
        pauses = ((None, None),) * 3 + ((0, None), (0, 5), (-5, -1), (3, 5))  # days from now
        begins, ends = self.luck.choice(pauses)
        with transaction():
            place = make.rows(Subscription)[-1]
            place.mode = self.luck.choice((Mode.EVERY, Mode.EVERY, Mode.EVERY, Mode.NONE))
            place.paused_from = clock.now() + begins * DAY if begins is not None else None
            place.paused_until = clock.now() + ends * DAY if ends is not None else None

    def goes_away(self, term: Representative, deputy_id: int) -> None:
        begins, ends = self.luck.choice(((-1, 5), (-1, 5), (-1, 5), (2, 5), (-5, -1)))
        make.keep(
            Absence(
                representative_id=term.id,
                deputy_id=deputy_id,
                begins_at=clock.now() + begins * DAY,
                ends_at=clock.now() + ends * DAY,
                state=self.luck.choice((AbsenceState.ACCEPTED,) * 5 + (AbsenceState.OFFERED, AbsenceState.ENDED)),
                asked_at=clock.now(),
            )
        )

    def runs(self) -> list[Absence]:
        now = clock.now()
        return [
            one
            for one in make.rows(Absence)
            if one.state is AbsenceState.ACCEPTED and one.begins_at <= now < one.ends_at
        ]

    def expected(self, room: Room) -> set[tuple[int, str]]:
        """Who gets what is announced to this caucus, and why."""
        places = {(one.person_id, one.group_id): one for one in make.rows(Subscription)}
        sits = {one.person_id for one in make.rows(Affiliation) if one.caucus_id == room.caucus.id and one.seat_id}
        away = {one.representative.person_id: one for one in self.runs()}

        def there(person_id: int) -> bool:
            own = [one for (who, _), one in places.items() if who == person_id]
            here = places.get((person_id, room.group.id))
            silent = bool(own) and all(paused(one) for one in own)
            return person_id not in away and not silent and not (here and paused(here))

        found = set()
        for (person_id, group_id), place in places.items():
            if group_id != room.group.id:
                continue
            absence = away.get(person_id) if person_id in sits else None
            if absence and room.caucus.sensitivity is Sensitivity.ORDINARY and there(absence.deputy_id):
                found.add((absence.deputy_id, f"s{absence.id}.{group_id}"))
            elif place.mode is not Mode.NONE and not paused(place):
                found.add((person_id, f"g{group_id}"))
        return found


def paused(place: Subscription) -> bool:
    now = clock.now()
    return (
        place.paused_from is not None
        and place.paused_from <= now
        and (place.paused_until is None or place.paused_until > now)
    )


@pytest.mark.parametrize("seed", range(10))
def test_each_announcement_goes_to_exactly_one_of_holder_and_deputy_for_each_seat(seed):
    world = World(seed)
    for room in world.rooms:
        drafted = ready(room, audience=Audience(caucus_ids=(room.caucus.id,)))
        estimated = audience.estimate(drafted)
        sent = confirmed(room, drafted)
        got = [(copy.person_id, key) for copy in copies(sent) for key in copy.why.split()]
        assert len(got) == len(set(got))
        assert set(got) == world.expected(room)
        assert estimated.total == len(copies(sent)) == audience.estimate(sent).total
