import re

import pytest

from caucusmail import languages
from caucusmail.delivery import plain_words
from caucusmail.delivery.plain_words import BY_CLASS, BY_FAULT, BY_REPLY, BY_STATUS


def said(code: int | None, words: str) -> str:
    return str(plain_words.meaning(code, words))


@pytest.mark.parametrize(
    ("code", "words", "meant"),
    [
        (550, "5.1.1 <x@y.example>: Recipient address rejected", "There is no such mailbox (any more)."),
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound", "There is no such mailbox, or its domain takes no mail."),
        (452, "4.2.2 The email account that you tried to reach is over quota.", "The mailbox is full."),
        (550, "5.2.1 disabled", "The mailbox is switched off and takes no mail."),
        (552, "5.3.4 Message size exceeds fixed limit", "The letter is larger than the mail server"),
        (451, "4.7.1 Greylisting in action, please come back later", "asks us to come back in a few minutes"),
        (450, "4.2.0 <x@y.example>: Recipient address rejected: Greylisted", "asks us to come back in a few minutes"),
        (451, "Greylisting in effect, please come back later", "asks us to come back in a few minutes"),
        (451, "4.7.1 please come back later", "The other server asks us to come back later"),
        (550, "5.4.1 Recipient address rejected: Access denied.", "does not take mail for this address"),
        (550, "5.4.1 no answer from host", "could not be reached"),
        (None, "ConnectionResetError: Connection reset by peer", "The connection broke."),
        (None, "ConnectionRefusedError: Connection refused", "could not be reached"),
        (550, "5.7.26 Unauthenticated email is not accepted", "could not confirm that the letter comes from us"),
        (554, "5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org", "mistrusts the machine"),
        (550, "5.1.99 something new", "Something is wrong with the address; the server did not say what."),
        (550, "5.7.250 something new", "The server refused it by its own rules."),
        (550, "5.9.9 something new", "The mailbox does not exist, or does not take mail from us."),
        (550, "No such user here", "There is no such mailbox (any more)."),
        (550, "5.0.0 mailbox is full", "The mailbox is full."),
        (550, "", "The mailbox does not exist, or does not take mail from us."),
        (421, "Too busy", "too busy at the moment"),
        (499, "", "The other server asked to wait."),
        (599, "", "refused it for good and did not say why"),
        (None, "Connection refused", "could not be reached"),
        (None, "", "could not be reached"),
        (550, "\x00\xff \u202e" * 99, "The mailbox does not exist"),
    ],
)
def test_an_answer_is_said_in_plain_words(code, words, meant):
    assert meant in said(code, words)


def test_an_address_of_a_machine_is_not_taken_for_a_status():
    assert said(554, "Rejected: 5.1.1.7 is not welcome") == str(BY_REPLY[554])


def test_every_subject_has_its_class_and_the_registry_s_codes_their_sentence():
    highest = {"1": 10, "2": 4, "3": 6, "4": 7, "5": 6, "6": 10, "7": 32}
    for subject, last in highest.items():
        assert subject in BY_CLASS
        assert [f"{subject}.{detail}" for detail in range(last + 1) if f"{subject}.{detail}" not in BY_STATUS] == []


def test_each_sentence_is_plain_and_has_its_french():
    known = [*BY_STATUS.values(), *BY_CLASS.values(), *BY_FAULT.values(), *BY_REPLY.values()]
    english = {str(one) for one in known}
    for sentence in english:
        assert not re.search(r"\d|SMTP|DSN|SPF|DKIM|DMARC|TLS|@", sentence), sentence
        assert sentence.endswith(".")
    with languages.use("fr"):
        assert not english & {str(one) for one in known}


@pytest.mark.parametrize(
    ("words", "theirs"),
    [
        ("ConnectionResetError: Connection reset by peer", False),
        ("SMTPServerDisconnected: Connection unexpectedly closed", False),
        ("gaierror: Name or service not known", False),
        ("no answer in time", False),
        ("4.3.0 Error: queue file write error", True),
        ("Error while reading the mailbox", True),
        ("", True),
    ],
)
def test_an_error_of_our_own_is_nothing_that_a_server_said(words, theirs):
    assert plain_words.server_said(words) == (words if theirs else "")
