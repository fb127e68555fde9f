"""Units as a CAD sends them: what is known, doubted and refused, and where a person sees it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.clock import on_the_wall
from tests.units import PATH, a_key, a_message, a_row, a_source, push, unit
from tests.visiting import at, main_of, questions
from tests.world import NOW, World
from tocsin.desk.records.commands.units import take_message
from tocsin.desk.records.mirror import known_units
from tocsin.desk.records.models import Entry, Task, UnitSource, UnitState, Watch
from tocsin.errors import BadUnits, OutOfTurn, TooMany
from tocsin.posture import CrewRole, DoubtKind, Member, Status

pytestmark = pytest.mark.django_db


def take(source: UnitSource, *rows: dict[str, Any], now: datetime = NOW) -> UnitSource:
    """The rows are taken as one message; the source as it stands then."""
    take_message(source, a_message(*rows), now=now)
    source.refresh_from_db()
    return source


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def actions() -> list[str]:
    return [
        action
        for action in Entry.objects.order_by("seq").values_list("action", flat=True)
        if action.startswith("units feed")
    ]


def doubts(key: str = "harlow-pd/12") -> set[DoubtKind]:
    return {one.kind for one in unit(key).doubts}


def test_a_message_makes_units_known_with_their_crew_by_person(world: World) -> None:
    source = a_source(world)

    taken = take_message(source, a_message(a_row("12"), a_row("14", crew=[])), now=NOW)

    assert (taken.taken, taken.refused, taken.known_at) == (2, (), NOW)
    known = known_units(world.north, now=NOW)
    assert set(known.units) == {"harlow-pd/12", "harlow-pd/14"}
    one = known.units["harlow-pd/12"]
    assert one.members == (Member(person="reed", role=CrewRole.OFFICER),)
    assert (one.source, one.status, one.heard_at) == ("CAD", Status.AVAILABLE, NOW)
    source.refresh_from_db()
    assert (source.taken, source.refused, source.heard_at) == (2, 0, NOW)


def test_every_message_is_one_version_and_the_mirror_misses_none(world: World) -> None:
    source = a_source(world)
    for second in range(3):
        take(
            source,
            a_row("12", now=later(second)),
            a_row("14", now=later(second)),
            now=later(second),
        )
        assert known_units(world.north, now=later(second)).version == second + 1

    watch = Watch.objects.get(center=world.north)
    assert (watch.version, watch.changed_at) == (3, later(2))
    assert unit().reported_at == later(2)


def test_two_thousand_rows_are_few_questions(world: World) -> None:
    source = a_source(world)
    take(source, a_row("0"))
    raw = a_message(*(a_row(str(number), now=later(1)) for number in range(2000)))

    with questions(25):
        taken = take_message(source, raw, now=later(1))

    assert taken.taken == 2000
    assert UnitState.objects.count() == 2000


def test_the_log_says_that_a_feed_began_and_nothing_of_positions(world: World) -> None:
    source = a_source(world)
    for second in range(5):
        take(source, a_row(now=later(second)), now=later(second))

    assert actions() == ["units feed added", "units feed began"]


def test_a_bad_row_is_refused_with_its_number_and_spoils_no_other(world: World) -> None:
    source = take(a_source(world), a_row("12"), a_row("13", crew_count=-1), a_row("14"))

    assert set(UnitState.objects.values_list("key", flat=True)) == {"harlow-pd/12", "harlow-pd/14"}
    assert (source.taken, source.refused, source.refused_at) == (2, 1, NOW)
    [shown] = source.latest_refused
    assert (shown["row"], shown["call_sign"]) == (2, "13")
    assert "crew_count" in shown["reason"]


def test_the_last_fifty_refused_rows_are_kept_and_no_more(world: World) -> None:
    source = a_source(world)
    take(source, a_row("1"), *(a_row(f"A{n}", crew_count=-1) for n in range(60)))
    source = take(source, a_row("1", now=later(1)), a_row("B", crew_count=-1), now=later(1))

    assert len(source.latest_refused) == 50
    assert source.latest_refused[0]["call_sign"] == "B"
    assert source.refused == 61


def test_a_message_that_cannot_be_read_changes_nothing_and_is_one_task(world: World) -> None:
    source = a_source(world)
    take(source, a_row())
    before = unit()

    for second in (1, 2, 3):
        with pytest.raises(BadUnits):
            take_message(source, b"{not json", now=later(second))

    source.refresh_from_db()
    assert unit() == before
    assert "not JSON" in source.trouble
    assert source.latest_refused[0]["row"] == 0
    [task] = Task.objects.filter(kind="units feed fails")
    assert task.subject == f"units-feed:{source.pk}"
    assert "grow stale" in task.sentence
    assert actions()[-1] == "units feed failed"
    assert actions().count("units feed failed") == 1


def test_a_feed_that_works_again_is_mended_and_its_task_left_to_a_person(world: World) -> None:
    source = a_source(world)
    take(source, a_row())
    with pytest.raises(BadUnits):
        take_message(source, b"", now=later(1))

    assert take(source, a_row(now=later(2)), now=later(2)).trouble  # too early to say
    source = take(source, a_row(now=later(60)), now=later(60))

    assert source.trouble == ""
    assert actions()[-1] == "units feed mended"
    assert Task.objects.filter(kind="units feed fails", done_at=None).count() == 1


def test_a_feed_that_fails_at_every_second_message_fills_no_log(world: World) -> None:
    source = a_source(world)
    for second in range(1, 40, 2):
        take(source, a_row(now=later(second)), now=later(second))
        with pytest.raises(BadUnits):
            take_message(source, b"nonsense", now=later(second + 1))

    assert actions() == ["units feed added", "units feed began", "units feed failed"]


def test_a_flood_is_refused_before_it_is_read_and_shows_on_its_source(world: World) -> None:
    source = a_source(world)
    answers = []
    for number in range(30):
        try:
            take_message(source, a_message(a_row(str(number))), now=NOW)
            answers.append("taken")
        except TooMany as error:
            answers.append(type(error).__name__)

    source.refresh_from_db()
    assert answers == ["taken"] * 20 + ["TooMany"] * 10
    assert "more than 20 messages a second" in source.trouble
    assert UnitState.objects.count() == 20
    assert Task.objects.filter(kind="units feed fails").count() == 1
    # A second later it is heard again.
    assert take_message(source, a_message(a_row("x", now=later(1))), now=later(1)).taken == 1


def test_a_flood_of_rows_is_refused_too(world: World) -> None:
    source = a_source(world)
    many = a_message(*(a_row(str(number), crew=None, position=None) for number in range(6000)))
    assert take_message(source, many, now=NOW).taken == 6000

    with pytest.raises(TooMany, match="10,000 rows a second"):
        take_message(source, many, now=NOW)


def test_a_unit_that_jumps_is_doubted(world: World) -> None:
    source = take(a_source(world), a_row())
    take(source, a_row(now=later(5), position={"lat": 39.5, "lon": -105.1}), now=later(5))

    assert doubts() == {DoubtKind.JUMP}


def test_a_call_sign_that_reports_twice_at_once_is_doubted(world: World) -> None:
    take(a_source(world), a_row(status="available"), a_row(status="on_scene"))

    assert DoubtKind.CALL_SIGN in doubts()


def test_the_same_row_twice_is_one(world: World) -> None:
    source = take(a_source(world), a_row(), a_row())

    assert (source.taken, doubts()) == (1, set())


def test_a_call_sign_that_another_crew_uses_is_doubted(world: World) -> None:
    source = take(a_source(world), a_row())
    crew = [{"person": "boone", "role": "officer"}]
    take(source, a_row(now=later(60), crew=crew), now=later(60))

    assert DoubtKind.CALL_SIGN in doubts()


def test_a_call_sign_of_two_agencies_is_two_units(world: World) -> None:
    take(a_source(world), a_row("12"), a_row("12", agency="calder-so"))

    assert set(UnitState.objects.values_list("key", flat=True)) == {"harlow-pd/12", "calder-so/12"}


def test_a_crew_of_zero_at_work_is_doubted(world: World) -> None:
    take(a_source(world), a_row(crew=[]))

    assert DoubtKind.CREW in doubts()


@pytest.mark.parametrize(
    ("position", "word"),
    [
        ({"lat": 0.0, "lon": 0.0}, "without a fix"),
        ({"lat": 36.0, "lon": -40.0}, "outside the center's ground"),
        ({"lat": -105.1, "lon": 39.2}, "swapped"),
    ],
)
def test_a_position_that_cannot_be_is_not_used_and_doubted(
    world: World, position: dict[str, float], word: str
) -> None:
    take(a_source(world), a_row(position=position))

    assert unit().position is None
    [doubt] = unit().doubts
    assert doubt.kind is DoubtKind.POSITION
    assert word in doubt.text


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_an_hour_off_is_doubted(world: World, hours: int) -> None:
    take(a_source(world), a_row(now=NOW + timedelta(hours=hours)))

    assert doubts() == {DoubtKind.CLOCK}


def test_an_old_day_is_refused_and_is_no_sign_of_life(world: World) -> None:
    source = take(a_source(world), a_row("12"))
    yesterday = NOW - timedelta(days=1)
    source = take(source, a_row("12", now=yesterday), a_row("13", now=yesterday), now=later(90))

    assert (source.taken, source.refused, source.heard_at) == (1, 2, NOW)
    assert "of another day" in source.latest_refused[0]["reason"]
    assert not UnitState.objects.filter(key="harlow-pd/13").exists()


def test_a_unit_of_an_agency_nobody_knows_is_kept_and_doubted(world: World) -> None:
    take(a_source(world), a_row(agency="nowhere-pd"))

    assert doubts("nowhere-pd/12") == {DoubtKind.AGENCY}


def test_a_call_sign_that_grows_in_capitals_is_refused_not_stored(world: World) -> None:
    agency = "a" * 64
    source = take(a_source(world), a_row("\u0390" * 32, agency=agency), a_row("12"))

    assert (source.taken, source.refused) == (1, 1)


def test_what_is_said_of_a_status_by_the_feeds_own_words_is_read_by_its_settings(
    world: World,
) -> None:
    source = a_source(world, statuses={"Code 7": "break"}, agency="harlow-pd")
    take(source, a_row(status="CODE 7", agency=None))

    assert unit().status is Status.BREAK


def test_a_table_is_read_by_the_columns_that_its_settings_name(world: World) -> None:
    source = a_source(world, kind="csv", columns={"call_sign": "UNIT"}, agency="harlow-pd")

    take_message(source, f"UNIT,reported_at\n12,{NOW.isoformat()}\n".encode(), now=NOW)

    assert unit().call_sign == "12"


def test_a_source_that_is_switched_off_is_refused(world: World) -> None:
    source = a_source(world)
    UnitSource.objects.update(is_active=False)

    with pytest.raises(OutOfTurn, match="switched off"):
        take_message(source, a_message(a_row()), now=NOW)
    assert not UnitState.objects.exists()


# Over HTTP


def fresh(call_sign: str = "12", **changes: Any) -> dict[str, Any]:
    return a_row(call_sign, now=on_the_wall(), **changes)


def test_a_key_sends_units_without_being_set_up(world: World) -> None:
    secret = a_key(world.north)

    answer = push(secret, a_message(fresh("12"), fresh("13", crew_count=-1)))

    assert answer.status_code == 200
    body = answer.json()
    assert (body["taken"], body["refused_count"]) == (1, 1)
    [refused] = body["refused"]
    assert (refused["row"], refused["call_sign"]) == (2, "13")
    assert datetime.fromisoformat(body["known_at"]) <= on_the_wall()
    source = UnitSource.objects.get()
    assert (source.name, source.kind, source.way) == ("cad", "native", "push")
    assert actions() == ["units feed added", "units feed began"]
    push(secret, a_message(fresh("12")))
    assert UnitSource.objects.count() == 1


def test_a_key_with_several_sources_says_which_one_it_is(world: World) -> None:
    secret = a_key(world.north)
    a_source(world, key="cad", name="AVL")
    a_source(world, key="cad", name="Export", kind="csv", agency="harlow-pd")
    table = f"call_sign,reported_at\n12,{on_the_wall().isoformat()}\n".encode()

    assert push(secret, table).status_code == 422
    assert push(secret, table, source="Elsewhere").status_code == 404
    assert push(secret, table, source="Export").json()["taken"] == 1


def test_nobody_pushes_as_another_keys_source(world: World) -> None:
    a_source(world, name="CAD")
    secret = a_key(world.north, "other")

    assert push(secret, a_message(fresh()), source="CAD").status_code == 404


def test_a_key_of_another_center_writes_there(world: World) -> None:
    push(a_key(world.south, "theirs"), a_message(fresh()))

    assert UnitState.objects.get().center == world.south
    assert not known_units(world.north, now=on_the_wall()).units


def test_no_unit_comes_without_a_key_not_even_of_somebody_signed_in(world: World) -> None:
    assert push("made up", a_message(fresh())).status_code == 401
    raw = a_message(fresh())
    answer = at(world.sato).post(PATH, data=raw, content_type="application/json")
    assert answer.status_code == 401
    assert not UnitState.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"[", b"\xff\xfe", b'"x"', b"[" * 5000, b"null"])
def test_nonsense_is_answered_with_a_way_out(world: World, raw: bytes) -> None:
    answer = push(a_key(world.north), raw)

    assert answer.status_code == 422
    assert answer.json()["what"]


def test_an_empty_list_is_a_sign_of_life(world: World) -> None:
    answer = push(a_key(world.north), b"[]")

    assert answer.json()["taken"] == 0
    assert UnitSource.objects.get().heard_at is not None


def test_a_message_of_five_mebibytes_is_read_and_one_of_nine_is_not(world: World) -> None:
    secret = a_key(world.north)
    padding = b" " * (5 * 1024 * 1024)

    assert push(secret, a_message(fresh()) + padding).json()["taken"] == 1
    assert push(secret, a_message(fresh()) + padding + padding).status_code == 413


def test_a_flood_over_http_is_429(world: World) -> None:
    secret, raw = a_key(world.north), a_message(fresh())
    browser = Client()

    statuses = {push(secret, raw, browser=browser).status_code for _ in range(60)}

    assert 429 in statuses


def test_the_name_of_the_board_is_no_feeds(world: World) -> None:
    answer = push(a_key(world.north, "Board"), a_message(fresh()))

    assert answer.status_code == 422
    assert "kept by hand" in answer.json()["what"]


def test_what_was_refused_is_on_the_administrators_page(world: World) -> None:
    take(a_source(world), a_row("12"), a_row("<13>", crew_count=-1))

    words = main_of(at(world.adams).get("/units/sources"))

    assert "CAD" in words
    assert "crew_count is not from 0 to 99" in words
    assert "<13>" in words


def test_the_answer_says_the_same_as_json(world: World) -> None:
    answer = push(a_key(world.north), a_message(*(fresh(crew_count=-1) for _ in range(80))))

    assert json.loads(answer.content)["refused_count"] == 80
    assert len(answer.json()["refused"]) == 50
