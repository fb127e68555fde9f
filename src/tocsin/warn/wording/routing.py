"""Where a teletype goes: message key, destinations and reference, as a person chose them.

Rules: Nlets, General Information on AM and AML (up to five states; regions and states may be
mixed; Canada only as `CN`); Wisconsin TIME manual, Out-of-State Statewide or Regional Message
Restrictions (five destinations, of them at most two regions; the words of the reference).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from tocsin.errors import BadText, OutOfTurn

MOST_DESTINATIONS = 5
MOST_REGIONS = 2
STATEWIDE = "REQUEST FOR STATEWIDE BROADCAST"

_STATE = re.compile(
    "A[KLRSZ]|C[ANOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEIMNOPST]|N[BCDEHJMVY]|O[HKR]|P[AR]|"
    "RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY]"
)
"""States and territories; Nebraska is `NB` or `NE`, and `CN` is all of Canada."""

_PROVINCE = re.compile("AB|BC|MB|N[FKLSTU]|ON|P[EQ]|QC|S[KN]|YT")
_REGION = re.compile(r"[A-Z][0-9]")
"""Nlets has eight regions, each of two characters, such as `E1`."""

_ORI = re.compile(r"[A-Z]{2}[A-Z0-9]{7}")
_KEYS = {"AM", "AML"}

_OPEN = f"(CHOOSE AT THE TERMINAL: AT MOST {MOST_DESTINATIONS}, OF THEM {MOST_REGIONS} REGIONS)"


class Key(StrEnum):
    """The kind of message."""

    AM = "AM"
    AML = "AML"


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """What is entered in the terminal beside the text.

    Attributes:
        key: AML keeps it to law enforcement: Nlets itself writes that into the message.
        destinations: states, regions and ORIs; none where they are chosen at the terminal.
        is_statewide: whether each state's control terminal is asked to pass it to the whole state.
    """

    key: Key = Key.AML
    destinations: tuple[str, ...] = ()
    is_statewide: bool = False


def read_routing(text: str) -> Routing:
    """The routing that a person wrote: `AML CO WY E1 STATEWIDE`, in any order.

    Raises:
        BadText: names the word that is no key, state, region or ORI.
        OutOfTurn: Nlets does not take it: too many destinations or regions, or a province.
    """
    words = list(dict.fromkeys(re.split(r"[\s,;]+", text.strip().upper()))) if text.strip() else []
    keys = [word for word in words if word in _KEYS]
    if len(keys) > 1:
        raise BadText(
            "Both AM and AML are written: a message has one key.", way_out="Leave one out."
        )
    destinations = tuple(word for word in words if word not in _KEYS and word != "STATEWIDE")
    routing = Routing(
        key=Key(keys[0]) if keys else Key.AML,
        destinations=destinations,
        is_statewide="STATEWIDE" in words,
    )
    require_allowed(routing)
    return routing


def require_allowed(routing: Routing) -> None:
    """Return when Nlets takes a message with this routing.

    Raises:
        BadText, OutOfTurn: as `read_routing`.
    """
    for one in routing.destinations:
        _require_known(one)
    if len(routing.destinations) > MOST_DESTINATIONS:
        raise OutOfTurn(
            f"{len(routing.destinations)} destinations: Nlets takes {MOST_DESTINATIONS}.",
            way_out="Choose the states that are concerned; all-points messages are discouraged.",
        )
    regions = [one for one in routing.destinations if _REGION.fullmatch(one)]
    if len(regions) > MOST_REGIONS:
        raise OutOfTurn(
            f"{len(regions)} regions: a message goes to {MOST_REGIONS} at the most.",
            way_out="Name single states instead.",
        )


def routing_lines(routing: Routing) -> list[str]:
    """What to enter in the terminal, a line each, at most 80 characters."""
    law = " - NLETS ITSELF ADDS: FOR LAW ENFORCEMENT DISSEMINATION ONLY"
    where = " ".join(routing.destinations) or _OPEN
    lines = [
        f"MESSAGE KEY  {routing.key.value}{law if routing.key is Key.AML else ''}",
        f"DESTINATIONS {where}",
    ]
    return [*lines, f"REFERENCE    {STATEWIDE}"] if routing.is_statewide else lines


def _require_known(destination: str) -> None:
    if _PROVINCE.fullmatch(destination):
        raise OutOfTurn(
            f"{destination} is a province: Nlets has no broadcast to one.",
            way_out="Canada is addressed as a whole, by CN.",
        )
    is_code = _STATE.fullmatch(destination) or _REGION.fullmatch(destination)
    if not is_code and not _ORI.fullmatch(destination):
        raise BadText(
            f"{destination[:40]!r} is no state, region or ORI.",
            way_out="Write two letters, as CO; a region, as E1; or the nine characters of an ORI.",
        )
