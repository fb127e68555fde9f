"""What changed between two moments of a page, and nothing else, brings it from one to the other."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tocsin.desk.console.snapshots import Snapshot, as_event, difference, item, whole

KEYS = st.sampled_from([f"p-{number}" for number in range(12)])
PARTS = ("list-agencies", "list-people")


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """A page of two parts; the items of one never stand in the other."""
    return {
        part: tuple(
            item(f"{part}-{key}", f'<li id="{part}-{key}">{draw(st.integers(0, 2))}</li>')
            for key in draw(st.lists(KEYS, unique=True))
        )
        for part in PARTS
    }


Page = dict[str, list[tuple[str, str]]]


def page_of(snapshot: Snapshot) -> Page:
    return {part: [(one.key, one.html) for one in items] for part, items in snapshot.items()}


def follow(page: Page, change: dict[str, Any]) -> Page:
    """What `list.js` does with an event: take away, then put each one behind another."""
    shown = {part: list(items) for part, items in page.items()}
    for part, moves in change.get("some", {}).items():
        items = [one for one in shown[part] if one[0] not in moves["gone"]]
        for key, html, after in moves["put"]:
            items = [one for one in items if one[0] != key]
            place = [one[0] for one in items].index(after) + 1 if after else 0
            items.insert(place, (key, html))
        shown[part] = items
    return shown


@given(before=snapshots(), now=snapshots())
def test_a_page_that_follows_a_difference_shows_the_newer_moment(
    before: Snapshot, now: Snapshot
) -> None:
    assert follow(page_of(before), difference(before, now)) == page_of(now)


@given(now=snapshots())
def test_nothing_is_sent_where_nothing_changed(now: Snapshot) -> None:
    assert difference(now, now) == {}


@given(now=snapshots())
def test_everything_is_in_the_whole(now: Snapshot) -> None:
    sent = whole(now)["all"]

    assert {part: [(key, html) for key, _, html in items] for part, items in sent.items()} == (
        page_of(now)
    )


@given(before=snapshots(), now=snapshots())
def test_an_event_is_one_line_of_data(before: Snapshot, now: Snapshot) -> None:
    change = difference(before, now)
    name, data, *rest = as_event("list", change).decode().split("\n")

    assert name == "event: list"
    assert json.loads(data.removeprefix("data: ")) == change
    assert rest == ["", ""]


def test_who_left_costs_only_his_name() -> None:
    people = tuple(item(f"p-{number}", f"<li>{number}</li>") for number in range(300))
    shorter = (*people[:7], *people[8:])

    change = difference({"list-people": people}, {"list-people": shorter})

    assert change == {"some": {"list-people": {"gone": ["p-7"], "put": []}}}


def test_a_clock_that_runs_on_is_no_change() -> None:
    early, late = (
        item("p-1", f'<li><time class="since" datetime="2026-03-02T04:05:06">{clock}</time></li>')
        for clock in ("00:01", "00:02")
    )

    assert early.digest == late.digest
    assert f'data-is="{early.digest}"' in early.html
    assert difference({"list-people": (early,)}, {"list-people": (late,)}) == {}
