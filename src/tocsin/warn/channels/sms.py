"""Text messages, by a gateway that takes them over HTTP.

The receipt is the gateway's word that it will try. Whether the phone got it, the gateway says later
(`tocsin.warn.answers`); whether the person read it, only his answer says.
"""

from collections.abc import Mapping
from typing import ClassVar

from tocsin.errors import SetupError
from tocsin.warn.channel import Addressee, Message, Receipt
from tocsin.warn.channels.http import Gateway
from tocsin.warn.phone import require_phone
from tocsin.warn.septets import fitting_septets
from tocsin.warn.wording import Form
from tocsin.warn.wording.short import LONGEST

PRESETS: Mapping[str, Mapping[str, str]] = {
    "plain": {
        "headers": '{"Authorization": "Bearer {secret}"}',
        "body": '{"to": "{to}", "from": "{from}", "text": "{text}", "key": "{key}",'
        ' "callback": "{callback}"}',
        "id": "/id",
    },
    "twilio": {
        "url": "https://api.twilio.com/2010-04-01/Accounts/{user}/Messages.json",
        "shape": "form",
        "headers": '{"Authorization": "Basic {basic}"}',
        "body": '{"To": "{to}", "From": "{from}", "Body": "{text}",'
        ' "StatusCallback": "{callback}"}',
        "id": "/sid",
    },
}
"""Gateways that are known by name; each setting of one can be set otherwise."""

_AGAIN = "\n(perhaps sent twice)"


class SmsChannel:
    """Hands a text to the gateway; the address is a telephone number with its country."""

    name: ClassVar[str] = "sms"
    form: ClassVar[Form] = Form.SHORT
    reaches_people: ClassVar[bool] = True

    def __init__(self, settings: Mapping[str, str]) -> None:
        preset = settings.get("preset") or "plain"
        if preset not in PRESETS:
            known = ", ".join(PRESETS)
            raise SetupError(f"There is no preset {preset!r} of sms.", way_out=f"Known: {known}.")
        self._gateway = Gateway(self.name, settings, PRESETS[preset])

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Hand the text over; the key is its `Idempotency-Key`, the same at every attempt."""
        number = require_phone(to.address, name=to.name)
        again = f"{message.text}{_AGAIN}" if message.is_again else message.text
        text = again if fitting_septets(again) <= LONGEST else message.text
        return await self._gateway.send(message, to=number, text=text)

    async def check(self) -> None:
        """Ask the gateway whether it is there; nothing is sent to anybody."""
        await self._gateway.check()
