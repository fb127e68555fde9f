"""The ladder: what happens about a person who does not acknowledge, and when. Frozen at release."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tocsin.config import WarnConfig


class Step(StrEnum):
    """What one move does."""

    LIST = "list"
    SUPERVISOR = "supervisor"
    COMMANDER = "commander"
    DESK = "desk"
    AIR = "air"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step, and how long after a person's ladder began it is due."""

    step: Step
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The plan of one bulletin.

    Attributes:
        rungs: in order of time; at least one.
        again_every: the last rung is repeated so often, until the person has answered, is off
            duty, or the bulletin has ended: a ladder never ends by itself.
    """

    rungs: tuple[Rung, ...]
    again_every: timedelta

    def rung(self, number: int) -> Rung:
        """The rung with this number, 0 for the first; past the last one, the last again."""
        last = len(self.rungs) - 1
        if number <= last:
            return self.rungs[number]
        after = self.rungs[last].after + (number - last) * self.again_every
        return Rung(step=self.rungs[last].step, after=after)

    def due_by(self, waited: timedelta) -> int:
        """How many rungs are due after so long."""
        first = sum(rung.after <= waited for rung in self.rungs)
        if first < len(self.rungs):
            return first
        return first + (waited - self.rungs[-1].after) // self.again_every


def ladder_of(config: WarnConfig) -> Ladder:
    """The ladder of this installation, in order of time."""
    rungs = (
        Rung(step=Step.LIST, after=config.listed_after),
        Rung(step=Step.SUPERVISOR, after=config.supervisor_after),
        Rung(step=Step.COMMANDER, after=config.commander_after),
        Rung(step=Step.DESK, after=config.desk_after),
        Rung(step=Step.AIR, after=config.air_after),
    )
    ordered = tuple(sorted(rungs, key=lambda rung: rung.after))
    return Ladder(rungs=ordered, again_every=config.again_every)


def next_move_at(ladder: Ladder, done: int, *, since: datetime) -> datetime:
    """When the next rung of a ladder that began at `since` is due, `done` of them being done."""
    return since + ladder.rung(done).after


def ladder_json(ladder: Ladder) -> dict[str, Any]:
    """The ladder as it is frozen on a bulletin; times in seconds."""
    return {
        "rungs": [
            {"step": rung.step.value, "after": rung.after.total_seconds()} for rung in ladder.rungs
        ],
        "again_every": ladder.again_every.total_seconds(),
    }


def ladder_from(value: Mapping[str, Any]) -> Ladder:
    """The ladder that `ladder_json` wrote."""
    return Ladder(
        rungs=tuple(
            Rung(step=Step(one["step"]), after=timedelta(seconds=one["after"]))
            for one in value["rungs"]
        ),
        again_every=timedelta(seconds=value["again_every"]),
    )
