from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock
from caucusmail.accounts import recovery_course
from caucusmail.accounts.models import RecoveryState, SiteRole, Vouchers
from caucusmail.accounts.recovery_course import NoLonger
from caucusmail.accounts.two_people import NoReason, NotByTheSame
from caucusmail.database import transaction
from caucusmail.directory import visibility, vouching
from caucusmail.errors import NotFound
from tests import letters, make
from tests.accounts.recoveries import NEW, OLD, by_code, by_people, changed, codes_of
from tests.accounts.test_addressing import subjects

HOW = "I called her."


@pytest.fixture
def ada():
    return make.person("Ada", OLD)


@pytest.fixture
def ngo(ada):
    made = make.ngo("Haki")
    make.representative(ada, made)
    return made


@pytest.fixture
def ben(ngo):
    ben = make.person("Ben", "ben@haki.example")
    make.representative(ben, ngo, admin=True)
    return ben


@pytest.fixture
def staff():
    return make.secretary(name="Noor", address="noor@desk.example")


def seen(person):
    return list(vouching.for_voucher(visibility.viewer(person)))


def vouched(asked, by):
    with transaction():
        vouching.vouch(asked, HOW, by=by)


def approved(asked, by):
    with transaction():
        vouching.approve(asked, HOW, by=by)


def test_a_colleague_vouches_the_secretariat_decides_and_after_two_days_it_is_done(ada, ben, staff):
    asked = by_people()
    assert (asked.person_id, asked.vouchers, seen(ben)) == (ada.id, Vouchers.COLLEAGUES, [asked])
    assert subjects("ben@haki.example") == ["Is it Ada who asks?"]
    assert "Call me" not in letters.to("ben@haki.example")[0].as_string()  # a stranger's words, for all we know
    vouched(asked, ben)
    assert subjects("noor@desk.example") == ["Somebody who cannot read their mailbox waits for you"]
    approved(asked, staff)
    with time_machine.travel(clock.now() + timedelta(hours=47)):
        assert changed() == 0
    with time_machine.travel(clock.now() + timedelta(hours=48, minutes=1)):
        assert (changed(), ada.address) == (1, NEW)
        assert subjects(OLD) == [
            "Somebody asks for another address for your account",
            "Somebody who knows you says that it is you",
            "Your address will be changed",
            "Your address was changed",
        ]


def test_of_an_expert_the_coordinators_of_her_caucuses_are_asked(ada):
    water = make.caucus("water")
    make.member(water, ada)
    ilse = make.coordinator(water, make.person("Ilse", "ilse@desk.example"))
    other = make.coordinator(make.caucus("peace"))
    asked = by_people()
    assert (asked.vouchers, seen(ilse), seen(other)) == (Vouchers.COORDINATORS, [asked], [])
    assert subjects("ilse@desk.example") == ["Is it Ada who asks?"]


def test_who_speaks_alone_for_an_organisation_is_known_to_the_coordinators(ada, ngo):
    water = make.caucus("water")
    make.member(water, ada)
    ilse = make.coordinator(water)
    former = make.person()
    make.representative(former, ngo, since=clock.now() - timedelta(days=9), until=clock.now() - timedelta(days=1))
    assert by_people().vouchers is Vouchers.COORDINATORS
    assert (len(seen(ilse)), seen(former)) == (1, [])


@pytest.mark.parametrize("office", ["secretariat", "coordinator"])
def test_of_who_holds_an_office_two_of_the_secretariat_decide(ada, ben, staff, office):
    if office == "coordinator":
        make.coordinator(make.caucus("water"), ada)
    else:
        with transaction():
            ada.role = SiteRole.SECRETARIAT
    asked = by_people()
    assert (asked.vouchers, seen(ben)) == (Vouchers.SECRETARIAT, [])
    vouched(asked, staff)
    with pytest.raises(NotByTheSame, match="two people"):
        approved(asked, staff)
    with pytest.raises(NotByTheSame):
        approved(asked, ada)
    approved(asked, make.secretary())
    assert asked.state is RecoveryState.WAITING


def test_who_is_known_to_nobody_is_the_secretariats(ada, staff):
    assert by_people().vouchers is Vouchers.SECRETARIAT
    assert subjects("noor@desk.example") == ["Is it Ada who asks?"]


def test_where_nobody_answers_one_of_the_secretariat_vouches_and_another_decides(ada, ben, staff):
    asked = by_people()
    vouched(asked, staff)
    with pytest.raises(NotByTheSame):
        approved(asked, staff)
    assert seen(ben) == []


def test_strangers_and_she_herself_are_asked_nothing(ada, ben, staff):
    asked = by_people()
    stranger = make.person()
    make.representative(stranger, make.ngo("Other"))
    for who in (stranger, ada):
        assert seen(who) == []
        with pytest.raises(NotFound):
            vouching.one(visibility.viewer(who), asked.id)
    with pytest.raises(NotFound):
        vouching.for_staff(visibility.viewer(ben))
    assert list(vouching.for_staff(visibility.viewer(staff))) == [asked]


def test_an_unknown_address_is_nobodys_business(staff):
    asked = by_people("nobody@x.example")
    with pytest.raises(NotFound):
        vouching.one(visibility.viewer(staff), asked.id)
    assert list(vouching.for_staff(visibility.viewer(staff))) == []


