"""docs/posture-pairing.md says what the code does."""

import re
from dataclasses import fields
from datetime import timedelta

from tests.house.sources import ROOT
from tests.stages.posture_pairing.situations import NOW, at
from tocsin.posture.pairing import Limits, Situation, Unit, Weights, plan_pairs

PAGE = (ROOT / "docs" / "posture-pairing.md").read_text(encoding="utf-8")


def number(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 60:g} min"
    return f"{value:g}" if isinstance(value, int | float) else "none"


def test_the_page_has_every_weight_with_its_value() -> None:
    for one in fields(Weights):
        assert f"`{one.name}` ({number(getattr(Weights(), one.name))})" in PAGE


def test_the_page_has_every_limit_with_its_value() -> None:
    for one in fields(Limits):
        rows = re.findall(rf"^\|.*`{one.name}`.*\| (.*) \|$", PAGE, re.MULTILINE)
        assert number(getattr(Limits(), one.name)) in rows[0].split("; ")


def test_the_page_has_every_part_of_the_objective() -> None:
    two = tuple(Unit(key=key, spot=at(0, 0)) for key in "ab")
    parts = {part.name for part in plan_pairs(Situation(units=two), now=NOW).objective.parts}
    rows = set(re.findall(r"^\| ([a-z ]+) \|", PAGE.partition("## Limits")[0], re.MULTILINE))

    assert rows - {"part"} == parts
