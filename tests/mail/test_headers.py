import re
from dataclasses import replace

from caucusmail import languages, links, settings
from caucusmail.mail import headers
from caucusmail.mail.compiled import guard, hole
from caucusmail.mail.slots import Slot


def test_a_letter_of_the_house_asks_machines_not_to_answer():
    """RFC 3834, 5: any value of Auto-Submitted but "no"."""
    assert headers.of_letter()["Auto-Submitted"] == "auto-generated"


def test_an_announcement_can_be_left_with_one_click_and_where_no_mail_comes_in_by_nothing_else():
    """RFC 8058, 3.1: one HTTPS URI, and the very words of List-Unsubscribe-Post."""
    found = headers.of_announcement("vrwg")
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<[^<>,]*>", found["List-Unsubscribe"])
    assert "mailto:" not in found["List-Unsubscribe"]


def test_where_mail_comes_in_an_address_to_leave_by_stands_beside_the_link(monkeypatch):
    monkeypatch.setattr(settings, "_current", replace(settings.current(), mail_comes_in=True))
    value = headers.of_announcement("vrwg")["List-Unsubscribe"]
    assert value == f"<{hole(Slot.LINK_LEAVE)}>,\r\n <mailto:{hole(Slot.LEAVE_BY_MAIL)}?subject=leave>"
    assert headers.leave_by_mail("A_b-9") == "leave+A_b-9@caucus.example"


def test_what_an_announcement_says_of_its_list_leads_to_that_caucus(french: None):
    found = headers.of_announcement("vrwg")
    assert found["List-Owner"] == f"<{links.contact('vrwg')}>"
    assert found["List-Archive"] == found["List-Subscribe"] == f"<{links.caucus('vrwg')}>"
    assert "/fr/help" in found["List-Help"]
    assert found["List-Post"] == "NO"  # RFC 2369, 3.4: nobody posts here
    assert found["Reply-To"] == "vrwg-owner@caucus.example"
    assert "Auto-Submitted" not in found  # a person wrote it


def test_a_list_is_known_by_its_local_part_whatever_it_is_called():
    assert headers.list_id("VRWG", "Victims' Rights") == '"Victims\' Rights" <vrwg.caucus.example>'
    assert headers.list_id("vrwg", "") == "vrwg.caucus.example"


def test_a_name_in_any_script_is_encoded_and_one_that_is_too_long_is_left_out():
    encoded = headers.list_id("vrwg", "Droits des victimes à La Haye")
    assert encoded.isascii()
    assert encoded.endswith("<vrwg.caucus.example>")
    assert headers.list_id("vrwg", "ح" * 200) == "<vrwg.caucus.example>"
    assert len(headers.list_id("vrwg", "x" * 231)) <= headers.LONGEST_LIST_ID
    assert headers.list_id("vrwg", "x" * 300) == "<vrwg.caucus.example>"


def test_a_name_cannot_begin_another_header():
    value = headers.list_id("vrwg", "A\r\nBcc: x@y.example\u2028B")
    assert guard(value) == '"A Bcc: x@y.example B" <vrwg.caucus.example>'
    assert languages.current() == "en"
