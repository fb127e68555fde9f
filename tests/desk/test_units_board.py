"""The page of units, and the board on which a dispatcher keeps them by radio call sign."""

from datetime import timedelta
from typing import Any

import pytest

from tests.clock import on_the_wall
from tests.units import a_message, a_row, a_source, unit
from tests.visiting import at, main_of, questions
from tests.world import NOW, World, a_person
from tocsin.assess import Role
from tocsin.desk.console.live import Seat
from tocsin.desk.console.rights import right_of
from tocsin.desk.records import log
from tocsin.desk.records.commands.units import announce_rest, keep_by_hand, take_message
from tocsin.desk.records.mirror import known_units
from tocsin.desk.records.models import Entry, UnitState
from tocsin.desk.records.radio import read_line
from tocsin.errors import BadUnits, NotAllowed, NotFound
from tocsin.posture import BY_HAND, CrewRole, DoubtKind, Status, UnitReport

pytestmark = pytest.mark.django_db


def typed(call_sign: str, crew: str = "", status: str = "", where: str = "") -> dict[str, str]:
    return {"call_sign": call_sign, "crew": crew, "status": status, "where": where}


def line(world: World, *fields: str) -> UnitReport:
    call_sign, crew, status, where = (*fields, "", "", "")[:4]
    return read_line(call_sign, crew, status, where, center=world.north, now=NOW)


def keep(world: World, *fields: str, person: Any = None) -> Any:
    report = line(world, *fields)
    return keep_by_hand(world.north, report, person=person or world.dana, now=NOW)


# What is typed


def test_a_line_by_radio_becomes_a_unit_under_the_dispatchers_name(world: World) -> None:
    answer = at(world.dana).post(
        "/units", typed("harlow-pd/12", "reed, kim", "av", "39.21, -105.12")
    )

    assert answer.status_code == 302
    one = unit()
    assert [(m.person, m.name, m.role) for m in one.members] == [
        ("reed", "Reed", CrewRole.OFFICER),
        ("kim", "Kim", CrewRole.OFFICER),
    ]
    assert (one.source, one.status) == (BY_HAND, Status.AVAILABLE)
    assert one.position is not None
    assert (one.position.lat, one.position.lon) == (39.21, -105.12)
    entry = Entry.objects.get(action="unit kept by hand")
    assert (entry.actor, entry.subject) == ("person:dana", "unit:harlow-pd/12")
    assert entry.facts["crew"] == ["reed (officer)", "kim (officer)"]
    assert entry.facts["status"] == "available"


def test_after_enter_the_next_line_begins_where_this_one_did(world: World) -> None:
    dana = at(world.dana)
    page = dana.post("/units", typed("harlow-pd/12", "reed", "av"), follow=True)

    assert "12 is kept: available, under your name." in main_of(page)
    field = next(part for part in page.content.decode().split("<") if 'id="hand-call_sign"' in part)
    assert "autofocus" in field


def test_what_is_left_empty_stays_as_it_was(world: World) -> None:
    keep(world, "harlow-pd/12", "reed", "os", "9 Elm St")
    keep(world, "harlow-pd/12", "reed, kim")

    one = unit()
    assert len(one.members) == 2
    assert one.status is Status.ON_SCENE
    assert one.assignment is not None
    assert one.assignment.call == "9 Elm St"


def test_who_says_that_he_is_available_is_on_no_call_any_more(world: World) -> None:
    keep(world, "harlow-pd/12", "reed", "er", "9 Elm St")
    keep(world, "harlow-pd/12", "", "av")

    assert unit().assignment is None


@pytest.mark.parametrize(
    ("said", "status"),
    [("av", Status.AVAILABLE), ("OS", Status.ON_SCENE), ("on scene", Status.ON_SCENE),
     ("off_duty", Status.OFF_DUTY), ("em", Status.EMERGENCY)],
)  # fmt: skip
def test_a_status_is_two_letters_or_its_word(world: World, said: str, status: Status) -> None:
    assert line(world, "harlow-pd/12", "", said).status is status


def test_the_roster_says_who_has_the_call_sign(world: World) -> None:
    report = line(world, "u-reed", "+")

    assert (report.agency, report.key) == ("harlow-pd", "harlow-pd/U-REED")
    assert report.members is not None
    assert [one.person for one in report.members] == ["reed"]


def test_a_trainee_a_civilian_and_who_is_away_are_typed(world: World) -> None:
    report = line(world, "harlow-pd/12", "reed, kim:t, Miller:c, ortiz:a")

    assert report.members is not None
    assert [(one.person, one.role, one.is_present) for one in report.members] == [
        ("reed", CrewRole.OFFICER, True),
        ("kim", CrewRole.TRAINEE, True),
        ("Miller", CrewRole.CIVILIAN, True),
        ("ortiz", CrewRole.SUPERVISOR, False),
    ]


def test_who_stays_away_is_away_since_he_left(world: World) -> None:
    keep(world, "harlow-pd/12", "reed, kim:a", "av")
    report = read_line(
        "harlow-pd/12", "reed, kim:a", "", "", center=world.north, now=NOW + timedelta(minutes=5)
    )

    assert report.members is not None
    assert report.members[1].away_since == NOW


