"""Messages taken apart."""

import tracemalloc

import pytest

from caucusmail.mail import parts


def test_transfer_encodings_and_charsets_are_undone():
    raw = (
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; charset=iso-8859-1\n"
        b"Content-Transfer-Encoding: quoted-printable\n\nol=E9\n--x\nContent-Type: text/plain; charset=utf-8\n"
        b"Content-Transfer-Encoding: base64\n\nb2zDqQ==\n--x--\n"
    )
    assert [part.text().strip() for part in parts.read(raw).children] == ["olé", "olé"]


def test_an_unknown_charset_is_no_error():
    raw = b"Content-Type: text/plain; charset=martian\n\nol\xe9"
    assert parts.read(raw).text() == "olé"


def test_folded_headers_are_one_value():
    message = parts.read(b"Subject: one\r\n two\r\nsubject: three\r\n\r\nbody")
    assert message.get("subject") == "one two"
    assert message.all("subject") == ["one two", "three"]
    assert message.body == "body"


def test_a_mailbox_line_before_the_headers_is_passed_over():
    assert parts.read(b"From a@b.example Mon Jan 1\nSubject: x\n\n").get("subject") == "x"


def test_what_a_returned_message_holds_is_not_the_reports_own():
    raw = b"Content-Type: multipart/report; boundary=x\n\n--x\n\nown\n--x\nContent-Type: message/rfc822\n\nSubject: y\n\ntheirs\n--x--"
    message = parts.read(raw)
    assert [part.body for part in message.outside() if not part.children] == ["own"]
    assert "theirs" in [part.body for part in message.walk()]


def test_a_multipart_that_does_not_name_its_boundary_is_divided_all_the_same():
    raw = b"Content-Type: multipart/mixed\n\n--=_boundary-of-mine\n\none\n--=_boundary-of-mine\n\ntwo\n--=_boundary-of-mine--\n"
    assert [part.body for part in parts.read(raw).children] == ["one", "two"]


def nested(levels: int, inside: str) -> bytes:
    """Multiparts within multiparts around ``inside``, which is the last of each."""
    for level in range(levels):
        inside = f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n{inside}\n--b{level}--\n"
    return inside.encode()


def test_a_whole_large_message_is_read_where_that_is_asked_for():
    raw = nested(3, "Content-Type: image/jpeg\n\n" + "A" * 3_000_000)
    (last,) = [part for part in parts.read(raw, len(raw)).outside() if not part.children]
    assert last.body == "A" * 3_000_000
    (cut,) = [part for part in parts.read(raw).outside() if not part.children]
    assert len(cut.body) < parts.LARGEST


@pytest.mark.parametrize(
    "raw",
    [
        nested(parts.DEEPEST, "\n" + "AAAA\n" * 800_000),
        nested(parts.DEEPEST, "\n" + "\n" * 4_000_000),
        nested(parts.DEEPEST, "\n" + "--b0--b0" * 500_000),
        nested(parts.DEEPEST, "X: y\n" + " z\n" * 1_300_000),
    ],
    ids=["lines", "empty lines", "boundaries that are none", "one folded header"],
)
def test_however_deep_a_large_message_costs_a_few_times_its_size(raw):
    tracemalloc.start()
    parts.read(raw, len(raw))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * len(raw)


def test_what_was_divided_is_kept_once():
    message = parts.read(nested(2, "\nwords"))
    assert [part.body for part in message.walk() if part.children] == ["", ""]
    assert [part.body.strip() for part in message.walk() if not part.children] == ["words"]


def test_what_only_looks_like_a_boundary_divides_nothing():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\nbefore\n--b\n\none --b\n --b\n--bb\n--b \n\ntwo\n--b--\nafter\n--b\n\nthree"
    assert [part.body for part in parts.read(raw).children] == ["one --b\n --b\n--bb", "two", "three"]
    (whole,) = parts.read(raw.replace(b"--b", b"-c")).children
    assert whole.body.startswith("before")
