"""Builders of bulletins for the tests of the warn stage."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tocsin.warn import Bulletin, BulletinKind, Content

NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)


def some_content(**changes: Any) -> Content:
    """A bulletin's words."""
    facts: dict[str, Any] = {
        "safety_line": "OFFICER SAFETY: threat against any cop",
        "said": "I will shoot any cop I find [alone?]",
        "not_known": ("No time was said.",),
        "assessed": "NOT YET ASSESSED",
    }
    return Content(**(facts | changes))


def a_bulletin(**changes: Any) -> Bulletin:
    """A released first version."""
    facts: dict[str, Any] = {
        "number": "B-2026-000001",
        "version": 1,
        "kind": BulletinKind.ALERT,
        "is_exercise": False,
        "center": "Northside Communications",
        "content": some_content(),
        "places": ("Harlow",),
        "since": NOW - timedelta(minutes=3),
        "released_at": NOW,
        "released_by": "Ortiz",
        "expires_at": NOW + timedelta(hours=12),
        "zone": "America/Denver",
    }
    return Bulletin(**(facts | changes))