def test_a_stranger_is_kept_by_his_name_and_nothing_is_said_of_what_he_is(world: World) -> None:
    report = line(world, "harlow-pd/12", "Nobody Known")

    assert report.members is not None
    [member] = report.members
    assert (member.person, member.role) == ("Nobody Known", CrewRole.NOT_KNOWN)


def test_a_last_name_that_two_people_have_is_asked_back(world: World) -> None:
    for login in ("stone1", "stone2"):
        person = a_person(login, world.harlow_pd, Role.OFFICER)
        person.name = f"{login} Stone"
        person.save()

    with pytest.raises(BadUnits, match="may be several people") as found:
        line(world, "harlow-pd/12", "stone")
    assert "stone1" in found.value.way_out


def test_a_crew_by_number_is_a_number(world: World) -> None:
    report = line(world, "harlow-pd/12", "2")

    assert (report.members, report.crew_count) == (None, 2)


def test_nobody_aboard_of_a_car_at_work_is_doubted(world: World) -> None:
    keep(world, "harlow-pd/12", "0", "av")

    assert unit().doubt(DoubtKind.CREW) is not None


def test_a_call_sign_alone_is_enough_where_one_agency_uses_it(world: World) -> None:
    keep(world, "harlow-pd/12", "reed", "av")

    assert line(world, "12", "", "os").key == "harlow-pd/12"


def test_a_call_sign_of_two_agencies_is_asked_back(world: World) -> None:
    keep(world, "harlow-pd/12", "reed", "av")
    keep(world, "calder-so/12", "boone", "av")

    with pytest.raises(BadUnits, match="not clear whose 12") as found:
        line(world, "12", "", "os")
    assert "harlow-pd" in found.value.way_out


@pytest.mark.parametrize(
    "fields",
    [
        ("",),
        ("/",),
        ("nowhere-pd/12",),
        ("harlow-pd/12", "", "zz"),
        ("harlow-pd/12", "reed, reed"),
        ("harlow-pd/12", ","),
        ("harlow-pd/12", "reed:z"),
        ("harlow-pd/12", "999999"),
        ("harlow-pd/12", ", ".join(f"P{n}" for n in range(20))),
        ("harlow-pd/" + "x" * 40,),
        ("harlow-pd/12\x00",),
        ("harlow-pd/12", "", "", "x" * 90),
    ],
)
def test_what_cannot_be_read_is_refused_and_stays_in_the_line(
    world: World, fields: tuple[str, ...]
) -> None:
    call_sign, crew, status, where = (*fields, "", "", "")[:4]
    answer = at(world.dana).post("/units", typed(call_sign, crew, status, where))

    assert answer.status_code == 422
    assert not UnitState.objects.exists()


def test_a_refused_line_is_shown_again_as_it_was_typed(world: World) -> None:
    answer = at(world.dana).post("/units", typed("harlow-pd/12", "reed", "nonsense", "9 Elm St"))

    page = answer.content.decode()
    assert 'value="nonsense"' in page
    assert 'value="9 Elm St"' in page
    assert "is no status" in main_of(answer)


def test_a_status_key_on_a_row_comes_back_to_that_row(world: World) -> None:
    keep(world, "harlow-pd/12", "reed", "av")
    answer = at(world.dana).post(
        "/units", {**typed("harlow-pd/12", "", "os"), "from": "row"}, follow=True
    )

    assert unit().status is Status.ON_SCENE
    row = next(p for p in answer.content.decode().split("<") if 'data-unit="harlow-pd/12"' in p)
    assert "autofocus" in row


def test_units_are_kept_by_those_who_dispatch(world: World) -> None:
    for person in world.everybody():
        answer = at(person).post("/units", typed("harlow-pd/12", "reed", "av"))
        may = person.login in {"dana", "sato", "ortiz", "frey"}
        assert (answer.status_code == 302) is may, person.login
    # Frey has his own center's board.
    assert set(UnitState.objects.values_list("center__key", flat=True)) == {"north", "south"}
    with pytest.raises(NotAllowed):
        keep(world, "harlow-pd/12", "reed", "av", person=world.vale)


def test_nobody_keeps_the_units_of_another_center(world: World) -> None:
    report = line(world, "harlow-pd/12", "reed", "av")

    with pytest.raises(NotFound):
        keep_by_hand(world.north, report, person=world.frey, now=NOW)
    assert not UnitState.objects.exists()


def test_a_feed_takes_over_a_unit_kept_by_hand_and_back(world: World) -> None:
    keep(world, "harlow-pd/12", "reed", "av")
    then = NOW + timedelta(seconds=5)
    take_message(a_source(world), a_message(a_row(now=then)), now=then)

    assert unit().source == "CAD"


# What is shown


def feed(world: World, *rows: dict[str, Any]) -> None:
    take_message(a_source(world), a_message(*rows), now=on_the_wall())