def test_of_two_who_share_a_mailbox_the_name_says_who_is_meant(ada, staff):
    ben = make.person("Ben", OLD)
    assert by_people(name="ben", new="b@x.example").person_id == ben.id
    assert by_people(name="Ada Lovelace", new="c@x.example").person_id is None


def test_a_name_without_its_accents_finds_who_shares_a_mailbox(ada, staff):
    lucia, other = make.person("Lucía Paredes", OLD), make.person("Jose", OLD)
    assert by_people(name="Lucia  paredes", new="b@x.example").person_id == lucia.id
    make.person("José", OLD)
    assert by_people(name="Jose", new="c@x.example").person_id == other.id
    assert by_people(name="Josè", new="d@x.example").person_id is None  # two are meant as well


def test_the_secretariat_sees_who_has_vouched_and_for_which_organisation(ada, ngo, ben, staff):
    make.representative(ben, make.ngo("Other"))
    asked = by_people()
    assert vouching.who_vouched([asked]) == {}
    vouched(asked, ben)
    assert vouching.who_vouched([asked]) == {asked.id: vouching.Voucher("Ben", False, ("Haki",))}
    with transaction():
        vouching.take_back(asked, visibility.viewer(ben))
    vouched(asked, staff)
    assert vouching.who_vouched([asked]) == {asked.id: vouching.Voucher("Noor", True, ())}


def test_whoever_vouches_and_whoever_decides_says_how_they_know(ada, ben, staff):
    asked = by_people()
    with pytest.raises(NoReason), transaction():
        vouching.vouch(asked, " ", by=ben)
    vouched(asked, ben)
    with pytest.raises(NoReason), transaction():
        vouching.approve(asked, "", by=staff)


def test_of_two_who_decide_one_does(ada, ben, staff):
    asked = by_people()
    vouched(asked, ben)
    with pytest.raises(NoLonger):
        vouched(asked, ben)
    approved(asked, staff)
    with pytest.raises(NoLonger):
        approved(asked, staff)


def test_a_no_ends_it_tells_her_and_the_new_address_nothing_and_is_taken_back(ada, ben):
    asked, as_ben = by_people(), visibility.viewer(ben)
    with transaction():
        vouching.turn_down(asked, by=ben)
    assert (seen(ben), subjects(OLD)[-1], len(subjects(NEW))) == ([], "Your address stays as it is", 1)
    with pytest.raises(NoLonger), transaction():
        vouching.turn_down(asked, by=ben)
    with transaction():
        vouching.take_back(vouching.one(as_ben, asked.id), as_ben)
    assert (seen(ben), subjects(OLD)[-1]) == ([asked], "The change of your address is looked at once more")


def test_what_the_old_address_has_stopped_nobody_takes_back(ada, ben, staff):
    asked, as_staff = by_people(), visibility.viewer(staff)
    with transaction():
        recovery_course.stop(asked, by=None)
    with pytest.raises(NoLonger), transaction():
        vouching.take_back(asked, as_staff)
    with pytest.raises(NoLonger):
        vouched(asked, ben)


def test_a_word_and_a_decision_are_taken_back(ada, ben, staff):
    asked, as_ben, as_staff = by_people(), visibility.viewer(ben), visibility.viewer(staff)
    vouched(asked, ben)
    with transaction():
        vouching.take_back(vouching.one(as_ben, asked.id), as_ben)
    assert (asked.state, asked.vouched_by_id, asked.how) == (RecoveryState.VOUCHING, None, "")
    vouched(asked, ben)
    approved(asked, staff)
    with pytest.raises(NoLonger), transaction():
        vouching.take_back(asked, as_ben)
    with transaction():
        vouching.take_back(asked, as_staff)
    assert (asked.state, asked.due_at) == (RecoveryState.DECIDING, None)
    with time_machine.travel(clock.now() + timedelta(days=3)):
        assert changed() == 0


def test_what_the_secretariat_stopped_on_its_way_waits_two_whole_days_once_more(ada, ben, staff):
    asked, as_staff = by_people(), visibility.viewer(staff)
    vouched(asked, ben)
    approved(asked, staff)
    with transaction():
        vouching.turn_down(asked, by=staff)
    with time_machine.travel(clock.now() + timedelta(hours=47)):
        with transaction():
            vouching.take_back(asked, as_staff)
        assert asked.due_at > clock.now() + timedelta(hours=47)


def test_the_secretariat_sees_and_stops_what_a_recovery_code_began(ada, staff):
    asked = by_code(codes_of(ada)[0])
    assert list(vouching.for_staff(visibility.viewer(staff))) == [asked]
    with transaction():
        vouching.turn_down(asked, by=staff)
    assert subjects(NEW)[-1] == "The change of address was stopped"


def test_any_number_of_strangers_asking_writes_little_and_shuts_her_out_of_nothing(ada, ben):
    for number in range(8):
        by_people(new=f"evil{number}@x.example")
    asked = by_people()
    assert asked in seen(ben)
    assert (len(subjects(OLD)), len(subjects("ben@haki.example"))) == (3, 1)
    vouched(asked, ben)
    assert len(subjects(OLD)) == 4  # what people do is always told


def test_after_a_fortnight_nobody_goes_on_with_it(ada, ben):
    asked = by_people()
    with time_machine.travel(clock.now() + timedelta(days=14, minutes=1)):
        assert seen(ben) == []
        with pytest.raises(NoLonger):
            vouched(asked, ben)
