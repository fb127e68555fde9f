"""Sources of units: set up by an administrator, switched, and missed when they fall silent."""

from datetime import timedelta
from typing import Any

import pytest

from tests.units import a_key, a_message, a_row, a_source, an_order
from tests.visiting import at, main_of
from tests.world import NOW, World
from tocsin.desk.records.commands.sources import (
    SourceFacts,
    change_source,
    source_of,
    switch_source,
)
from tocsin.desk.records.commands.sourceturns import (
    claim_due_sources,
    claim_lines,
    find_silent_sources,
    release_lines,
    settle_turn,
)
from tocsin.desk.records.commands.units import take_message
from tocsin.desk.records.models import Entry, Task, UnitSource
from tocsin.desk.worker.sweep import SLOW_STEPS
from tocsin.errors import Error, InputError, NotAllowed, NotFound, OutOfTurn

pytestmark = pytest.mark.django_db

POLLED: dict[str, Any] = {"way": "poll", "url": "https://cad.example/units.json"}
LINE: dict[str, Any] = {"way": "socket", "url": "wss://cad.example/units"}


def silent_tasks() -> int:
    return Task.objects.filter(kind="units feed silent", done_at=None).count()


def heard(source: UnitSource, *, seconds: float = 0) -> UnitSource:
    now = NOW + timedelta(seconds=seconds)
    take_message(source, a_message(a_row(now=now)), now=now)
    source.refresh_from_db()
    return source


# Set up


def test_a_source_is_set_up_under_the_administrators_name(world: World) -> None:
    source = a_source(world, **POLLED, every_seconds=10, zone="America/Denver")

    entry = Entry.objects.get(action="units feed added")
    assert (entry.actor, entry.subject) == ("person:adams", f"units-feed:{source.pk}")
    assert entry.facts["url"] == "https://cad.example/units.json"
    assert source.every_seconds == 10