def test_a_unit_shows_who_is_in_it_what_it_does_and_how_old_that_is(world: World) -> None:
    feed(world, a_row(now=on_the_wall(), assignment={"call": "C-77", "type": "burglary"}))

    words = main_of(at(world.sato).get("/units"))

    for part in (
        "12",
        "Harlow Police",
        "reed",
        "available",
        "C-77",
        "burglary",
        "39.2000, -105.1000",
    ):
        assert part in words, part
    assert "CAD" in words
    assert "1 unit" in words


def test_a_stale_unit_is_shown_as_stale_never_as_well(world: World) -> None:
    ago = on_the_wall() - timedelta(minutes=30)
    take_message(a_source(world), a_message(a_row(now=ago)), now=ago)

    words = main_of(at(world.sato).get("/units"))

    assert "1 stale" in words
    assert "stale: what stands here was so 30:0" in words
    assert "silent: nothing of use since" in words
    assert "not safe" in words


def test_the_doubtful_and_the_stale_come_first_and_who_is_off_duty_last(world: World) -> None:
    now = on_the_wall()
    ago = now - timedelta(minutes=30)
    source = a_source(world)
    take_message(
        source,
        a_message(a_row("A-stale", now=ago), a_row("A-off", now=ago, status="off_duty")),
        now=ago,
    )
    rows = [
        a_row("B-well", now=now),
        a_row("C-doubt", now=now, crew=[]),
        a_row("D-help", now=now, status="emergency"),
    ]
    take_message(source, a_message(*rows), now=now)

    page = at(world.sato).get("/units").content.decode()

    signs = ["D-help", "C-doubt", "A-stale", "B-well", "A-off"]
    places = [page.index(f'data-unit="harlow-pd/{sign.upper()}"') for sign in signs]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"crew": []}, "nobody is aboard"),
        ({"position": {"lat": 0.0, "lon": 0.0}}, "without a fix"),
        ({"position": {"lat": -105.1, "lon": 39.2}}, "swapped"),
        ({"agency": "nowhere-pd"}, "Nobody here knows the agency"),
    ],
)
def test_a_doubt_is_a_sentence_on_the_page(world: World, row: dict[str, Any], word: str) -> None:
    feed(world, a_row(now=on_the_wall(), **row))

    words = main_of(at(world.sato).get("/units"))

    assert word in words
    assert "1 doubtful" in words


def test_a_clock_an_hour_off_is_a_sentence_on_the_page(world: World) -> None:
    feed(world, a_row(now=on_the_wall() - timedelta(hours=1)))

    assert "an hour behind ours; summer time?" in main_of(at(world.sato).get("/units"))


def test_the_filter_looks_in_every_word_of_a_row(world: World) -> None:
    now = on_the_wall()
    feed(world, a_row("12", now=now), a_row("14", now=now, crew=[{"person": "boone"}]))
    sato = at(world.sato)

    assert "1 of 2" in main_of(sato.get("/units?q=boone"))
    assert 'data-unit="harlow-pd/14"' in sato.get("/units?q=BOONE").content.decode()
    assert "No unit has all of these words." in main_of(sato.get("/units?q=boone+reed"))
    assert "<script>" not in sato.get("/units?q=%3Cscript%3E").content.decode()


def test_two_thousand_units_are_a_page_that_can_be_read(world: World) -> None:
    now = on_the_wall()
    feed(world, *(a_row(str(number), now=now) for number in range(2000)))
    sato = at(world.sato)

    with questions(20):
        page = sato.get("/units")

    assert page.content.decode().count("data-unit=") == 200
    assert "2000 units fit; the first 200 are shown" in main_of(page)


def test_units_are_seen_by_those_of_the_center_who_see_calls(world: World) -> None:
    feed(world, a_row(now=on_the_wall()))
    seen = {person.login: at(person).get("/units") for person in world.everybody()}

    allowed = {login for login, page in seen.items() if page.status_code == 200}
    assert allowed == {"dana", "sato", "ortiz", "vale", "frey"}
    assert "Harlow Police" not in main_of(seen["frey"])
    assert "hand-call_sign" not in seen["vale"].content.decode()


def test_a_page_of_units_hears_of_them_and_no_other_does(world: World) -> None:
    units, board, south = (
        Seat("", right_of(person), shows_list=False, shows_units=shows)
        for person, shows in ((world.dana, True), (world.dana, False), (world.frey, True))
    )
    for seat in (units, board, south):
        seat.tell("north units:north")
        seat.tell("north threat:T-1")

    assert units.changes == {"units:north", "threat:T-1"}
    assert board.changes == {"threat:T-1"}
    assert south.changes == {"elsewhere"}


def test_while_nothing_comes_the_pages_look_again_so_that_silence_shows(world: World) -> None:
    keep(world, "harlow-pd/12", "reed", "av")
    start = NOW.replace(second=0)

    told = [second for second in range(60) if announce_rest(now=start + timedelta(seconds=second))]

    assert known_units(world.north, now=NOW).version == 1
    assert told == [7, 8, *range(10, 60, 5)]
    assert log.CHANNEL == "tocsin"
