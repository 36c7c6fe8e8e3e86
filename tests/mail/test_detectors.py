import pytest

from caucusmail.mail import detectors
from tests.mail.bombs import BOMBS, FUSE

SMTP32 = b"From: <Postmaster@b.example>\nX-Mailer: <SMTP32 v8.05>\n\nUser mailbox exceeds allowed size: a@b.example\n\nOriginal message follows.\n"


def test_an_address_that_only_the_library_knows_is_found():
    assert detectors.recipients(SMTP32, set()) == ["a@b.example"]
    assert detectors.recipients(SMTP32, {"a@b.example"}) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"From: \n\nx",
        b"From: a\xff\xfe\n\nx",
        b"Subject: \xff\n\n\xff",
        SMTP32[:60],
        *(FUSE + one for one in BOMBS.values()),
    ],
)
def test_what_the_library_stumbles_over_is_nothing_found(raw: bytes):
    assert detectors.recipients(raw, set()) in ([], ["a@b.example"])
