from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts.models import Shelter
from caucusmail.database import transaction
from caucusmail.directory import absences, visibility
from caucusmail.directory.absence_models import Absence, AbsenceState
from caucusmail.directory.models import Sensitivity
from caucusmail.errors import NotFound, TooMany
from caucusmail.groups import deputies
from caucusmail.groups.deputies import Away, AwayAlready, NoDeputy, NoLonger, NothingToPass
from caucusmail.groups.pauses import BadDay
from caucusmail.tokens import BadToken
from tests import letters, make
from tests.announcements.rooms import Room
from tests.groups.absent import Seated, asked, away, link, places, sits
from tests.privacy.ruled import forgotten


@pytest.fixture
def haki():
    return Seated(Room())


def subjects(person):
    return [one["Subject"] for one in letters.to(person.address)]


def test_the_deputy_is_asked_and_only_a_yes_lets_them_stand_in(haki):
    made = asked(haki.holder, haki.amina)
    assert (made.state, absences.standing_in(haki.amina)) == (AbsenceState.OFFERED, {})
    token = link(haki.amina).rpartition("/")[2]
    assert deputies.read(token) is made
    with transaction():
        deputies.accept(made)
    assert absences.standing_in(haki.amina) == {haki.room.caucus.id: haki.ngo.id}
    assert subjects(haki.rosa) == ["Amina stands in for you"]
    assert places(haki.amina) == []
    with pytest.raises(NoLonger), transaction():
        deputies.decline(made)


def test_whom_somebody_else_names_a_deputy_for_reads_of_it_at_once_and_can_end_it(haki):
    ben = make.person("Ben")
    make.representative(ben, haki.ngo, admin=True)
    asked_for = Away(haki.amina.id, None, (clock.now() + timedelta(days=10)).date())
    with transaction():
        made = deputies.offer(haki.holder, asked_for, by=ben)
    assert subjects(haki.rosa) == ["Amina is asked to stand in for you"]
    assert "Rosa asks" not in letters.text(letters.to(haki.amina.address)[-1])
    with transaction():
        deputies.end(made, by=haki.rosa)
    assert made.state is AbsenceState.ENDED


def test_days_begin_and_end_in_the_holders_zone_also_when_the_clocks_change_between():
    with time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False):
        haki = Seated(Room(), zone="Europe/Amsterdam")
        made = haki.away(first=date(2027, 3, 20), back=date(2027, 4, 2))
    assert made.begins_at == datetime(2027, 3, 19, 23, tzinfo=UTC)  # winter time
    assert made.ends_at == datetime(2027, 4, 1, 22, tzinfo=UTC)  # summer time


def test_a_pause_that_ends_before_it_starts_or_is_past_is_refused(haki):
    today = clock.now().date()
    for first, back in ((today + timedelta(9), today + timedelta(9)), (today + timedelta(9), today + timedelta(5))):
        with pytest.raises(BadDay, match="Choose a day after it"):
            asked(haki.holder, haki.amina, first=first, back=back)
    with pytest.raises(BadDay, match="in the past"):
        asked(haki.holder, haki.amina, first=today - timedelta(3))
    with pytest.raises(BadDay, match="twelve months at the most"):
        asked(haki.holder, haki.amina, days=400)


def test_who_stands_in_speaks_for_the_same_organisation_and_is_somebody_else(haki):
    stranger = make.person()
    gone = make.person()
    make.representative(gone, haki.ngo, since=clock.now() - timedelta(9), until=clock.now())
    protected = make.person(shelter=Shelter.SILENT)
    make.representative(protected, haki.ngo)
    for person in (stranger, gone, protected, haki.rosa):
        with pytest.raises(NoDeputy):
            asked(haki.holder, person)


def test_there_must_be_a_seat_to_pass_on(haki):
    with pytest.raises(NothingToPass):
        asked(haki.term, haki.rosa)
    with transaction():
        haki.room.caucus.sensitivity = Sensitivity.CONFIDENTIAL
    with pytest.raises(NothingToPass, match="confidential"):
        asked(haki.holder, haki.amina)


def test_two_absences_of_one_holder_never_overlap(haki):
    haki.away(days=10)
    bo = make.person("Bo")
    make.representative(bo, haki.ngo)
    today = clock.now().date()
    with pytest.raises(AwayAlready, match="Amina is named"):
        asked(haki.holder, bo, first=today + timedelta(9), back=today + timedelta(20))
    assert asked(haki.holder, bo, first=today + timedelta(10), back=today + timedelta(20))


def test_a_deputy_who_is_away_too_is_said_and_may_name_the_holder_in_return(haki):
    bo, term, _seat = sits(haki.room, haki.ngo, "Bo")
    first = away(term, haki.amina)
    second = asked(haki.holder, bo)
    assert deputies.away_too(second) is first
    assert deputies.away_too(first) is None


def test_who_declines_changes_nothing_and_the_holder_is_told(haki):
    made = asked(haki.holder, haki.amina)
    with transaction():
        deputies.decline(made)
    assert subjects(haki.rosa) == ["Amina does not stand in for you"]
    assert absences.ahead([haki.holder]) == []
    assert asked(haki.holder, haki.amina)


