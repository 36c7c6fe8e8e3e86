from datetime import timedelta

import pytest

from caucusmail import tokens
from caucusmail.audit.models import AuditEntry
from caucusmail.delivery import filling
from caucusmail.delivery.models import AddressTrouble, Delivery, DeliveryState
from caucusmail.groups import queries as groups
from caucusmail.inbound import queries
from caucusmail.inbound.models import Fate
from tests import make
from tests.delivery.owed import again, copy
from tests.inbound.mails import complaint, letter, owed, report, return_path, take


def test_a_report_at_a_return_path_is_charged_to_the_copys_address() -> None:
    row = copy()
    received = take(report(row), return_path(row))
    assert (received.fate, received.outcome, received.detail) == (Fate.DONE, "bounce", "gone 5.1.1 charged")
    assert again(row).bounce == "gone"
    assert [trouble.score for trouble in make.rows(AddressTrouble)] == [2]
    assert "copy.bounced" in [entry.verb for entry in make.rows(AuditEntry)]


def test_the_return_path_says_who_and_the_report_only_why() -> None:
    row, other = copy(), copy("bea@mail.example")
    take(report(other), return_path(row))
    assert (again(row).bounce, again(other).bounce) == ("gone", None)


def test_a_report_without_a_return_path_is_tied_by_our_message_id() -> None:
    row = copy()
    make.caucus("vrwg")
    assert take(report(row), "vrwg@caucus.example").outcome == "bounce"
    assert again(row).bounce == "gone"


def test_a_report_that_proves_nothing_is_held_against_nobody_and_shown() -> None:
    row = copy()
    raw = report(row).replace(b"Message-ID: <" + str(row.id).encode(), b"Message-ID: <0" + str(row.id).encode())
    received = take(raw, "postmaster@caucus.example")
    assert (received.fate, received.outcome) == (Fate.ASIDE, "not-ours")
    assert again(row).bounce is None
    assert queries.aside() == [received]


def test_a_report_about_what_left_sixty_days_ago_counts_nothing() -> None:
    row = copy(ago=timedelta(days=61))
    assert take(report(row), return_path(row)).detail == "gone 5.1.1 nothing"
    assert make.rows(AddressTrouble) == []


def test_delays_and_successes_are_no_bounces() -> None:
    for action, outcome in (("delayed", "delay"), ("delivered", "arrived")):
        row = copy(state=DeliveryState.UNCERTAIN)
        assert take(report(row, action, "2.0.0", "250 ok"), return_path(row)).outcome == outcome
        assert again(row).state is DeliveryState.ACCEPTED  # the relay has it: that is what nobody knew
        assert again(row).bounce is None


def test_whoever_answers_a_copy_has_got_it() -> None:
    make.coordinator(make.caucus("vrwg"))
    by_machine, by_hand = copy(state=DeliveryState.UNCERTAIN), copy("bea@mail.example", state=DeliveryState.UNCERTAIN)
    take(letter(Auto_Submitted="auto-replied"), return_path(by_machine))
    take(letter(In_Reply_To=filling.message_id(by_hand)), "vrwg-owner@caucus.example", "bea@mail.example")
    assert [again(row).state for row in (by_machine, by_hand)] == [DeliveryState.ACCEPTED] * 2


def test_what_stands_unread_at_a_return_path_is_no_answer() -> None:
    row = copy(state=DeliveryState.UNCERTAIN)
    assert take(b"odd", return_path(row)).outcome == "not-understood"
    assert again(row).state is DeliveryState.UNCERTAIN


def test_an_automatic_answer_does_nothing_and_is_answered_by_nothing() -> None:
    row = copy()
    before = len(make.rows(Delivery))
    for number in range(100):
        raw = letter(text=f"I am away {number}", Auto_Submitted="auto-replied")
        assert take(raw, return_path(row)).outcome == "automatic"
    assert len(make.rows(Delivery)) == before


def test_a_complaint_leaves_the_groups_that_brought_the_copy_and_no_other() -> None:
    one, two = make.caucus("vrwg"), make.caucus("finance")
    first, second = make.group(one), make.group(two)
    person = make.member(one, None, first)
    make.member(two, person, second)
    row = copy(person.address, person_id=person.id, why=f"g{first.id}")
    received = take(complaint(row), "abuse@caucus.example", "fbl@provider.example")
    assert (received.outcome, received.detail) == ("left", "complaint: abuse")
    assert [place.group_id for place in groups.subscriptions(person)] == [second.id]
    assert again(row).bounce is None
    assert make.rows(AddressTrouble) == []


def test_a_report_about_our_domain_punishes_nobody() -> None:
    caucus = make.caucus("vrwg")
    group = make.group(caucus)
    person = make.member(caucus, None, group)
    row = copy(person.address, person_id=person.id, why=f"g{group.id}")
    for kind in ("auth-failure", "dmarc", "not-spam"):
        assert take(complaint(row, kind), return_path(row)).outcome == "domain"
    assert len(groups.subscriptions(person)) == 1


def test_a_mail_to_the_one_click_address_leaves_as_the_link_does() -> None:
    caucus = make.caucus("vrwg")
    group = make.group(caucus)
    person = make.member(caucus, None, group)
    row = copy(person.address, person_id=person.id, why=f"g{group.id}")
    address = f"leave+{tokens.sign(tokens.Purpose.ONE_CLICK, row.id)}@caucus.example"
    assert take(letter("somebody@else.example"), address, "somebody@else.example").outcome == "left"
    assert groups.subscriptions(person) == []
    assert take(letter(text="again"), address, "somebody@else.example").outcome == "nothing-to-leave"


def test_a_persons_mail_to_a_caucus_reaches_those_who_keep_it() -> None:
    caucus = make.caucus("vrwg")
    keeper = make.coordinator(caucus)
    received = take(letter(subject="=?utf-8?q?Caf=C3=A9=3F?="), "vrwg-owner@caucus.example", "bea@ngo.example")
    assert received.outcome == "passed-on"
    [passed] = owed("directory/question")
    assert passed.address == keeper.address


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-generated"},
        {"List_Id": "<x.example>"},
        {"Precedence": "bulk"},
        {"Precedence": "list"},
    ],
)
def test_what_no_person_wrote_is_passed_on_to_nobody(headers: dict[str, str]) -> None:
    make.coordinator(make.caucus("vrwg"))
    assert take(letter(**headers), "vrwg-owner@caucus.example", "bea@ngo.example").outcome == "automatic"
    assert owed("directory/question") == []


@pytest.mark.parametrize("sender", ["", "x-request@a.example", "mailer-daemon@a.example", "x-bounces@a.example"])
def test_who_is_no_person_is_passed_on_to_nobody(sender: str) -> None:
    make.coordinator(make.caucus("vrwg"))
    assert take(letter(), "vrwg-owner@caucus.example", sender).outcome == "automatic"


def test_what_nobody_can_be_given_is_shown() -> None:
    make.caucus("vrwg")
    received = take(letter(), "vrwg-owner@caucus.example", "bea@ngo.example")
    assert (received.fate, received.outcome, received.detail) == (Fate.ASIDE, "undeliverable", "NobodyThere")


def test_what_comes_back_and_cannot_be_read_is_shown_and_held_against_nobody() -> None:
    row = copy()
    received = take(b"\xff\xfe\0 nothing anybody could read", return_path(row))
    assert (received.fate, received.outcome) == (Fate.ASIDE, "not-understood")
    assert again(row).bounce is None
