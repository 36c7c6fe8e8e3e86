"""What is somebody's own of a mail, as mail programs write it."""

import pytest

from caucusmail.mail.quoting import own_words

OWN = "Yes, Tuesday is fine.\n\nUntil then."
LETTER = "##- Write your answer above this line. ##-\n\nDear Achieng,\n\nsecret https://site.example/my/TOKEN"
QUOTED = "\n".join(f"> {line}".rstrip() for line in LETTER.splitlines())

GMAIL = f"{OWN}\n\nOn Sun, 29 Nov 2026 at 03:12, Vega Onyx 511 <notices@caucus.example>\nwrote:\n\n{QUOTED}\n"
THUNDERBIRD = f"{OWN}\n\nAm 29.11.26 um 03:12 schrieb CaucusMail:\n{QUOTED}\n\n-- \nAchieng Otieno\n+254 700 000000\n"
OUTLOOK = (
    f"{OWN}\r\n\r\n________________________________\r\nFrom: CaucusMail <notices@caucus.example>\r\n"
    f"Sent: Sunday, November 29, 2026 3:12 AM\r\nTo: Achieng Otieno <achieng@mhi.example>\r\nSubject: [VRWG] Room\r\n\r\n"
    + LETTER.replace("\n", "\r\n")
)
OUTLOOK_FR = (
    f"{OWN}\n\n-----Message d'origine-----\nDe : CaucusMail\nEnvoyé : dimanche 29 novembre 2026 03:12\n"
    f"À : Achieng Otieno <achieng@mhi.example>\nObjet : [VRWG] Room\n\n{LETTER}"
)
APPLE = f"{OWN}\n\n> On 29 Nov 2026, at 03:12, CaucusMail wrote:\n> \n{QUOTED}"
BELOW = f"On Sun, 29 Nov 2026, Vega Onyx 511 wrote:\n{QUOTED}\n\n{OWN}\n"
BETWEEN = "Vega wrote:\n> One?\n\nYes, Tuesday is fine.\n\n> Two?\n\nUntil then.\n\n> Three?"
ARABIC = f"{OWN}\n\nفي الأحد، 29 نوفمبر 2026 كتب Vega Onyx 511:\n{QUOTED}"


@pytest.mark.parametrize(
    "text", [OWN, GMAIL, THUNDERBIRD, OUTLOOK, OUTLOOK_FR, APPLE, BELOW, BETWEEN, ARABIC, f"{OWN}\n\n{LETTER}"]
)
def test_only_the_writers_own_words_are_left(text):
    assert own_words(text) == OWN


def test_a_signature_is_left_out_and_dashes_in_the_text_are_not():
    assert own_words("One\n-- two\n---\nthree\n-- \nAchieng\n+254 700") == "One\n-- two\n---\nthree"


def test_a_text_that_ends_with_a_colon_keeps_its_paragraph_if_it_is_long_or_nothing_is_quoted():
    assert own_words("These came:\n\nAda\nBen") == "These came:\n\nAda\nBen"
    long = "\n".join(f"line {number}" for number in range(6)) + ":"
    assert own_words(f"{long}\n> quoted") == long


def test_of_what_is_all_quoted_nothing_is_left():
    assert own_words(QUOTED) == own_words(LETTER) == own_words("") == own_words("> > >") == ""


def test_a_very_long_text_is_read_in_no_time(stopped_clock):
    assert own_words("word " * 12_000) != ""
    assert own_words("a:\n" * 20_000 + "> q") != ""
