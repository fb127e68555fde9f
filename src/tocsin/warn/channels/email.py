"""E-mail by SMTP. The server's answer to the end of the message is the receipt."""

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

_ADDRESS = re.compile(r"[^\s<>@,;:\"\\()\[\]]+@[^\s<>@,;:\"\\()\[\]]+")
"""What may stand on an SMTP command line; quoted local parts are not used by people."""

SECONDS = 20
"""How long the server may take for one answer; the lease of a delivery is longer."""


class EmailChannel:
    """Sends through `smtp://[user:password@]host[:port]`, `smtps://` with TLS from the start.

    `smtp://` uses STARTTLS where the server offers it; `smtp+tls://` insists on it.
    """

    name: ClassVar[str] = "email"
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

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Hand the message to the server; the key is its Message-ID, the same at every attempt."""
        letter = self._letter(message, to)
        client = await self._connect()
        try:
            return await self._hand_over(client, letter, to)
        finally:
            client.close()

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

    async def _hand_over(
        self, client: aiosmtplib.SMTP, letter: EmailMessage, to: Addressee
    ) -> Receipt:
        try:
            await client.mail(self._from)
            await client.rcpt(to.address)
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error, to) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unreachable(f"The mail server broke off: {error}.") from error
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


def _refused(error: aiosmtplib.SMTPResponseException, to: Addressee) -> Undeliverable | Unreachable:
    sentence = f"The mail server refused {to.address}: {error.code} {error.message}."
    if 500 <= error.code < 600:
        return Undeliverable(sentence, way_out=f"Correct {to.name}'s address.")
    return Unreachable(sentence)
