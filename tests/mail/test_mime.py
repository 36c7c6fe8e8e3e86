from email import message_from_bytes, policy

from caucusmail.mail import mime
from caucusmail.mail.mime import Attachment


def test_a_file_comes_out_as_it_went_in_and_no_line_is_longer_than_76_octets():
    content = bytes(range(256)) * 50 + b"\r\n.\r\n\x02to|x\x03"
    inside = [mime.part("text/plain; charset=utf-8", b"Hello"), mime.attachment(Attachment("a-1.pdf", "application/pdf", content))]  # fmt: skip
    raw = b"MIME-Version: 1.0\r\n" + mime.multipart("mixed", "edge", inside)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 76
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\x02" not in raw
    message = message_from_bytes(raw, policy=policy.default)
    [file] = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == ("a-1.pdf", "application/pdf", content)
    assert not message.defects


def test_files_are_told_from_what_can_be_read_and_nothing_is_lost():
    file = mime.attachment(Attachment("a.jpg", "image/jpeg", bytes(range(256)) * 40))
    words = mime.part("text/plain; charset=utf-8", b"Content-Transfer-Encoding: base64\r\n\r\nAda")
    raw = b"Subject: x\r\n" + mime.multipart("mixed", "edge", [words, file, words, file])
    head, _end, body = raw.partition(b"\r\n\r\n")
    pieces = mime.around_files(head, body)
    assert b"".join(pieces) == body
    assert [file in piece for piece in pieces] == [False, True, False, True, False]
    assert mime.around_files(b"Subject: x", b"--edge\r\nhello") == [b"--edge\r\nhello"]
