"""Numbers that a machine may text or call: whole, international, and able to answer."""

import re

from tocsin.errors import Undeliverable
from tocsin.intake import recognise_number

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")


def require_phone(address: str, *, name: str) -> str:
    """The number, when it is one that may be texted or called.

    Raises:
        Undeliverable: it is not written as `+` and 8 to 15 digits (ITU-T E.164), or it is the mark
            of a 911-only phone, which can neither be called nor texted.
    """
    if not _E164.fullmatch(address):
        raise Undeliverable(
            f"{address[:40]!r} is no telephone number.",
            way_out=f"Write {name}'s number with + and the country, as in +13035550123.",
        )
    number = recognise_number(address)
    is_american = address.startswith("+1")
    if number.is_911_only or (is_american and not number.can_call_back):
        raise Undeliverable(f"{address}: {number.sentence}", way_out=f"Correct {name}'s number.")
    return address
