from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from caucusmail import clock, tokens
from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory import asking, confirmation, inviting, registration, reminders, visibility
from caucusmail.directory.applications import Applicant, ApplicantState, Application, Wish
from caucusmail.directory.inviting import NoLonger
from caucusmail.directory.models import Affiliation, Seat
from caucusmail.directory.registration import Colleague
from caucusmail.directory.representation import NoPlaceLeft
from caucusmail.tokens import BadToken
from tests import make
from tests.directory.joiners import code_in, letters
from tests.letters import written

ADDRESS = "pkamau@webmail.example"


class House:
    """An organisation with one place left, and its administrator."""

    def __init__(self) -> None:
        self.ngo, self.vrwg, self.admin = make.ngo(seats_cap=2), make.caucus("vrwg"), make.person("Achieng")
        make.representative(self.admin, self.ngo, admin=True)
        for _ in range(2):
            make.keep(Seat(ngo_id=self.ngo.id, caucus_id=self.vrwg.id, since=self.ngo.made_at))

    def invite(self, submission: str = "", **more) -> Applicant:
        peter = Colleague("Peter Kamau", ADDRESS, caucuses=(self.vrwg.id,))
        with transaction():
            by = visibility.viewer(self.admin)
            applicant = registration.invite(self.ngo, replace(peter, **more), submission or tokens.new_secret(), by=by)
        written()
        return applicant

    def recall(self, applicant: Applicant) -> None:
        with transaction():
            inviting.recall(applicant, by=self.admin)

    def put_back(self, applicant: Applicant) -> None:
        with transaction():
            inviting.put_back(applicant, by=self.admin)
        written()


@pytest.fixture
def house():
    return House()


def confirm(applicant: Applicant) -> None:
    with transaction():
        found = confirmation.applicant_of(asking.confirm_token(applicant))
        confirmation.confirm(found, {wish.caucus_id for wish in make.rows(Wish)})


def test_a_recalled_invitation_opens_nothing_and_is_reminded_of_no_more(house):
    applicant = house.invite()
    (letter,) = letters(ADDRESS)
    house.recall(applicant)
    with pytest.raises(BadToken):
        confirmation.applicant_of(asking.confirm_token(applicant))
    with pytest.raises(confirmation.WrongCode):
        confirmation.by_code(ADDRESS, code_in(letter), "network")
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False), transaction():
        assert reminders.remind_due() == 0


def test_an_invitation_put_back_is_confirmed_by_the_letter_that_was_out(house):
    applicant = house.invite()
    house.recall(applicant)
    house.put_back(applicant)
    assert len(letters(ADDRESS)) == 1
    confirm(applicant)
    assert [row.person.name for row in make.rows(Affiliation)] == ["Peter Kamau"]


def test_whoever_is_added_again_keeps_the_letter_that_was_out_with_what_is_typed_now(house):
    first = house.invite()
    house.recall(first)
    again = house.invite(name="Peter M. Kamau")
    assert again.id == first.id
    assert again.name == "Peter M. Kamau"
    assert len(letters(ADDRESS)) == len(make.rows(Applicant)) == len(make.rows(Application)) == 1
    confirm(again)
    assert len(make.rows(Affiliation)) == 1


@pytest.mark.parametrize("submission", ["s" * 32, "t" * 32])
def test_a_form_sent_twice_after_a_recall_is_one_invitation(house, submission):
    house.recall(house.invite("s" * 32))
    for _ in range(2):
        house.invite(submission)
    assert len(make.rows(Applicant)) == 1


def test_the_form_sent_again_after_confirming_invites_nobody(house):
    confirm(house.invite("s" * 32))
    house.invite("s" * 32)
    assert len(make.rows(Applicant)) == 1
    assert len(letters(ADDRESS)) == 1


def test_a_letter_that_had_not_left_waits_while_it_is_recalled_and_leaves_after(house):
    applicant = house.invite()
    house.recall(applicant)
    assert [row.state for row in make.rows(Delivery)] == [DeliveryState.WITHDRAWN]
    house.put_back(applicant)
    assert [row.state for row in make.rows(Delivery)] == [DeliveryState.QUEUED]


def test_who_was_never_written_to_is_written_to_when_added_again_days_later(house):
    with transaction():
        applicant = registration.invite(
            house.ngo, Colleague("P", ADDRESS, caucuses=(house.vrwg.id,)), "s" * 32, by=visibility.viewer(house.admin)
        )
        inviting.recall(applicant, by=house.admin)
    with time_machine.travel(clock.now() + timedelta(days=5), tick=False):
        house.invite()
        assert len(letters(ADDRESS)) == 1


def test_recalling_frees_the_place_and_putting_back_takes_it(house):
    applicant = house.invite()
    with pytest.raises(NoPlaceLeft, match="All 2 places"):
        house.invite(address="other@x.example")
    house.recall(applicant)
    house.invite(address="other@x.example")
    with pytest.raises(NoPlaceLeft):
        house.put_back(applicant)


def test_what_was_recalled_or_put_back_before_is_refused_kindly(house):
    applicant = house.invite()
    with pytest.raises(NoLonger):
        house.put_back(applicant)
    house.recall(applicant)
    with pytest.raises(NoLonger):
        house.recall(applicant)


def test_a_recalled_invitation_is_deleted_on_the_day_of_the_silent(house):
    applicant = house.invite()
    house.recall(applicant)
    with time_machine.travel(clock.now() + timedelta(days=13), tick=False), transaction():
        reminders.expire_due()
    assert applicant.address == ADDRESS
    with time_machine.travel(clock.now() + timedelta(days=14, hours=1), tick=False):
        with pytest.raises(NoLonger):
            house.put_back(applicant)
        with transaction():
            reminders.expire_due()
    assert (applicant.state, applicant.name, applicant.address) == (ApplicantState.EXPIRED, "", "")
