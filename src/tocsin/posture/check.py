"""The gate before a unit is sent: would it break an order, and what would not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tocsin.errors import NotFound
from tocsin.posture.breach import Finding, judge_picture
from tocsin.posture.limits import Limits
from tocsin.posture.near import Picture, crews_of
from tocsin.posture.order import Order, holds
from tocsin.posture.remedy import Remedy, nearest_first, sent_with
from tocsin.posture.rules import State
from tocsin.posture.unit import Assignment, Status, Unit


class Answer(StrEnum):
    """Whether sending the unit breaks an order."""

    BREAKS = "breaks"
    NOT_KNOWN = "not_known"
    KEEPS = "keeps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer of the gate.

    Attributes:
        unit: key of the unit that would be sent.
        call: the call's key.
        answer: breaks, not known, or keeps.
        findings: measures that would be broken or are not known, with the reasons.
        remedies: what would not break them, the soonest first; empty where nothing was found.
    """

    unit: str
    call: str
    answer: Answer
    findings: tuple[Finding, ...]
    remedies: tuple[Remedy, ...]


def check(
    orders: Sequence[Order],
    units: Iterable[Unit],
    unit_key: str,
    call: Assignment,
    now: datetime,
    limits: Limits,
) -> Verdict:
    """Whether sending this unit to this call breaks an order, and what would not.

    The unit is judged as if on its way: nobody who is near it now comes along, but those who are
    sent to the same call do. An order of a ground counts where the unit is and where it is sent.

    Raises:
        NotFound: no such unit is known.
    """
    known = {unit.key: unit for unit in units}
    unit = known.get(unit_key)
    if unit is None:
        raise NotFound(
            f"No unit {unit_key!r} is known.",
            way_out="Write the agency's key and the call sign, or add it on the board.",
        )
    gate = _Gate(
        orders=[order for order in orders if holds(order, now)],
        known=known,
        on_call=[key for key, one in known.items() if _is_on(one, call)],
        crews=crews_of(known),
        call=call,
        now=now,
        limits=limits,
    )
    findings = gate.findings(unit)
    is_broken = any(finding.state is State.BROKEN for finding in findings)
    remedies = nearest_first(unit, gate, findings) if findings else ()
    return Verdict(
        unit=unit_key,
        call=call.call,
        answer=Answer.BREAKS if is_broken else Answer.NOT_KNOWN if findings else Answer.KEEPS,
        findings=findings,
        remedies=remedies,
    )


def _is_on(unit: Unit, call: Assignment) -> bool:
    return unit.assignment is not None and unit.assignment.call == call.call


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gate:
    """What every unit that might be sent is judged by."""

    orders: Sequence[Order]
    known: Mapping[str, Unit]
    on_call: Sequence[str]
    crews: Mapping[str, tuple[str, ...]]
    call: Assignment
    now: datetime
    limits: Limits

    def findings(self, unit: Unit, *, too: Sequence[Unit] = ()) -> tuple[Finding, ...]:
        """What sending the unit would break, or may; judged here and at the call's place.

        Args:
            unit: as it would be sent, perhaps with a partner whom it picked up.
            too: units that would be sent with it.
        """
        picture = self._picture((unit, *too))
        found = list(judge_picture(self.orders, picture, self.limits, only={unit.key}))
        if self.call.position is not None:
            place = replace(self.call.position, at=self.now)
            moved = replace(picture.units[unit.key], position=place)
            there = replace(picture, units={**picture.units, unit.key: moved})
            found += judge_picture(self.orders, there, self.limits, only={unit.key})
        worst: dict[tuple[str, str, str], Finding] = {}
        for finding in sorted(found, key=lambda one: one.state is not State.BROKEN):
            if finding.state in {State.BROKEN, State.NOT_KNOWN}:
                worst.setdefault(finding.key, finding)
        return tuple(worst.values())

    def _picture(self, sent: Sequence[Unit]) -> Picture:
        """Those who are on the call, and these on their way to it."""
        units = {key: self.known[key] for key in self.on_call}
        for unit in sent:
            units[unit.key] = sent_with(unit, self.call, self.now)
        on_it = tuple(key for key, one in units.items() if one.status is not Status.OFF_DUTY)
        return Picture(
            at=self.now, units=units, calls={self.call.call: on_it}, crews=self._crews(sent)
        )

    def _crews(self, sent: Sequence[Unit]) -> dict[str, tuple[str, ...]]:
        """The units that the persons who are sent are listed in, as they would be sent."""
        keys = {unit.key for unit in sent}
        found: dict[str, tuple[str, ...]] = {}
        for unit in sent:
            for member in unit.present:
                before = found.get(member.person)
                if before is None:
                    elsewhere = self.crews.get(member.person, ())
                    before = tuple(key for key in elsewhere if key not in keys)
                found[member.person] = (*before, unit.key)
        return found
