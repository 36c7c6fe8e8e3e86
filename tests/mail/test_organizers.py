import pytest

from caucusmail.mail import organizers
from caucusmail.tokens import BadToken

HIGHEST = 2**31 - 1


@pytest.mark.parametrize(("meeting", "person"), [(1, 1), (7, 300), (HIGHEST, HIGHEST)])
def test_a_mailbox_names_its_meeting_and_person_whatever_case_it_comes_back_in(meeting, person):
    mailbox = organizers.mailbox("a-very-long-name-of-a-caucus-or-network-of-all-the-regions", meeting, person)
    assert len(mailbox.partition("@")[0]) <= 64
    for address in (mailbox, mailbox.upper()):
        assert organizers.read(address) == (meeting, person)


def test_it_is_the_same_in_every_letter_about_a_meeting():
    assert organizers.mailbox("vrwg", 7, 9) == organizers.mailbox("vrwg", 7, 9)


def test_one_that_we_did_not_make_is_none():
    mailbox = organizers.mailbox("vrwg", 7, 9)
    token = mailbox.partition("+")[2].partition("@")[0]
    meeting, person, mac = token.split("-")
    forged = [
        mailbox.replace(mac, "0" * 16),
        mailbox.replace(f"+{meeting}-", "+8-"),
        mailbox.replace(f"-{person}-", "-a-"),
        mailbox.replace("-answer+", "-bounce+"),
        mailbox.replace("caucus.example", "elsewhere.example"),
        f"vrwg-answer+@{mailbox.partition('@')[2]}",
        "",
    ]
    for address in forged:
        with pytest.raises(BadToken):
            organizers.read(address)
