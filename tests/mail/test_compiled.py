import json
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caucusmail import settings
from caucusmail.mail import compiled, headers, slots
from caucusmail.mail.compiled import Injection
from caucusmail.mail.rendering import Letter, framed, html_of
from caucusmail.mail.slots import Slot, mark

VALUES = {
    slot: "x" for slot in Slot
} | {
    Slot.TO: "<x@mail.example>", Slot.MESSAGE_ID: "<1.1.a@caucus.example>", Slot.DATE: "Mon, 23 Nov 2026 10:00:00 +0000",
    Slot.LINK_LEAVE: "https://caucus.example/leave/abc",
}  # fmt: skip
ATTACKS = [
    "a\r\nBcc: evil@x.example", "a\nBcc: evil@x.example", "a\rBcc: evil@x.example", "a\x00b", "a\u2028Bcc: x", "a\x85Bcc: x",
]  # fmt: skip


def made(subject: str = "Hello", text: str = "Hello\n", values: dict[Slot, str] | None = None, **more: str) -> bytes:
    letter = Letter("test/x", "en", subject, text, framed(html_of(text), "t"))
    sender = compiled.mailbox("VRWG", "vrwg@caucus.example")
    return compiled.fill(compiled.compile_letter(letter, sender, more), VALUES | (values or {}))


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def lines_are_sound(raw: bytes) -> None:
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\0" not in raw
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_line_break_in_any_header_value_is_refused(attack):
    with pytest.raises(Injection):
        made(subject=attack)
    with pytest.raises(Injection):
        compiled.mailbox(attack, "x@mail.example")
    with pytest.raises(Injection):
        compiled.mailbox("x", attack)
    with pytest.raises(Injection):
        made(values={Slot.MESSAGE_ID: attack})
    with pytest.raises(Injection):
        made(**{"X-Test": attack})


def test_an_encoded_word_with_a_line_end_makes_no_header_of_its_own():
    # CVE-2024-6923: the standard library of this interpreter may decode and re-emit it
    attack = "A 💩 subject=?UTF-8?Q?=0A?=Bcc: injected@x.example"
    for raw in (made(subject=attack), made(values={Slot.TO: compiled.mailbox(attack, "x@mail.example")})):
        assert b"\r\nBcc" not in raw
        assert parsed(raw)["Bcc"] is None


@given(st.text(max_size=200))
def test_any_subject_comes_out_as_it_went_in_or_is_refused(subject):
    try:
        raw = made(subject=subject)
    except Injection:
        return
    lines_are_sound(raw)
    head = raw.split(b"\r\n\r\n")[0]
    assert head.count(b"\r\nSubject:") == 1
    assert " ".join(parsed(raw)["Subject"].split()) == " ".join(subject.split())


@given(st.text(max_size=300))
def test_any_value_in_the_text_comes_out_as_it_went_in(value):
    value = slots.clean(value).replace("\u2028", "").replace("\x85", "")
    raw = made(text=f"Dear {mark(Slot.NAME)}, = é\n\n{mark(Slot.NAME)}\n", values={Slot.NAME: value})
    lines_are_sound(raw)
    shown = parsed(raw).get_body(("plain",)).get_payload(decode=True).decode().replace("\r\n", "\n")
    assert shown == f"Dear {value}, = é\n\n{value}\n\n".removesuffix("\n")


def test_naughty_strings_survive_and_are_escaped_in_html(corpora):
    for text in json.loads((corpora / "strings" / "naughty-strings.json").read_text()):
        value = slots.clean(text).replace("\n", " ")
        raw = made(text=f"Dear {mark(Slot.NAME)}.\n", values={Slot.NAME: value})
        lines_are_sound(raw)
        body = parsed(raw).get_body(("html",)).get_payload(decode=True).decode()
        assert "<script" not in body.lower()


