"""Real gateways on this machine that keep what they are given, and misbehave when told to."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailSink:
    """A mail server that keeps letters.

    Attributes:
        letters: recipient and raw letter, in the order in which they were taken.
        rcpt_answer: said instead of taking a recipient.
        data_answer: said instead of taking a letter.
        hang_up_after_data: take the letter, and break the connection without a word.
        before_recipient: called with a recipient before he is taken.
        before_answer: called with the recipient once a letter is taken and before that is said.
        connections: how many there were.
        goodbye_after: letters on one connection, after which it answers 421; 0 for never.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.letters: list[tuple[str, bytes]] = []
        self.rcpt_answer = ""
        self.data_answer = ""
        self.hang_up_after_data = False
        self.before_recipient: Callable[[str], None] | None = None
        self.before_answer: Callable[[str], None] | None = None
        self.connections = 0
        self.goodbye_after = 0
        self._servers: list[SMTP] = []
        self._taken: dict[int, int] = {}

    async def handle_EHLO(  # noqa: N802 # aiosmtpd's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Greet."""
        self.connections += 1
        self._servers.append(server)
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802 # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender."""
        if self.goodbye_after and self._taken.get(id(server), 0) >= self.goodbye_after:
            return "421 goodbye"
        envelope.mail_from = address
        return "250 OK"

    def hang_up(self) -> None:
        """Break every connection that waits."""
        for server in self._servers:
            if isinstance(server.transport, asyncio.WriteTransport):
                server.loop.call_soon_threadsafe(server.transport.abort)

    async def handle_RCPT(  # noqa: N802 # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        if self.before_recipient:
            await asyncio.to_thread(self.before_recipient, address)
        if self.rcpt_answer:
            return self.rcpt_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a letter."""
        if self.data_answer:
            return self.data_answer
        raw = envelope.original_content or b""
        self._taken[id(server)] = self._taken.get(id(server), 0) + 1
        self.letters += [(str(to), raw) for to in envelope.rcpt_tos]
        if self.before_answer:
            await asyncio.to_thread(self.before_answer, str(envelope.rcpt_tos[0]))
        if self.hang_up_after_data and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return "250 kept as 17"


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    """A mail server on a free port of this machine."""
    sink = MailSink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, ready_timeout=10)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
