"""The letter that says nothing but that there is one."""

import pytest

from caucusmail.delivery import discreet
from caucusmail.mail import headers


def test_a_key_says_what_it_holds_back():
    assert discreet.key("en+fr") == "en+fr!"
    assert discreet.plain("en+fr!") == discreet.plain("en+fr") == "en+fr"
    assert [discreet.is_discreet(key) for key in ("en!", "en")] == [True, False]


def test_its_return_path_begins_with_no_group():
    assert discreet.sender("en!", "vrwg") == "notices"
    assert discreet.sender("en", "vrwg") == "vrwg"


@pytest.mark.parametrize(("language", "subject"), [("en", b"A message for you"), ("fr", b"Un message pour vous")])
def test_sender_and_subject_are_the_same_whatever_it_holds(language, subject):
    raw = discreet.compile_in(language, headers.of_letter(), leaves=False)
    assert b"Subject: " + subject in raw
    assert b"Messages" in raw.split(b"\r\n")[0]
    assert b"link_leave_page" not in raw
    assert b"link_read" in raw
    assert b"link_leave_page" in discreet.compile_in(language, {}, leaves=True)
