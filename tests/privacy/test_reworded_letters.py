"""Letters that lie ready say nothing of somebody who is protected, and can still be filled and sent."""

import base64
import random
from email import message_from_bytes, policy

import pytest

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery.models import OutgoingText
from caucusmail.directory import writing
from caucusmail.directory.writing import Words
from caucusmail.inbound import passing_on
from caucusmail.inbound.models import Fate, Received
from caucusmail.inbound.passing_on import Draft, Offered
from caucusmail.mail import compiled, headers, mime
from caucusmail.mail.mime import Attachment
from caucusmail.mail.rendering import Letter
from caucusmail.mail.slots import Slot, mark
from caucusmail.privacy import reworded_letters
from tests import make, photos
from tests.directory.correspondents import two
from tests.privacy.protected import lift, protect
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


def test_a_file_that_goes_along_is_left_as_it_is_though_it_looks_like_words():
    name = "Abel Mabelo"
    looks = base64.b64decode(("A" * 72 + "Abel" + "Mabelo" + "A" * 66) * 3)
    assert b"Abel\r\nMabelo" in mime.attachment(Attachment("picture-1.jpg", "image/jpeg", looks))
    told = Letter("test/x", "en", name, f"Dear {name}\n", f"<p>{name}</p>", attached=[Attachment("picture-1.jpg", "image/jpeg", looks)])  # fmt: skip
    raw = compiled.compile_letter(told, "house@x.example", headers.of_letter(), attached=told.attached)
    new = message_from_bytes(reworded_letters.reworded(raw, search(name)), policy=policy.default)
    (file,) = new.iter_attachments()
    assert file.get_content() == looks
    assert "Vega Onyx 511" in new.get_body(("plain",)).get_content()
    assert "Abel" not in new.get_body(("html",)).get_content()


@pytest.mark.parametrize(("words", "hidden"), [("Ask Li Wu Ana there", True), ("Ask somebody else", False)])
def test_what_waits_for_its_writer_is_hidden_for_its_words_and_never_for_its_pictures(words, hidden):
    picture = Offered(random.Random(7).randbytes(300_000), "image/jpeg", 1, 1)
    raw = passing_on.packed(Draft("Room", words, 0, 0, (picture,)))
    assert [one for one in (b"li", b"wu", b"ana") if one not in raw.lower()] == []
    held = {"recipient": "x@x.example", "body_hash": "x", "at": clock.now(), "fate": Fate.DONE, "outcome": "held"}
    make.keep(Received(raw=raw, **held))
    assert [new for _key, _raw, new in reworded_letters._incoming(search("Li Wu Ana"))] == [b""] * hidden


def test_a_letter_with_a_picture_that_lies_ready_for_who_is_protected_comes_back_whole():
    found = two()
    picture = photos.photo(90, 60)
    words = Words(
        "For Halima Canary", "Dear Halima Canary", attached=(Attachment("picture-1.jpg", "image/jpeg", picture),)
    )
    with transaction():
        writing.write(found.to, found.ada, words)
    (before,) = [one.raw for one in make.rows(OutgoingText) if picture_of(one.raw) == picture]
    made = protect(found.vega.person)
    db.session.expire_all()
    (hidden,) = [one.raw for one in make.rows(OutgoingText) if picture_of(one.raw) == picture]
    assert b"Canary" not in hidden.replace(base64.encodebytes(picture).replace(b"\n", b"\r\n"), b"")
    lift(made)
    db.session.expire_all()
    assert before in [one.raw for one in make.rows(OutgoingText)]


def picture_of(raw: bytes) -> bytes | None:
    files = message_from_bytes(raw, policy=policy.default).iter_attachments()
    return next((one.get_content() for one in files), None)
