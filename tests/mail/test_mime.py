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
