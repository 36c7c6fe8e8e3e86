"""An SMTP server that remembers: envelopes and bytes exactly as they came; answers can be scripted."""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class AnyPort(Controller):
    """A controller that listens on a port which the system chose (port 0), and knows which."""

    def _trigger_server(self) -> None:
        self.port = int(self.server.sockets[0].getsockname()[1])
        super()._trigger_server()


@dataclass
class Caught:
    """One message as it reached the sink."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """Parsed with the standard library."""
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def text(self) -> str:
        """The plain part, decoded."""
        part = self.message.get_body(("plain",))
        assert part is not None
        return part.get_content()

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        assert part is not None
        return part.get_content()


@dataclass
class Sink:
    """``answers`` maps "MAIL", "RCPT", "DATA" to a reply for the next commands of that name; "" is the usual 250."""

    caught: list[Caught] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    refuse: dict[str, str] = field(default_factory=dict)  # address: reply at RCPT, always

    def _next(self, command: str) -> str:
        queue = self.answers.get(command) or []
        return queue.pop(0) if queue else ""

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        reply = self._next("MAIL")
        if not reply:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        reply = self.refuse.get(address) or self._next("RCPT")
        if not reply:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply or "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        reply = self._next("DATA")
        if not reply:
            self.caught.append(Caught(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        return reply or f"250 2.0.0 queued as {len(self.caught)}"

    def start(self) -> None:
        self._controller = AnyPort(
            self, hostname="127.0.0.1", port=0, enable_SMTPUTF8=True, server_kwargs={"data_size_limit": 2**25}
        )
        self._controller.start()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def stop(self) -> None:
        self._controller.stop()

    def to(self, address: str) -> list[Caught]:
        """What reached ``address``, in order."""
        return [one for one in self.caught if address in one.recipients]
