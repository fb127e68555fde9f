"""Writes messages to standard output: a dry run. Nothing leaves the machine."""

import sys
from collections.abc import Mapping
from typing import ClassVar

from tocsin.warn.channel import Addressee, Message, Receipt
from tocsin.warn.wording import Form


class ConsoleChannel:
    """Shows each message in the terminal of the worker; the outbox page shows it too."""

    name: ClassVar[str] = "console"
    form: ClassVar[Form] = Form.LETTER
    reaches_people: ClassVar[bool] = False

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._stream = sys.stdout

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Write who is told what, in two lines."""
        self._stream.write(f"to {to.name} <{to.address}>\n  {message.subject}\n")
        self._stream.flush()
        return Receipt(text="shown on this machine; left it: no")

    async def check(self) -> None:
        """Nothing can be wrong."""
