"""A mail to a member's mailbox: nothing of it is passed on before its writer has looked."""

import base64
import json
from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.accounts.models import SecondAddress
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory.models import Shown
from caucusmail.inbound import corresponding, intake, personal, processing, queries
from caucusmail.inbound.models import Fate, Received
from caucusmail.inbound.passing_on import Draft
from caucusmail.tokens import BadToken
from tests import letters, make, photos
from tests.directory.correspondents import Two, choose, two
from tests.inbound.mails import letter, owed, take

ADA = "ada@zenith.example"


@pytest.fixture
def found() -> Two:
    made = two()
    with transaction():
        made.ada.person.address = made.ada.person.address_key = ADA
    return made


def wrote(found: Two, raw: bytes | None = None, sender: str = ADA, **headers: str) -> Received:
    return take(raw or letter(sender, **headers), found.mailbox, sender)


def token(address: str = ADA) -> str:
    return letters.link(letters.to(address)[-1], "/letter-to-member/").rpartition("/")[2]


def test_its_writer_is_asked_and_nobody_else_is_written_to(found):
    received = wrote(found)
    assert (received.fate, received.outcome) == (Fate.DONE, "held")
    assert [row.address for row in make.rows(Delivery)] == [ADA]
    asked = letters.to(ADA)[-1]
    assert asked["Subject"] == f"[VRWG] Look at your letter to {found.to.name} before it leaves"
    for hidden in ("Halima", "Canary", found.vega.person.address):
        assert hidden not in asked.as_string() + letters.text(asked)


def test_once_they_say_so_what_they_made_of_it_is_passed_on_and_forgotten(found):
    received = wrote(found)
    held = corresponding.held(token())
    assert held.draft == Draft("Room?", "Which room?")
    for _ in range(2):
        with transaction():
            corresponding.send(token(), "Room", "Which one?")
    assert len(owed("directory/member_wrote")) == 1
    text = letters.text(letters.to(found.vega.person.address)[-1])
    assert "> Which one?" in text
    assert "Which room?" not in text
    assert corresponding.held(token()).draft is None
    db.session.expire_all()
    assert received.raw == b""


def test_of_the_mail_itself_nothing_is_kept(found):
    raw = (
        f"Received: from [10.9.8.7] by laptop-of-ada\r\nFrom: Ada <{ADA}>\r\nSubject: Room?\r\n"
        "Date: Sun, 29 Nov 2026 06:12:00 +0300\r\nUser-Agent: Mutt/9 (Nairobi)\r\nX-Originating-IP: 10.9.8.7\r\n"
        "Message-ID: <1@laptop-of-ada>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain\r\n\r\nSee the photo. Write to {ADA}.\r\n-- \r\nAda Lovelace, +254 700\r\n"
        "--b\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.b64encode(b'Exif GPS -1.2921 36.8219').decode()}\r\n--b--\r\n"
    ).encode()
    received = wrote(found, raw)
    assert corresponding.held(token()).draft == Draft("Room?", "See the photo. Write to ….", 1)
    for trace in (b"10.9.8.7", b"laptop", b"Mutt", b"+0300", b"Exif", b"254", b"R1BT"):
        assert trace not in received.raw


def test_a_picture_waits_remade_and_goes_along_if_its_writer_says_so(found):
    received = wrote(found, photos.as_apple(ADA, photos.part(photos.photo()), photos.part(photos.photo(900, 600))))
    assert [one for one in (*photos.TELLING, b"+0300", b"iPhone") if one in received.raw] == []
    assert [(one.name, one.media_type) for one in corresponding.attached(token())] == [
        ("picture-1.jpg", "image/jpeg"),
        ("picture-2.jpg", "image/jpeg"),
    ]
    with transaction():
        corresponding.send(token(), "Room", "Which one?", [2, 7, -1])
    sent = letters.to(found.vega.person.address)[-1]
    (file,) = sent.iter_attachments()
    assert file.get_filename() == "picture-1.jpg"
    assert photos.opened(file.get_content()).size == (900, 600)
    assert "1 picture comes with this letter" in letters.text(sent)
    assert corresponding.attached(token()) == ()
    db.session.expire_all()
    assert received.raw == b""


def test_what_their_writer_can_take_along_tells_of_the_mail_and_holds_no_picture(found):
    wrote(found, photos.as_apple(ADA, photos.part(photos.photo())))
    taken = json.dumps(personal.export(found.ada.person))
    assert found.mailbox in taken
    assert len(taken) < 500
    with transaction():
        personal.erase(found.ada.person)
    assert make.rows(Received) == []


