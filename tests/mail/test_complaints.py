import json

import pytest

from caucusmail.mail import complaints, parts
from caucusmail.mail.complaints import Feedback


def arf(
    kind: str, rcpt: str = "Original-Rcpt-To: <a@b.example>\n", returned: str = "To: c@d.example\n\nx\n"
) -> parts.Part:
    return parts.read(
        (
            'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n--b\n\nhello\n'
            f"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nVersion: 1\n{rcpt}\n"
            f"--b\nContent-Type: message/rfc822\n\n{returned}--b--\n"
        ).encode()
    )


@pytest.mark.parametrize("kind", ["abuse", "fraud", "other", "opt-out", "not-spam", "auth-failure"])
def test_the_kind_of_feedback_is_read(kind: str):
    assert complaints.read(arf(kind.upper())) == Feedback(kind, ("a@b.example",))


def test_where_the_recipient_is_kept_back_the_returned_message_names_it():
    assert complaints.read(arf("abuse", "")) == Feedback("abuse", ("c@d.example",))


def test_what_is_about_our_domain_punishes_nobody():
    assert {"auth-failure", "not-spam", "dmarc"}.isdisjoint(complaints.PUNISHES)
    assert "abuse" in complaints.PUNISHES


def test_the_forms_that_some_providers_have_instead_are_read():
    hotmail = b"Subject: complaint about message from x\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: a@b.example\n\n"
    apple = b"From: a@b.example\nX-Apple-Unsubscribe: true\n\nplease\n"
    ses = {"notificationType": "Complaint", "complaint": {"complainedRecipients": [{"emailAddress": "a@b.example"}]}}
    for raw in (hotmail, apple, b"From: x@y.example\n\n" + json.dumps(ses).encode()):
        found = complaints.read(parts.read(raw))
        assert found is not None
        assert found.addresses == ("a@b.example",)


@pytest.mark.parametrize(
    "raw", [b"Subject: I complain\n\nabuse\n", b'\n\n{"otificationType":', b'\n\n{"notificationType": 3}', b""]
)
def test_an_ordinary_message_is_no_complaint(raw: bytes):
    assert complaints.read(parts.read(raw)) is None
