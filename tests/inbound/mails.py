"""Messages that come in, about a copy that left."""

from caucusmail.database import db, transaction
from caucusmail.delivery import discreet, filling
from caucusmail.delivery.models import Delivery
from caucusmail.inbound import intake, processing
from caucusmail.inbound.models import Received
from caucusmail.mail import verp
from tests import make

USER_UNKNOWN = ("5.1.1", "550 5.1.1 <ada@mail.example>: Recipient address rejected: User unknown")


def return_path(row: Delivery) -> str:
    return verp.return_path(discreet.sender(row.language, row.message.sender), row.id)


def report(row: Delivery, action: str = "failed", status: str = "5.1.1", words: str = USER_UNKNOWN[1]) -> bytes:
    """A delivery report that returns the headers of ``row``."""
    return (
        "From: MAILER-DAEMON@relay.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        'Message-ID: <report@relay.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nIt did not work.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {row.address}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {words}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {filling.message_id(row)}\r\n\r\n--b--\r\n"
    ).encode()


def complaint(row: Delivery, kind: str = "abuse") -> bytes:
    """A feedback report (RFC 5965) whose addresses are blacked out."""
    return (
        "From: fbl@provider.example\r\nSubject: complaint\r\nMessage-ID: <fbl@provider.example>\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\n\r\nSomebody complained.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: {kind}\r\nUser-Agent: x/1\r\nVersion: 1\r\nOriginal-Rcpt-To: redacted@provider.example\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {filling.message_id(row)}\r\nTo: redacted\r\n\r\nHello\r\n--b--\r\n"
    ).encode()


def letter(sender: str = "bea@ngo.example", subject: str = "Room?", text: str = "Which room?", **headers: str) -> bytes:
    """What a person writes; ``headers`` with underscores for hyphens."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"From: Bea <{sender}>\r\nSubject: {subject}\r\nMessage-ID: <1@ngo.example>\r\n{more}\r\n{text}\r\n".encode()


def take(raw: bytes, recipient: str, sender: str = "") -> Received:
    """Take one message in and judge it."""
    with transaction():
        assert intake.store(sender, recipient, raw)
    processing.turn()
    db.session.expire_all()
    return make.rows(Received)[-1]


def owed(kind: str) -> list[Delivery]:
    return [row for row in make.rows(Delivery) if row.message.kind == kind]
