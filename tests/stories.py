"""Builders of stories for the tests of the after-action report."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tocsin.warn import BulletinKind
from tocsin.warn.afteraction import End, Means, Sent, Spoken, Story, Version, Warned

BEGAN = datetime(2026, 3, 2, 4, 2, 6, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """So long after the call began."""
    return BEGAN + timedelta(seconds=seconds)


def a_person(name: str, **changes: Any) -> Warned:
    """An officer of Harlow Police who was asked and has not answered."""
    facts: dict[str, Any] = {"key": name.lower(), "name": name, "agency": "Harlow Police"}
    return Warned(**(facts | changes))


def a_version(**changes: Any) -> Version:
    """Released after three minutes; Reed has it after 40 s, Ortiz after 100, Kim not."""
    facts: dict[str, Any] = {
        "version": 1,
        "kind": BulletinKind.ALERT,
        "released_at": after(180),
        "people": (
            a_person("Reed", seen_at=after(200), acknowledged_at=after(220), how="link"),
            a_person("Ortiz", acknowledged_at=after(280), how="radio, Dana"),
            a_person("Kim", escalated_at=after(480)),
        ),
        "messages": (
            Sent(key="reed", channel="email", sent_at=after(182), delivered_at=after(184)),
            Sent(key="ortiz", channel="email", sent_at=after(183)),
            Sent(key="kim", channel="sms", failed_at=after(190)),
        ),
    }
    return Version(**(facts | changes))


def a_story(**changes: Any) -> Story:
    """A call of 37 seconds, told to one desk and by radio, warned of, and ended."""
    facts: dict[str, Any] = {
        "number": "B-2026-000001",
        "center": "Northside Communications",
        "zone": "America/Denver",
        "is_exercise": False,
        "call_began_at": BEGAN,
        "call_ended_at": after(37),
        "sealed_at": after(38.5),
        "heard_at": after(45),
        "drafted_at": after(47),
        "spoken": (
            Spoken(to="Harlow desk", means=Means.DESK, told_at=after(90), told_by="Dana"),
            Spoken(to="Calder desk", means=Means.DESK),
            Spoken(to="all units", means=Means.RADIO, told_at=after(120), told_by="Sato"),
        ),
        "versions": (a_version(),),
        "end": End.EXPIRED,
        "ended_at": after(12 * 3600),
        "stood_down_at": after(13 * 3600),
    }
    return Story(**(facts | changes))
