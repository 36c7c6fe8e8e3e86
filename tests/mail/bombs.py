"""Messages that are small to send and dear to understand."""

FUSE = b"From: MAILER-DAEMON@b.example\r\nReturn-Path: <>\r\nMIME-Version: 1.0\r\n"
BOMBS = {
    "parentheses": b"To: " + b"(" * 5000,
    "addresses": b"To: " + b", ".join(b"a%d@b.example" % n for n in range(20_000)),
    "encoded words": b"Subject:" + b" =?utf-8?q?a?=" * 20_000,
    "nested": b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(2000)),
    "parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000,
    "json": b'\r\n\r\n{"notificationType":' + b"[" * 200_000,
    "ats": b"\r\n\r\nunable to deliver " + b"a@" * 200_000,
    "words": b"\r\n\r\nunable to deliver <a@b.example>: 550 " + b"user is the host not " * 20_000,
    "newlines": b"\r\n\r\nunable to deliver\r\n" + b"\n" * 400_000,
    "dashes": b"\r\n\r\nunable to deliver\r\n" + b"-" * 400_000,
    "return paths": b"\r\n\r\n" + b"-bounce+" * 60_000,
}
