"""What mailbox providers ask of those who send in bulk (standards, 1.1): the rows S-P."""

import re

import pytest

from caucusmail.mail import faults
from caucusmail.mail.faults import Fault
from tests.golden import capture, reading
from tests.golden.capture import DOMAIN, PLAIN, Golden
from tests.sink import Sink


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.7.515 Access denied, sending domain caucus.example does not meet the required authentication level",
        (
            "550-5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to"
            " authenticate with either SPF or DKIM."
        ),
        (
            "421-4.7.32 Your email has been rate limited because the From: header (RFC5322) in this message isn't aligned with"
            " either the authenticated SPF or DKIM organizational domain."
        ),
        "550-5.7.1 This message does not have a valid one-click unsubscribe header",
        "550 5.7.509 Access denied, sending domain caucus.example does not pass DMARC verification",
    ],
)
def test_s_p1_what_a_provider_refuses_for_our_identity_is_held_against_no_member(reply: str) -> None:
    found = faults.fault(reply, faults.status(reply))
    assert found is Fault.POLICY
    assert found not in faults.AGAINST_THE_ADDRESS


def test_s_p2_from_envelope_and_both_signatures_are_of_one_domain(golden: Golden) -> None:
    for caught in golden.all:
        assert caught.sender.rpartition("@")[2] == DOMAIN
        assert reading.mailbox(caught, "From").domain == DOMAIN
        assert {reading.tags(one)["d"] for one in reading.values(caught, "DKIM-Signature")} == {DOMAIN}
        assert reading.holds(caught.raw) == [True, True]


def test_s_p3_no_letter_is_from_a_foreign_domain_and_who_is_answered_is_ours_too(golden: Golden) -> None:
    for caught in golden.all:
        for name in ("From", "Reply-To", "Sender"):
            assert all(one.endswith((f"@{DOMAIN}>", f"@{DOMAIN}")) for one in reading.values(caught, name))


def test_s_p4_one_click_is_in_the_header_and_a_link_to_leave_is_in_the_body(golden: Golden) -> None:
    for caught in golden.announcements:
        token = re.match(rf"<{capture.SITE}/leave/([\w-]+)>, <mailto:", reading.value(caught, "List-Unsubscribe"))
        assert token is not None
        for kind in ("text/plain", "text/html"):
            assert f"{capture.SITE}/en/leave/{token[1]}" in reading.part(caught, kind)


def test_s_p4_the_next_announcement_does_not_reach_who_has_left(sink: Sink, client, identity: None) -> None:
    made = capture.room()
    capture.sent(capture.ready(made), made)
    capture.drain()
    (first,) = sink.to(PLAIN)
    path = reading.value(first, "List-Unsubscribe").partition(">")[0].removeprefix(f"<{capture.SITE}")
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    sink.caught.clear()
    capture.sent(capture.ready(made), made)
    capture.drain()
    letters = [one for one in sink.to(PLAIN) if reading.values(one, "List-Id")]
    assert letters == []
    assert len(sink.to(capture.LONG)) == 1


def test_s_p5_a_complaint_can_be_counted_for_each_announcement(golden: Golden) -> None:
    for announcement in (golden.notices, golden.invitations):
        marks = {reading.value(caught, "Feedback-ID") for caught in announcement}
        assert len(marks) == 1
        for caught in announcement:
            for one in reading.values(caught, "DKIM-Signature"):
                assert "feedback-id" in reading.tags(one)["h"].split(":")
    assert reading.value(golden.notices[0], "Feedback-ID") != reading.value(golden.invitations[0], "Feedback-ID")


def test_s_p6_one_from_one_date_one_message_id(golden: Golden) -> None:
    for caught in golden.all:
        assert [len(reading.values(caught, name)) for name in ("From", "Date", "Message-ID")] == [1, 1, 1]


def test_s_p7_what_goes_to_a_list_says_which(golden: Golden) -> None:
    assert {len(reading.values(caught, "List-Id")) for caught in golden.announcements} == {1}
    assert {len(reading.values(caught, "List-Id")) for caught in golden.letters} == {0}
