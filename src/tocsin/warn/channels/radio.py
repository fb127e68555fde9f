"""The radio: a person reads the script, twice. Tocsin speaks on no frequency."""

from collections.abc import Mapping
from typing import ClassVar

from tocsin.errors import Undeliverable
from tocsin.warn.channel import Addressee, Message, Receipt, Sheet
from tocsin.warn.wording import Form
from tocsin.warn.wording.script import reading_time


class RadioChannel:
    """Lays the script out for the dispatcher who reads it."""

    name: ClassVar[str] = "radio"
    form: ClassVar[Form] = Form.SCRIPT
    reaches_people: ClassVar[bool] = False

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Always refuse: nobody is warned by radio before a person has read it out."""
        raise Undeliverable(
            f"A person must read this over the radio to {to.name}.",
            way_out="Read the script on the page of the bulletin, and enter there that you did.",
        )

    async def check(self) -> None:
        """Nothing can be wrong."""

    def lay_out(self, message: Message, *, to: Addressee) -> Sheet:
        """The script twice, with "I repeat" between, and what to enter afterwards."""
        seconds = reading_time(message.text)
        lines = (
            f"READ ALOUD, SLOWLY, TO: {' '.join(to.name.split())}",
            f"({seconds:.1f} s, read twice. Lines in brackets, as this one, are not read out.)",
            "",
            message.text,
            "",
            "I REPEAT.",
            "",
            message.text,
            "",
            "(Afterwards enter in Tocsin when you read it and who answered:)",
            f"({' '.join(message.subject.split())})",
        )
        return Sheet(
            content="\n".join(lines).encode("utf-8", "replace"),
            media_type="text/plain; charset=utf-8",
            name=f"radio-{message.key}.txt",
        )
