"""E-mail by SMTP. The server's answer to the end of the message is the receipt.

Connections stay open between letters, so that a county is told in seconds. One that died while it
waited is replaced before anything was handed over: that is no failed try.
"""

import asyncio
import re
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formataddr
from ssl import SSLError
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import aiosmtplib

from tocsin.errors import OutcomeUnknown, SetupError, Undeliverable, Unreachable
from tocsin.warn.channel import Addressee, Message, Receipt
from tocsin.warn.wording import Form

_ADDRESS = re.compile(r"[^\s<>@,;:\"\\()\[\]]+@[^\s<>@,;:\"\\()\[\]]+")
"""What may stand on an SMTP command line; quoted local parts are not used by people."""

SECONDS = 20
"""How long the server may take for one answer; the lease of a delivery is longer."""


GOODBYE = 421
"""The server is closing the connection (RFC 5321, 3.8)."""

IDLE_FOR = 10.0
"""Seconds that a connection waits for the next letter."""

CONNECTIONS = 8
"""Connections that wait at the most."""


class EmailChannel:
    """Sends through `smtp://[user:password@]host[:port]`, `smtps://` with TLS from the start.

    `smtp://` uses STARTTLS where the server offers it; `smtp+tls://` insists on it.
    """

    name: ClassVar[str] = "email"
    form: ClassVar[Form] = Form.LETTER
    reaches_people: ClassVar[bool] = True

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._from = settings.get("from", "")
        parts = urlsplit(settings.get("smtp", ""))
        if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
            raise SetupError(
                "The channel email has no mail server.",
                way_out="Set TOCSIN_SMTP_URL, as in smtp://user:password@mail.example:587.",
            )
        self._server = parts
        self._waiting = _Waiting()

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Hand the message to the server; the key is its Message-ID, the same at every attempt."""
        letter = self._letter(message, to)
        client = await self._addressed(to)
        try:
            receipt = await self._hand_over(client, letter, to)
        except BaseException:
            client.close()
            raise
        self._waiting.add(client)
        return receipt

    async def check(self) -> None:
        """Connect, greet, sign in and leave."""
        client = await self._connect()
        client.close()

    async def _connect(self) -> aiosmtplib.SMTP:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.hostname,
            port=server.port or (465 if server.scheme == "smtps" else 25),
            use_tls=server.scheme == "smtps",
            start_tls=True if server.scheme == "smtp+tls" else None,
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            timeout=SECONDS,
        )
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise SetupError(
                f"The mail server refused the user name or password: {error.message}.",
                way_out="Correct TOCSIN_SMTP_URL.",
            ) from error
        except (aiosmtplib.SMTPException, OSError, SSLError) as error:
            raise Unreachable(f"The mail server cannot be reached: {error}.") from error
        return client

    async def _addressed(self, to: Addressee) -> aiosmtplib.SMTP:
        """A connection on which the server awaits the letter to this address."""
        while client := self._waiting.take():
            try:
                return await self._address(client, to)
            except _Died:
                continue
        try:
            return await self._address(await self._connect(), to)
        except _Died as error:
            raise Unreachable(f"The mail server broke off: {error}.") from error

    async def _address(self, client: aiosmtplib.SMTP, to: Addressee) -> aiosmtplib.SMTP:
        try:
            await client.mail(self._from)
            await client.rcpt(to.address)
        except BaseException as error:
            client.close()
            if isinstance(error, aiosmtplib.SMTPResponseException) and error.code != GOODBYE:
                raise _refused(error, to) from error
            if isinstance(error, aiosmtplib.SMTPException | OSError):
                raise _Died(str(error)) from error
            raise
        return client

    async def _hand_over(
        self, client: aiosmtplib.SMTP, letter: EmailMessage, to: Addressee
    ) -> Receipt:
        # From here on the server may have taken the letter even when no answer comes.
        try:
            answer = await client.data(letter.as_bytes())
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error, to) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise OutcomeUnknown(
                f"The mail server took the message and did not answer: {error}."
            ) from error
        return Receipt(text=f"{answer.code} {answer.message}"[:300])

    def _letter(self, message: Message, to: Addressee) -> EmailMessage:
        if not _ADDRESS.fullmatch(to.address):
            raise Undeliverable(
                f"{to.address!r} is no e-mail address.", way_out=f"Correct {to.name}'s address."
            )
        letter = EmailMessage()
        letter["From"] = self._from
        letter["To"] = formataddr((to.name, to.address))
        letter["Subject"] = " ".join(message.subject.split())
        letter["Message-ID"] = f"<{message.key}@{self._from.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter["X-Priority"] = "1"
        letter.set_content(message.text)
        return letter


class _Died(Exception):
    """A connection that ended before a letter was handed over."""


class _Waiting:
    """Connections without a letter, for each loop; closed when idle for long, and with the loop."""

    def __init__(self) -> None:
        self._of: dict[asyncio.AbstractEventLoop, list[tuple[aiosmtplib.SMTP, float]]] = {}
        self._keepers: dict[asyncio.AbstractEventLoop, asyncio.Task[None]] = {}

    def take(self) -> aiosmtplib.SMTP | None:
        """The connection that waits for the shortest time; None where none waits."""
        waiting = self._of.get(asyncio.get_running_loop(), [])
        while waiting:
            client, _ = waiting.pop()
            if client.is_connected:
                return client
            client.close()
        return None

    def add(self, client: aiosmtplib.SMTP) -> None:
        """Keep a connection for the next letter."""
        loop = asyncio.get_running_loop()
        if loop not in self._of:
            self._forget_closed()
            self._of[loop] = []
            self._keepers[loop] = loop.create_task(self._keep(loop), name="mail connections")
        waiting = self._of[loop]
        waiting.append((client, loop.time()))
        if len(waiting) > CONNECTIONS:
            waiting.pop(0)[0].close()

    async def _keep(self, loop: asyncio.AbstractEventLoop) -> None:
        waiting = self._of[loop]
        try:
            while True:
                await asyncio.sleep(1)
                while waiting and loop.time() - waiting[0][1] > IDLE_FOR:
                    waiting.pop(0)[0].close()
        finally:
            while waiting:
                waiting.pop()[0].close()

    def _forget_closed(self) -> None:
        for loop in [loop for loop in self._of if loop.is_closed()]:
            del self._of[loop], self._keepers[loop]


def _refused(error: aiosmtplib.SMTPResponseException, to: Addressee) -> Undeliverable | Unreachable:
    sentence = f"The mail server refused {to.address}: {error.code} {error.message}."
    if 500 <= error.code < 600:
        return Undeliverable(sentence, way_out=f"Correct {to.name}'s address.")
    return Unreachable(sentence)
