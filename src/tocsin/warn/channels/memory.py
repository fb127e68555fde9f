"""Keeps messages in this process, for tests and trials. Nothing leaves the machine."""

from collections.abc import Mapping
from typing import ClassVar

from tocsin.warn.channel import Addressee, Message, Receipt
from tocsin.warn.wording import Form


class MemoryChannel:
    """Appends each message to `sent`, which all instances share."""

    name: ClassVar[str] = "memory"
    form: ClassVar[Form] = Form.LETTER
    reaches_people: ClassVar[bool] = False
    sent: ClassVar[list[tuple[Addressee, Message]]] = []

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._first = len(self.sent)

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Keep the message."""
        self.sent.append((to, message))
        return Receipt(text=f"kept as {len(self.sent)}")

    async def check(self) -> None:
        """Nothing can be wrong."""