def test_whoever_is_no_member_hears_nothing_and_is_not_written_to(found):
    make.person(address="stranger@mail.example")
    make.member(make.caucus(), make.person(address="elsewhere@mail.example"))
    for sender in ("stranger@mail.example", "elsewhere@mail.example", "unknown@mail.example"):
        received = wrote(found, letter(sender, text=f"I am {sender}"), sender)
        assert (received.fate, received.outcome, received.raw) == (Fate.DONE, "not-a-member", b"")
    assert make.rows(Delivery) == []
    assert queries.aside() == []


def test_who_writes_to_themselves_is_no_correspondent(found):
    assert wrote(found, sender=found.vega.person.address).outcome == "not-a-member"


def test_a_further_address_is_known_too_and_is_the_one_asked(found):
    key = {"address": "Ada@Home.example", "address_key": "ada@home.example"}
    further = make.keep(SecondAddress(person_id=found.ada.person_id, verified_at=None, **key))
    assert wrote(found, sender="ada@home.example").outcome == "not-a-member"
    with transaction():
        further.verified_at = clock.now()
    assert wrote(found, letter("ada@home.example", text="Again"), "ada@home.example").outcome == "held"
    assert [row.address for row in make.rows(Delivery)] == ["Ada@Home.example"]


def test_two_who_share_a_mailbox_are_each_asked_and_one_sends(found):
    other = make.member(found.caucus, make.person("Ben", ADA))
    wrote(found)
    links = [letters.link(one, "/letter-to-member/").rpartition("/")[2] for one in letters.to(ADA)]
    assert len(set(links)) == 2
    with transaction():
        corresponding.send(links[1], "Room", "It is me.")
    assert corresponding.held(links[0]).draft is None
    assert other.name not in letters.text(letters.to(found.vega.person.address)[-1])


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"List_Id": "<news.list.example>"},
        {"Precedence": "bulk"},
        {"From": "notices@caucus.example"},
    ],
)
def test_what_a_machine_wrote_and_what_we_wrote_ends_here(found, headers):
    sender = headers.pop("From", ADA)
    received = wrote(found, sender=sender, **headers)
    assert (received.outcome, received.raw) == ("automatic", b"")
    assert make.rows(Delivery) == []


def test_a_report_of_failure_ends_here_too(found):
    raw = b"From: MAILER-DAEMON@x.example\r\nMessage-ID: <r@x>\r\nSubject: Undelivered\r\n\r\nfailed\r\n"
    assert take(raw, found.mailbox, "").outcome in ("automatic", "not-a-member")
    assert make.rows(Delivery) == []
    assert queries.aside() == []


def test_there_is_an_end_to_the_letters_that_ask(found):
    for number in range(corresponding.ASKED.tries):
        assert wrote(found, letter(ADA, text=str(number))).outcome == "held"
    assert wrote(found, letter(ADA, text="more")).outcome == "too-many"
    assert len(make.rows(Delivery)) == corresponding.ASKED.tries


def test_a_link_opens_nothing_once_things_have_changed(found, stopped_clock):
    wrote(found)
    assert corresponding.held(token()).draft is not None
    choose(found.vega, Shown.NOTHING)
    with pytest.raises(BadToken):
        corresponding.held(token())
    choose(found.vega, Shown.PSEUDONYM)
    link = token()
    stopped_clock.shift(timedelta(days=3, minutes=1))
    with pytest.raises(BadToken):
        corresponding.held(link)


def test_what_nobody_said_yes_to_is_deleted_after_three_days(found, stopped_clock):
    received = wrote(found)
    with transaction():
        processing.forget()
    assert received.raw != b""
    stopped_clock.shift(timedelta(days=3, minutes=1))
    with transaction():
        processing.forget()
    db.session.expire_all()
    assert received.raw == b""


def test_a_mailbox_that_closed_meanwhile_shows_the_mail_to_nobody(found):
    mailbox = found.mailbox
    with transaction():
        assert intake.store(ADA, mailbox, letter(ADA))
    choose(found.vega, Shown.NOTHING)
    processing.turn()
    db.session.expire_all()
    (received,) = make.rows(Received)
    assert (received.fate, received.raw) == (Fate.DONE, b"")


def test_nor_does_one_that_cannot_be_handled(found, monkeypatch):
    def broken(*_all: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(corresponding, "take", broken)
    with transaction():
        assert intake.store(ADA, found.mailbox, letter(ADA))
    for _ in range(processing.TRIES + 1):
        processing.turn()
    db.session.expire_all()
    (received,) = make.rows(Received)
    assert (received.fate, received.raw) == (Fate.DONE, b"")