def test_what_follows_a_question_mark_may_be_a_secret_and_is_not_logged(world: World) -> None:
    a_source(world, way="poll", url="https://cad.example/units.json?token=hidden")

    assert "hidden" not in str(Entry.objects.get(action="units feed added").facts)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "Board"},
        {"kind": "unknown"},
        {"way": "pigeon", "key": ""},
        {"way": "poll", "url": ""},
        {"way": "poll", "url": "ws://cad.example/"},
        {"way": "poll", "url": "https://me:word@cad.example/"},
        {"way": "poll", "url": "https://cad.example:99999/"},
        {"way": "socket", "url": "https://cad.example/"},
        {**POLLED, "every_seconds": 0},
        {**POLLED, "every_seconds": 100_000},
        {**POLLED, "zone": "Mars/Olympus"},
        {**POLLED, "columns": {"shoe_size": "SIZE"}},
        {**POLLED, "columns": {"call_sign": "U" * 100}},
        {**POLLED, "statuses": {"10-7": "asleep"}},
        {**POLLED, "statuses": {f"w{n}": "break" for n in range(300)}},
    ],
)
def test_what_does_not_fit_sets_nothing_up(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        a_source(world, **changes)
    assert not UnitSource.objects.exists()


def test_a_name_is_one_sources(world: World) -> None:
    a_source(world, **POLLED)

    with pytest.raises(OutOfTurn, match="already"):
        a_source(world, **LINE)


def test_a_source_needs_a_key_and_an_agency_that_there_are(world: World) -> None:
    with pytest.raises(NotFound, match="no key"):
        a_source(world, key="nobody")
    with pytest.raises(NotFound, match="no agency"):
        a_source(world, **POLLED, agency="nowhere")


def test_a_key_of_another_center_is_none_of_ours(world: World) -> None:
    a_key(world.south, "theirs")

    with pytest.raises(NotFound):
        a_source(world, key="theirs")


def test_sources_are_the_administrators(world: World) -> None:
    source = a_source(world, **POLLED)
    typed = {"name": "X", "kind": "native", "way": "poll", "url": POLLED["url"], "center": "north"}
    for person in world.everybody():
        browser = at(person)
        may = person.login == "adams"
        assert (browser.get("/units/sources").status_code == 200) is may, person.login
        for path in ("add", f"{source.pk}/change", f"{source.pk}/switch"):
            answer = browser.post(f"/units/sources/{path}", {**typed, "name": path[-6:]})
            assert (answer.status_code == 302) is may, (person.login, path)
    with pytest.raises(NotAllowed):
        switch_source(source, is_active=False, person=world.sato, now=NOW)


def test_a_source_is_set_up_on_the_page(world: World) -> None:
    a_key(world.north, "cad")
    answer = at(world.adams).post(
        "/units/sources/add",
        {
            "name": "Motor pool",
            "kind": "csv",
            "way": "push",
            "key": "cad",
            "agency": "harlow-pd",
            "zone": "America/Denver",
            "columns": "call_sign = UNIT\r\n\r\nreported_at = WHEN",
            "statuses": "10-7 = break",
            "center": "north",
        },
    )

    assert answer.status_code == 302
    source = UnitSource.objects.get()
    assert source.columns == {"call_sign": "UNIT", "reported_at": "WHEN"}
    assert source.statuses == {"10-7": "break"}
    words = main_of(at(world.adams).get("/units/sources"))
    assert "Motor pool" in words
    assert "never heard" in words


def test_a_refused_form_is_shown_again_with_what_was_typed(world: World) -> None:
    answer = at(world.adams).post(
        "/units/sources/add",
        {"name": "Pool", "kind": "csv", "way": "poll", "url": "nowhere", "center": "north"},
    )

    assert answer.status_code == 422
    assert 'value="nowhere"' in answer.content.decode()


def test_a_source_is_changed_on_the_page_and_read_so_from_then_on(world: World) -> None:
    source = a_source(world, **POLLED)
    at(world.adams).post(
        f"/units/sources/{source.pk}/change",
        {"name": "CAD 2", "kind": "eido", "way": "socket", "url": LINE["url"]},
    )

    source.refresh_from_db()
    assert (source.name, source.kind, source.way, source.url) == (
        "CAD 2", "eido", "socket", LINE["url"],
    )  # fmt: skip
    assert Entry.objects.filter(action="units feed changed").exists()


def test_a_change_to_the_name_of_another_is_refused(world: World) -> None:
    a_source(world, **POLLED)
    other = a_source(world, **LINE, name="AVL")

    with pytest.raises(OutOfTurn):
        change_source(
            other,
            SourceFacts(name="CAD", kind="native", **LINE),
            person=world.adams,
            now=NOW,
        )


def test_a_source_is_switched_off_and_on_under_a_name(world: World) -> None:
    source = a_source(world, **POLLED)
    adams = at(world.adams)

    adams.post(f"/units/sources/{source.pk}/switch", {"then": "stop"})
    assert claim_due_sources(now=NOW + timedelta(days=1)) == []
    adams.post(f"/units/sources/{source.pk}/switch", {"then": "start"})

    source.refresh_from_db()
    assert source.is_active
    actions = list(Entry.objects.order_by("seq").values_list("action", flat=True))
    assert actions == ["units feed added", "units feed stopped", "units feed started"]


def test_a_key_that_has_no_source_gets_one_once(world: World) -> None:
    a_key(world.north)

    first = source_of("cad", world.north, name="", now=NOW)

    assert source_of("cad", world.north, name="", now=NOW) == first
    with pytest.raises(NotFound):
        source_of("cad", world.north, name="Another", now=NOW)


def test_a_name_that_is_taken_is_not_given_to_a_keys_own_source(world: World) -> None:
    a_key(world.north)
    a_source(world, **POLLED, name="cad")

    with pytest.raises(OutOfTurn):
        source_of("cad", world.north, name="", now=NOW)


# Turns


def test_a_source_is_asked_by_one_worker_and_again_after_its_pause(world: World) -> None:
    a_source(world, **POLLED, every_seconds=5)

    [turn] = claim_due_sources(now=NOW)
    assert claim_due_sources(now=NOW + timedelta(seconds=6)) == []
    settle_turn(turn, etag='"7"', now=NOW + timedelta(seconds=2))

    assert claim_due_sources(now=NOW + timedelta(seconds=4)) == []
    [again] = claim_due_sources(now=NOW + timedelta(seconds=5))
    assert again.source.etag == '"7"'


def test_a_worker_that_died_while_asking_loses_its_turn(world: World) -> None:
    a_source(world, **POLLED)
    [lost] = claim_due_sources(now=NOW)

    [taken] = claim_due_sources(now=NOW + timedelta(seconds=31))
    settle_turn(lost, etag='"old"', now=NOW + timedelta(seconds=32))

    source = UnitSource.objects.get()
    assert source.due_at == taken.lease
    assert source.etag == ""


def test_a_line_is_one_workers_until_its_lease_ends(world: World) -> None:
    source = a_source(world, **LINE)

    [mine] = claim_lines({}, now=NOW)
    held = {source.pk: mine.lease}
    assert claim_lines({}, now=NOW + timedelta(seconds=10)) == []
    [renewed] = claim_lines(held, now=NOW + timedelta(seconds=10))
    assert renewed.lease == NOW + timedelta(seconds=40)

    [theirs] = claim_lines({}, now=NOW + timedelta(seconds=41))
    assert claim_lines({source.pk: renewed.lease}, now=NOW + timedelta(seconds=42)) == []
    release_lines({source.pk: theirs.lease}, now=NOW + timedelta(seconds=43))
    assert len(claim_lines({}, now=NOW + timedelta(seconds=43))) == 1


# Silence


def test_a_source_that_stops_while_an_order_stands_is_a_task_once(world: World) -> None:
    source = heard(a_source(world))
    an_order(world)

    assert find_silent_sources(now=NOW + timedelta(seconds=100)) == 0
    assert find_silent_sources(now=NOW + timedelta(seconds=121)) == 1
    assert find_silent_sources(now=NOW + timedelta(seconds=140)) == 0

    source.refresh_from_db()
    assert source.silent_since == NOW
    [task] = Task.objects.filter(kind="units feed silent")
    assert task.subject == f"units-feed:{source.pk}"
    assert "nobody sees who breaks it" in task.sentence
    assert Entry.objects.filter(action="units feed silent").count() == 1


def test_the_task_leads_to_the_units(world: World) -> None:
    heard(a_source(world))
    an_order(world)
    find_silent_sources(now=NOW + timedelta(minutes=5))

    assert "Open the units" in main_of(at(world.sato).get("/"))


def test_silence_is_no_task_while_no_order_stands(world: World) -> None:
    heard(a_source(world))

    assert find_silent_sources(now=NOW + timedelta(hours=1)) == 0
    assert silent_tasks() == 0


def test_an_order_of_another_center_makes_nobody_here_look(world: World) -> None:
    a_key(world.south, "theirs")
    source = source_of("theirs", world.south, name="", now=NOW)
    heard(source)
    an_order(world)

    assert find_silent_sources(now=NOW + timedelta(hours=1)) == 0


def test_a_source_that_is_heard_again_is_silent_no_more(world: World) -> None:
    source = heard(a_source(world))
    an_order(world)
    find_silent_sources(now=NOW + timedelta(minutes=5))

    source = heard(source, seconds=301)

    assert source.silent_since is None
    assert Entry.objects.filter(action="units feed heard again").count() == 1
    assert silent_tasks() == 1  # a person looks, and says so


def test_a_source_that_never_spoke_is_silent_too(world: World) -> None:
    a_source(world)
    an_order(world)

    assert find_silent_sources(now=NOW + timedelta(minutes=1)) == 0
    assert find_silent_sources(now=NOW + timedelta(minutes=3)) == 1


def test_an_old_day_repeated_is_silence(world: World) -> None:
    source = heard(a_source(world))
    an_order(world)
    then = NOW + timedelta(minutes=5)
    old = a_message(a_row(now=NOW - timedelta(days=1)))

    taken = take_message(source, old, now=then)

    assert (taken.taken, len(taken.refused)) == (0, 1)
    assert find_silent_sources(now=then) == 1


def test_a_source_that_is_switched_off_is_not_missed(world: World) -> None:
    source = heard(a_source(world))
    an_order(world)
    switch_source(source, is_active=False, person=world.adams, now=NOW)

    assert find_silent_sources(now=NOW + timedelta(hours=1)) == 0


def test_the_sweep_looks_for_silence() -> None:
    assert find_silent_sources in SLOW_STEPS


def test_every_refusal_says_a_way_out(world: World) -> None:
    for changes in ({"way": "poll", "url": "x"}, {**POLLED, "columns": {"x": "y"}}):
        with pytest.raises(Error) as found:
            a_source(world, **changes)
        assert found.value.way_out
