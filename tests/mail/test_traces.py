from caucusmail.mail import parts, traces

RAW = (
    b"Message-ID: <report@x.example>\nIn-Reply-To: <one@x.example>\n"
    b'Content-Type: multipart/report; boundary="b"\n\n--b\n\nhello vrwg-bounce+abcdefgh2345@mail.example\n'
    b"--b\nContent-Type: message/rfc822\n\nMessage-ID: <two@x.example>\nFeedback-ID: 3:mail.example\n"
    b"List-Unsubscribe: <https://c.example/leave/ABCDEFGHIJKLMNOPQRSTUVWX>\n\nx\n--b--\n"
)


def test_identifiers_are_found_and_the_reports_own_is_not_one():
    found = traces.find(parts.read(RAW), RAW.decode())
    assert found.message_ids == ("<two@x.example>", "<one@x.example>")
    assert found.feedback_ids == ("3:mail.example",)
    assert found.one_clicks == ("ABCDEFGHIJKLMNOPQRSTUVWX",)
    assert found.return_paths == ("vrwg-bounce+abcdefgh2345@mail.example",)


def test_headers_alone_are_a_returned_message_too():
    raw = b"Content-Type: text/rfc822-headers\n\nMessage-ID: <two@x.example>\nTo: a@b.example\n"
    (returned,) = traces.returned_messages(parts.read(raw))
    assert returned.get("to") == "a@b.example"


def test_a_flood_of_identifiers_is_cut():
    raw = b"References: " + b" ".join(b"<%d@x.example>" % number for number in range(200)) + b"\n\n"
    assert len(traces.find(parts.read(raw), raw.decode()).message_ids) == traces.MOST
