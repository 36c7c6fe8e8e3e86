"""Whose fault it was, by the servers' words."""

import pytest

from caucusmail.mail import faults
from caucusmail.mail.faults import Fault, Stage


@pytest.mark.parametrize(
    ("status", "words", "fault"),
    [
        ("5.1.1", "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown", Fault.GONE),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found", Fault.GONE),
        ("4.1.1", "450 4.1.1 user unknown", Fault.TEMPORARY),
        ("5.2.2", "552 5.2.2 Over quota", Fault.FULL),
        ("4.2.2", "452 4.2.2 The email account that you tried to reach is over quota", Fault.FULL),
        ("5.7.26", "550-5.7.26 This mail is unauthenticated, SPF and DKIM did not pass", Fault.POLICY),
        ("5.7.515", "550 5.7.515 Access denied, sending domain does not meet the required level", Fault.POLICY),
        ("4.7.32", "421 4.7.32 Your email has been rate limited", Fault.POLICY),
        ("5.1.1", "550 5.1.1 your IP is blacklisted, user unknown", Fault.POLICY),
        ("5.1.1", "550 5.1.1 192.0.2.1 has sent to too many recipients this hour", Fault.POLICY),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled", Fault.TEMPORARY),
        ("4.4.7", "delivery time expired", Fault.TRANSPORT),
        ("5.4.6", "too many hops", Fault.TRANSPORT),
        ("5.4.4", "Host or domain name not found", Fault.GONE),
        ("4.0.0", "DNS Error: domain name not found", Fault.TRANSPORT),
        ("5.7.1", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", Fault.POLICY),
        ("5.0.0", "550 This host does not accept mail from dialup addresses", Fault.POLICY),
        ("5.0.0", "550 Sender domain not found", Fault.POLICY),
        ("5.0.0", "552 daily quota of messages from you is exceeded", Fault.POLICY),
        ("5.0.0", "550 The number of messages in recipient's mailbox exceeded the local limit.", Fault.FULL),
        ("5.0.0", "User Ada (ada@b.example) not listed in Domino Directory", Fault.GONE),
        ("5.0.0", "550 something nobody has ever written", Fault.TEMPORARY),
        ("", "", Fault.TEMPORARY),
    ],
)
def test_the_words_and_the_status_say_whose_fault_it_is(status: str, words: str, fault: Fault):
    assert faults.fault(words, status) is fault


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        ("5.1.3", Fault.GONE),
        ("5.1.0", Fault.TEMPORARY),
        ("5.4.4", Fault.TRANSPORT),
        ("5.1.7", Fault.POLICY),
        ("5.2.3", Fault.POLICY),
        ("5.3.0", Fault.TRANSPORT),
        ("5.6.1", Fault.POLICY),
        ("5.7.13", Fault.TEMPORARY),
        ("4.1.2", Fault.TRANSPORT),
        ("5.0.0", Fault.TEMPORARY),
    ],
)
def test_where_the_words_say_nothing_the_status_does(status: str, fault: Fault):
    assert faults.fault("xyzzy", status) is fault


def test_a_name_in_an_address_is_no_reason():
    assert faults.fault("550 5.1.1 <spam.blocked@b.example>: user unknown", "5.1.1") is Fault.GONE


def test_user_unknown_after_the_content_is_in_doubt_and_at_rcpt_is_not():
    assert faults.fault("550 user unknown <a@b.example>", "5.0.0", Stage.DATA) is Fault.TEMPORARY
    assert faults.fault("550 user unknown <a@b.example>", "5.0.0", Stage.RECIPIENT) is Fault.GONE


def test_a_refusal_of_the_sender_is_about_us():
    assert faults.fault("550 no such user", "5.1.0", Stage.SENDER) is Fault.POLICY


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("550 no (in reply to RCPT TO command)", Stage.RECIPIENT),
        ("550 no (in reply to end of DATA command)", Stage.DATA),
        ("550 no (in reply to MAIL FROM command)", Stage.SENDER),
        ("192.0.2.1 does not like recipient.", Stage.RECIPIENT),
        ("550 no", Stage.UNKNOWN),
    ],
)
def test_reports_tell_at_which_command_the_server_refused(words: str, stage: Stage):
    assert faults.stage(words) is stage


def test_the_servers_own_status_counts_before_that_of_the_report():
    assert faults.status("550 5.7.1 no", "5.1.1") == "5.7.1"
    assert faults.status("550 5.0.0 no", "5.1.1 (bad address)") == "5.1.1"
    assert faults.status("connected to 192.5.1.1.7", "") == ""


def test_only_what_tells_nothing_is_silent():
    assert faults.silent("554 delivery error")
    assert not faults.silent("554 user unknown")
    assert not faults.silent("554 5.1.1")
