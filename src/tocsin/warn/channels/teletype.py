"""Teletype: a person copies the text into the agency's own Nlets terminal.

Tocsin is never connected to Nlets. The address is the routing a person chose, as `AML CO WY`;
with `STATEWIDE` the states are asked to pass it on. Where it is empty, the operator chooses.
"""

from collections.abc import Mapping
from typing import ClassVar

from tocsin.errors import BadText, OutOfTurn, Undeliverable
from tocsin.warn.channel import Addressee, Message, Receipt, Sheet
from tocsin.warn.wording import Form
from tocsin.warn.wording.routing import Routing, read_routing, routing_lines
from tocsin.warn.wording.teletype import to_capitals

_RULE = "-" * 32


class TeletypeChannel:
    """Lays the message out for the operator of the terminal."""

    name: ClassVar[str] = "teletype"
    form: ClassVar[Form] = Form.TELETYPE
    reaches_people: ClassVar[bool] = False

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Always refuse: only the agency's own terminal sends."""
        raise Undeliverable(
            f"A person must send this to {to.name} from the agency's own terminal.",
            way_out="Copy the teletype on the page of the bulletin, and enter there that it left.",
        )

    async def check(self) -> None:
        """Nothing can be wrong."""

    def lay_out(self, message: Message, *, to: Addressee) -> Sheet:
        """What is entered in the terminal: the routing, and between two rules the text.

        Raises:
            Undeliverable: the address is no routing that Nlets takes.
        """
        lines = (
            "FOR THE AGENCY'S OWN NLETS TERMINAL. TOCSIN HAS NOT SENT THIS.",
            *routing_lines(_routing(to)),
            f"{_RULE} COPY FROM HERE {_RULE}",
            to_capitals(message.text)[0],
            f"{_RULE} COPY TO HERE {_RULE}",
        )
        return Sheet(
            content="\n".join(lines).encode("ascii"),
            media_type="text/plain; charset=us-ascii",
            name=f"teletype-{message.key}.txt",
        )


def _routing(to: Addressee) -> Routing:
    try:
        return read_routing(to.address)
    except (BadText, OutOfTurn) as error:
        raise Undeliverable(error.what, way_out=error.way_out) from error
