"""Voice calls, by a gateway that reads the text aloud and takes a key for an answer.

The receipt is the gateway's word that it will call. An answered call may have been answered by a
machine: only the key says that the person has it.
"""

from collections.abc import Mapping
from typing import ClassVar

from tocsin.errors import SetupError
from tocsin.warn.channel import Addressee, Message, Receipt
from tocsin.warn.channels.http import Gateway
from tocsin.warn.phone import require_phone
from tocsin.warn.wording import Form

PRESETS: Mapping[str, Mapping[str, str]] = {
    "plain": {
        "headers": '{"Authorization": "Bearer {secret}"}',
        "body": '{"to": "{to}", "from": "{from}", "say": "{text}", "digits": "{digits}",'
        ' "key": "{key}", "callback": "{callback}"}',
        "id": "/id",
    },
    "twilio": {
        "url": "https://api.twilio.com/2010-04-01/Accounts/{user}/Calls.json",
        "shape": "form",
        "headers": '{"Authorization": "Basic {basic}"}',
        "body": '{"To": "{to}", "From": "{from}", "StatusCallback": "{callback}", "Twiml":'
        ' "<Response><Gather input=\\"dtmf\\" numDigits=\\"{digits}\\" timeout=\\"10\\"'
        ' action=\\"{callback:xml}\\"><Say>{text:xml}</Say></Gather></Response>"}',
        "id": "/sid",
    },
}
"""Gateways that are known by name; each setting of one can be set otherwise."""

_AGAIN = "You may have had this call already. "


class VoiceChannel:
    """Has a number called; the address is a telephone number with its country."""

    name: ClassVar[str] = "voice"
    form: ClassVar[Form] = Form.SPOKEN
    reaches_people: ClassVar[bool] = True

    def __init__(self, settings: Mapping[str, str]) -> None:
        preset = settings.get("preset") or "plain"
        if preset not in PRESETS:
            known = ", ".join(PRESETS)
            raise SetupError(f"There is no preset {preset!r} of voice.", way_out=f"Known: {known}.")
        self._gateway = Gateway(self.name, settings, PRESETS[preset])
        if not settings.get("callback"):
            raise SetupError(
                "The channel voice does not say where a pressed key is reported.",
                way_out="Set its callback to an address of this installation.",
            )

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Have the number called; the key is its `Idempotency-Key`, the same at every attempt."""
        number = require_phone(to.address, name=to.name)
        text = f"{_AGAIN if message.is_again else ''}{message.text}"
        return await self._gateway.send(message, to=number, text=text)

    async def check(self) -> None:
        """Ask the gateway whether it is there; nobody is called."""
        await self._gateway.check()