def test_holder_and_deputy_can_each_end_it_and_the_other_is_told(haki):
    made = haki.away()
    with transaction():
        deputies.end(made, by=haki.rosa)
    assert subjects(haki.amina)[-1] == "Letters for the seat of Haki go to Rosa again"
    with pytest.raises(NoLonger), transaction():
        deputies.end(made, by=haki.amina)
    made = haki.away()
    with transaction():
        deputies.end(made, by=haki.amina)
    assert subjects(haki.rosa)[-1] == "Letters for the seat of Haki go to Rosa again"
    assert absences.standing_in(haki.amina) == {}


def test_what_was_ended_by_a_slip_runs_on_unless_another_took_its_place(haki):
    made = haki.away()
    with transaction():
        deputies.end(made, by=haki.rosa)
    with transaction():
        deputies.resume(made, by=haki.rosa)
    assert (made.state, made.ended_at) == (AbsenceState.ACCEPTED, None)
    assert subjects(haki.amina)[-1] == "You stand in for the seat of Haki again"
    with transaction():
        deputies.end(made, by=haki.rosa)
    haki.away()
    with pytest.raises(NoLonger), transaction():
        deputies.resume(made, by=haki.rosa)


def test_only_who_ended_it_lets_it_run_on_and_the_other_is_told(haki):
    admin = make.person("Ben")
    make.representative(admin, haki.ngo, admin=True)
    made = haki.away()
    with transaction():
        deputies.end(made, by=haki.rosa)
    for person in (haki.amina, admin):
        assert not deputies.resumes(made, person)
        with pytest.raises(NoLonger), transaction():
            deputies.resume(made, by=person)
    with transaction():
        deputies.resume(made, by=haki.rosa)
    with transaction():
        deputies.end(made, by=admin)
    with pytest.raises(NoLonger), transaction():
        deputies.resume(made, by=haki.rosa)
    with transaction():
        deputies.resume(made, by=admin)
    assert (made.state, made.ended_by_id) == (AbsenceState.ACCEPTED, None)
    assert subjects(haki.rosa)[-1] == "Amina stands in for you again"
    assert subjects(haki.amina)[-1] == "You stand in for the seat of Haki again"


def test_after_their_own_no_a_deputy_is_asked_anew(haki):
    made = haki.away()
    with transaction():
        deputies.end(made, by=haki.amina)
    for person in (haki.rosa, haki.amina):
        assert not deputies.resumes(made, person)
        with pytest.raises(NoLonger), transaction():
            deputies.resume(made, by=person)
    assert made.state is AbsenceState.ENDED
    assert haki.away().state is AbsenceState.ACCEPTED


def test_a_question_that_is_withdrawn_opens_nothing_and_its_letter_stays(haki):
    made = asked(haki.holder, haki.amina)
    token = link(haki.amina).rpartition("/")[2]
    with transaction():
        deputies.end(made, by=haki.rosa)
    with pytest.raises(BadToken):
        deputies.read(token)
    with pytest.raises(NoLonger), transaction():
        deputies.resume(made, by=haki.rosa)


def test_a_question_that_nobody_answers_lapses_when_it_is_over(haki):
    made = asked(haki.holder, haki.amina)
    with time_machine.travel(made.ends_at, tick=False):
        with pytest.raises(NoLonger), transaction():
            deputies.accept(made)
        with transaction():
            assert deputies.lapse_due() == 1
        with transaction():
            assert deputies.lapse_due() == 0
    assert made.state is AbsenceState.LAPSED


def test_who_no_longer_speaks_for_the_organisation_cannot_say_yes(haki):
    made = asked(haki.holder, haki.amina)
    with transaction():
        haki.term.until = clock.now()
    with pytest.raises(NoLonger), transaction():
        deputies.accept(made)


def test_whose_absence_one_may_end(haki):
    made = haki.away()
    admin = make.person()
    make.representative(admin, haki.ngo, admin=True)
    for person in (haki.rosa, haki.amina, admin, make.secretary()):
        assert deputies.own(visibility.viewer(person), haki.ngo.id, made.id) is made
    other = make.person()
    make.representative(other, make.ngo(), admin=True)
    for person in (other, make.person(), make.member(haki.room.caucus)):
        with pytest.raises(NotFound):
            deputies.own(visibility.viewer(person), haki.ngo.id, made.id)
    with pytest.raises(NotFound):
        deputies.own(visibility.viewer(haki.rosa), haki.ngo.id + 1, made.id)


def test_a_person_asks_ten_times_a_day(haki):
    for _ in range(10):
        made = asked(haki.holder, haki.amina)
        with transaction():
            deputies.end(made, by=haki.rosa)
    with pytest.raises(TooMany):
        asked(haki.holder, haki.amina)
    assert len(make.rows(Absence)) == 10


@pytest.mark.parametrize(("days", "gone"), [(89, 0), (91, 1)])
def test_ninety_days_after_it_is_over_it_is_forgotten(haki, days, gone):
    made = haki.away()
    with time_machine.travel(made.ends_at + timedelta(days), tick=False):
        assert forgotten("absences") == gone
    assert len(make.rows(Absence)) == 1 - gone