NAMES = [
    "Équipe régionale de travail pour les droits des victimes en Afrique de l’Ouest (CaucusMail)",
    "Groupe de travail sur les droits des victimes à Genève, « paix » et réconciliation, (CaucusMail)",
    "Victims’ Rights Working Group",
    "فريق العمل المعني بحقوق الضحايا في المحكمة الجنائية الدولية (CaucusMail)",
    'A "b" \\ é (c)',
    "=?utf-8?q?x?= y",
    "Plain (name)",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_a_name_is_cut_in_two(name):
    written = compiled.mailbox(name, "vrwg@caucus.example")
    [address] = parsed(f"From: {written}\r\n\r\n".encode("ascii"))["From"].addresses
    assert " ".join(address.display_name.split()) == name
    assert address.addr_spec == "vrwg@caucus.example"
    assert max(len(line) for line in f"List-Id: {written}".split("\r\n")) <= 76
    assert all(len(word) <= 75 for word in written.split() if word.startswith("=?"))


@given(st.text(max_size=120))
def test_any_name_comes_out_as_it_went_in_or_is_refused(name):
    try:
        written = compiled.mailbox(name, "x@mail.example")
    except Injection:
        return
    raw = f"From: {written}\r\n\r\n".encode("ascii")
    lines_are_sound(raw)
    assert "x@mail.example" in written
    assert raw.count(b"\r\n") == 2 + raw.count(b"\r\n ")


@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_named_by_its_phrase_whatever_letters_are_in_it(name):
    value = headers.list_id("vrwg", name)
    assert value.endswith(f"<vrwg.{settings.current().mail_domain}>")
    assert value.startswith(("=?", '"', "Groupe ", "A "))
    assert len(value) <= 255


def test_a_phrase_that_is_too_long_is_left_out_of_a_list_id():
    assert headers.list_id("vrwg", "é" * 150) == f"<vrwg.{settings.current().mail_domain}>"


def test_no_line_begins_as_a_mailbox_file_begins_a_message():
    text = "From us.\nFrom \n" + "x" * 75 + f"From here. {mark(Slot.NAME)}From there"
    raw = made(text=text, values={Slot.NAME: "From me"})
    lines_are_sound(raw)
    assert not [line for line in raw.split(b"\r\n\r\n", 1)[1].split(b"\r\n") if line.startswith(b"From ")]
    shown = parsed(raw).get_body(("plain",)).get_payload(decode=True).decode().replace("\r\n", "\n")
    assert shown.rstrip("\n") == text.replace(mark(Slot.NAME), "From me")


def test_no_line_of_a_body_is_longer_than_76_octets():
    raw = made(text="x" * 500 + mark(Slot.NAME) + "é" * 400 + "\n", values={Slot.NAME: "ü" * 300})
    body = raw.split(b"\r\n\r\n", 1)[1]
    assert max(len(line) for line in body.split(b"\r\n")) <= 76


def test_a_slot_that_a_writer_types_is_no_slot():
    typed = slots.clean(f"Hello {mark(Slot.LINK_SETTINGS)}")
    assert "x" not in parsed(made(text=typed + "\n")).get_body(("plain",)).get_content()


def test_each_header_stands_once_and_plain_text_comes_first():
    raw = made(**headers.of_announcement("vrwg"))
    message = parsed(raw)
    for name in (
        "From",
        "To",
        "Date",
        "Message-ID",
        "Subject",
        "Reply-To",
        "List-Id",
        "List-Unsubscribe",
        "Precedence",
    ):
        assert len(message.get_all(name)) == 1, name
    assert message["List-Unsubscribe"] == "<https://caucus.example/leave/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Post"] == "NO"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_a_calendar_is_the_last_alternative_and_an_attachment(method):
    letter = Letter("test/x", "en", "S", "T\n", "<p>T</p>")
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\n{mark(Slot.ATTENDEE)}\r\nEND:VCALENDAR\r\n"
    raw = compiled.compile_letter(letter, "vrwg@caucus.example", {}, calendar)
    folded = "ATTENDEE;RSVP=TRUE:mailto:" + "a" * 49 + "\r\n " + "b@mail.example"
    message = parsed(compiled.fill(raw, VALUES | {Slot.ATTENDEE: folded}))
    alternative, attached = message.iter_parts()
    part = list(alternative.iter_parts())[-1]
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", method)
    assert attached.get_filename() == "invite.ics"
    assert folded.encode() in part.get_payload(decode=True)
    assert part.get_payload(decode=True) == attached.get_payload(decode=True)


def test_what_only_looks_like_a_mark_is_no_slot():
    raw = made(text=f"Dear {slots.OPEN}nobody{slots.CLOSE}!\n")
    assert "Dear nobody!" in parsed(raw).get_body(("plain",)).get_content()


def test_a_header_of_ours_with_a_hole_may_be_folded_and_no_other_header_can():
    raw = made(List_Help=f"<{compiled.hole(Slot.LINK_LEAVE)}>,\r\n <mailto:x@caucus.example>")
    assert b">,\r\n <mailto:x@caucus.example>\r\n" in raw
    for attack in ("a\r\n b", f"{compiled.hole(Slot.LINK_LEAVE)}\r\nBcc: evil@x.example"):
        with pytest.raises(Injection):
            made(Subject2=attack)
