"""Letters that lie ready say nothing of somebody who is protected, and can still be filled and sent."""

from email import message_from_bytes, policy

import pytest

from caucusmail.mail import compiled, headers
from caucusmail.mail.rendering import Letter
from caucusmail.mail.slots import Slot, mark
from caucusmail.privacy import reworded_letters
from tests.privacy.test_quoted import search

NAMES = ["Élodie O’Brien-Smith", "Amina Wanjiru", "Амина Иванова"]


def letter(name: str, subject: str) -> bytes:
    link = mark(Slot.LINK_ANSWER)
    plain, markup = (
        f"Hello,\n\n{'x ' * 35}{name} & others: {link}\n",
        f"<p>{name} &amp; others <a href='{link}'>x</a></p>",
    )
    return compiled.compile_letter(
        Letter("test/x", "fr", subject, plain, markup), "house@x.example", headers.of_letter()
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("subject", ["Réunion avec {name}", "{name}", "Plain"])
def test_name_and_address_are_gone_from_every_part_and_the_slots_are_left(name, subject):
    raw = letter(name, subject.format(name=name))
    new = reworded_letters.reworded(raw, search(name))
    shown = message_from_bytes(new, policy=policy.default)
    texts = [str(shown["Subject"]), *(part.get_content() for part in shown.walk() if not part.is_multipart())]
    assert all(name.split()[0] not in one for one in texts)
    assert sum("Vega Onyx 511" in one for one in texts) == 2 + ("{name}" in subject)
    assert new.count(Slot.LINK_ANSWER.value.encode() + b"|") == raw.count(Slot.LINK_ANSWER.value.encode() + b"|")


def test_a_letter_that_does_not_mention_them_is_the_same_octets():
    raw = letter("Somebody Else", "Réunion avec Somebody Else")
    assert reworded_letters.reworded(raw, search(NAMES[1])) == raw


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_in_mail_that_came_in_a_mention_is_found_in_whatever_encoding(encoding):
    from_them = message_from_bytes(b"Subject: x\r\n\r\n", policy=policy.default)
    from_them.set_content(f"Hello\n{NAMES[0]}\n", cte=encoding)
    assert reworded_letters.mentioned(from_them.as_bytes(), search())
    assert not reworded_letters.mentioned(from_them.as_bytes(), search("Somebody Else", "b@c.example"))
