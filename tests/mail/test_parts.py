"""Messages taken apart."""

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
