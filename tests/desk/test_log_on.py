"""The start of a shift: nobody is available before he has every live warning that concerns him."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.clock import on_the_wall
from tests.visiting import at, main_of
from tests.world import NOW, PASSWORD, World, a_threat, minutes, recipient_of, the_draft
from tocsin.desk.people.models import Duty, Person
from tocsin.desk.records.commands import acknowledgments, bulletins
from tocsin.desk.records.commands.accounts import make_key
from tocsin.desk.records.commands.drills import start_drill
from tocsin.desk.records.commands.duty import DutyHours, enter_duty
from tocsin.desk.records.commands.joining import stop_off_duty
from tocsin.desk.records.commands.log_on import ask_log_on, go_available
from tocsin.desk.records.models import Bulletin, Call, Entry, LogOn
from tocsin.errors import InputError, MissingReason, NotAllowed, OutOfTurn


@pytest.fixture
def released(world: World) -> Bulletin:
    """Released now by the clock on the wall: the pages have no other."""
    now = on_the_wall()
    return bulletins.release(the_draft(a_threat(world, now=now)), person=world.ortiz, now=now)


def logs_on(person: Person, *, unit: str = "") -> LogOn:
    return ask_log_on(person, unit=unit, how="console", now=on_the_wall())


def hours(**changes: Any) -> DutyHours:
    now = on_the_wall()
    facts: dict[str, Any] = {
        "is_on": True,
        "starts_at": now,
        "ends_at": now + timedelta(hours=4),
        "because": "called back",
    }
    return DutyHours(**(facts | changes))


def test_who_logs_on_outside_his_hours_meets_the_live_bulletin_at_once(
    world: World, released: Bulletin
) -> None:
    assert not released.recipients.filter(person=world.kim).exists()

    row = logs_on(world.kim, unit="H-22")

    assert row.waiting_for == [f"{released.number} v1"]
    assert recipient_of(released, world.kim).why == [
        "answers for Harlow",
        "came on duty, or was moved, after release",
    ]
    assert Duty.objects.get(person=world.kim).because == "logged on"
    world.kim.refresh_from_db()
    assert world.kim.unit == "H-22"


def test_nobody_is_available_while_a_live_bulletin_waits_for_him(
    world: World, released: Bulletin
) -> None:
    row = logs_on(world.reed)

    with pytest.raises(OutOfTurn, match=released.number) as refusal:
        go_available(row, person=world.reed, now=on_the_wall())

    assert "OFFICER SAFETY" in refusal.value.what
    row.refresh_from_db()
    assert row.available_at is None

    own = recipient_of(released, world.reed)
    acknowledgments.acknowledge(own, person=world.reed, now=on_the_wall())
    assert go_available(row, person=world.reed, now=on_the_wall()).available_at
    said = list(
        Entry.objects.filter(subject="person:reed").values_list("action", flat=True).order_by("at")
    )
    assert said == ["logged on", "available"]


def test_an_update_that_came_meanwhile_holds_him_again(world: World, released: Bulletin) -> None:
    own = recipient_of(released, world.reed)
    acknowledgments.acknowledge(own, person=world.reed, now=on_the_wall())
    row = logs_on(world.reed)
    assert row.waiting_for == []
    now = on_the_wall()
    draft = bulletins.start_update(released, person=world.dana, now=now)
    draft.content["change"] = "He also named the county."
    draft.save()
    second = bulletins.release(draft, person=world.ortiz, now=now)

    with pytest.raises(OutOfTurn, match=f"{second.number} v2"):
        go_available(row, person=world.reed, now=on_the_wall())


def test_only_he_himself_becomes_available_and_only_who_is_warned_logs_on(world: World) -> None:
    row = logs_on(world.reed)

    with pytest.raises(NotAllowed):
        go_available(row, person=world.ortiz, now=on_the_wall())
    with pytest.raises(NotAllowed):
        logs_on(world.adams)
    with pytest.raises(InputError, match="call sign"):
        logs_on(world.reed, unit="x" * 21)


def test_a_log_on_that_is_not_finished_is_gone_on_with(world: World, released: Bulletin) -> None:
    first, second = logs_on(world.reed), logs_on(world.reed, unit="H-9")

    assert first.pk == second.pk
    assert second.unit == "H-9"


def test_who_logs_on_shortly_before_his_shift_works_until_it_begins(world: World) -> None:
    world.kim.shifts.create(name="night", weekdays=list(range(7)), starts=time(22), ends=time(6))

    ask_log_on(world.kim, unit="", how="console", now=NOW)  # 21:05:06

    duty = Duty.objects.get(person=world.kim)
    assert duty.starts_at == NOW
    assert duty.ends_at.astimezone(NOW.tzinfo) == NOW.replace(hour=5, minute=0, second=0)


def test_who_logs_on_in_his_hours_needs_no_entry(world: World) -> None:
    logs_on(world.reed)

    assert not Duty.objects.exists()


def test_who_was_entered_as_sick_and_logs_on_all_the_same_works(world: World) -> None:
    enter_duty(world.reed, hours(is_on=False, because="sick"), by=world.sato, now=on_the_wall())

    logs_on(world.reed)

    assert Duty.objects.filter(person=world.reed).first().because == "logged on"  # type: ignore[union-attr]


def test_a_drill_is_shown_and_holds_nobody_back(world: World) -> None:
    now = on_the_wall()
    drill = start_drill(world.north, title="Night", case=None, person=world.sato, now=now)
    assert drill.threat
    draft = the_draft(drill.threat)
    draft.content["safety_line"] = "OFFICER SAFETY: practice"
    draft.save()
    bulletins.release(draft, person=world.sato, now=now)

    row = logs_on(world.reed)

    assert row.waiting_for == []
    assert go_available(row, person=world.reed, now=on_the_wall()).available_at
    assert "practice" in main_of(at(world.reed).get("/log-on"))


def test_the_page_shows_them_in_full_and_he_is_available_only_after_his_answer(
    world: World, released: Bulletin
) -> None:
    reed = at(world.reed)
    page = main_of(reed.get("/log-on"))
    assert "1 bulletin waits for your answer before you are available." in page
    assert "I will shoot any cop I find alone in [Harlow?] tonight" in page
    assert recipient_of(released, world.reed).seen_at

    refused = reed.post("/log-on", {"unit": "H-12"})
    assert refused.status_code == 409
    assert "Read each and press 'I have it'" in main_of(refused)

    answer = reed.post(f"/mine/{released.number}/1/have", {"then": "log-on"})
    assert answer["Location"] == "/log-on"
    assert reed.post("/log-on", {"unit": "H-12"})["Location"] == "/log-on"
    page = main_of(reed.get("/log-on"))
    assert "You are available as H-12 since" in page


def sign_in(person: Person, *, to: str = "/") -> str:
    answer = Client().post("/login", {"username": person.login, "password": PASSWORD, "next": to})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_at_the_sign_in_an_officer_is_led_to_what_waits_and_kept_from_no_page(
    world: World, released: Bulletin
) -> None:
    assert sign_in(world.reed) == "/log-on"
    assert sign_in(world.reed, to="/mine") == "/mine"
    assert sign_in(world.sato) == "/"
    assert at(world.reed).get("/mine").status_code == 200

    own = recipient_of(released, world.reed)
    acknowledgments.acknowledge(own, person=world.reed, now=on_the_wall())
    assert sign_in(world.reed) == "/"


@pytest.fixture
def cad(world: World) -> Client:
    secret = make_key("cad", world.north, actor="system:test", now=NOW)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def ask(cad: Client, **body: str) -> Any:
    return cad.post("/api/log-on", body, content_type="application/json")


def test_a_cad_asks_whether_a_unit_may_be_made_available(
    world: World, released: Bulletin, cad: Client
) -> None:
    answer = ask(cad, unit="U-reed")
    assert answer.status_code == 200
    told = answer.json()
    assert told["clear"] is False
    assert (told["person"], told["login"], told["unit"]) == ("Reed", "reed", "U-reed")
    waiting = told["waiting"][0]
    assert (waiting["number"], waiting["version"]) == (released.number, 1)
    assert "OFFICER SAFETY" in waiting["safety_line"]
    assert waiting["link"].endswith("/log-on")
    assert "/a/" not in answer.content.decode()

    own = recipient_of(released, world.reed)
    acknowledgments.acknowledge(own, person=world.reed, now=on_the_wall())
    assert cad.get("/api/log-on/U-reed").json()["clear"] is True
    assert LogOn.objects.get(person=world.reed).available_at is None
    assert ask(cad, login="reed", unit="H-4").json()["clear"] is True
    assert LogOn.objects.get(person=world.reed).available_at
    assert cad.get("/api/log-on/H-4").json()["login"] == "reed"


def test_a_late_joiner_s_first_question_has_the_bulletin_in_its_answer(
    world: World, released: Bulletin, cad: Client
) -> None:
    assert cad.get("/api/log-on/U-kim").json()["clear"] is True

    assert ask(cad, unit="U-kim").json()["clear"] is False


def test_a_unit_that_is_not_one_person_s_is_refused_clearly(world: World, cad: Client) -> None:
    Person.objects.filter(login__in=["reed", "kim"]).update(unit="H-1")

    nobody, two = ask(cad, unit="Q-99"), ask(cad, unit="h-1")
    assert nobody.status_code == 404
    assert "Nobody of Northside Communications has the call sign 'Q-99'." in nobody.json()["what"]
    assert two.status_code == 422
    assert two.json()["way_out"] == "Send the login instead."
    assert ask(cad).status_code == 422
    assert ask(cad, unit="x" * 21).status_code == 422
    assert ask(cad, unit="H-1", speed="9").status_code == 422
    assert ask(cad, login="frey").status_code == 404, "of another center"
    assert ask(cad, login="adams").status_code == 403
    assert Client().post("/api/log-on", {}, content_type="application/json").status_code == 401


def test_a_person_asks_for_himself_alone(world: World) -> None:
    assert at(world.reed).get("/api/log-on/U-reed").status_code == 200
    assert at(world.reed).get("/api/log-on/U-ortiz").status_code == 403


def test_who_is_called_back_is_told_at_once_and_who_is_sick_is_not_waited_for(
    world: World, released: Bulletin
) -> None:
    enter_duty(world.kim, hours(), by=world.sato, now=on_the_wall())
    assert recipient_of(released, world.kim).deliveries.count() == 0  # he has no address
    assert recipient_of(released, world.kim).rung_due_at

    sick = hours(is_on=False, because="sick")
    enter_duty(world.reed, sick, by=world.ortiz, now=on_the_wall())
    stop_off_duty(now=on_the_wall())
    assert recipient_of(released, world.reed).stopped_because == "off duty"
    entry = Entry.objects.filter(subject="person:reed", action="duty entered").get()
    assert entry.actor == "person:ortiz"
    assert entry.facts["works"] == "no"
    assert entry.facts["because"] == "sick"


def test_hours_that_cannot_be_are_refused(world: World) -> None:
    now = on_the_wall()
    for wrong in (
        {"ends_at": now - minutes(5), "starts_at": now - minutes(9)},
        {"ends_at": now - minutes(5)},
        {"ends_at": now + timedelta(days=40)},
    ):
        with pytest.raises(InputError):
            enter_duty(world.reed, hours(**wrong), by=world.sato, now=now)
    with pytest.raises(MissingReason):
        enter_duty(world.reed, hours(because=" "), by=world.sato, now=now)
    with pytest.raises(NotAllowed):
        enter_duty(world.frey, hours(), by=world.sato, now=now)
    with pytest.raises(NotAllowed):
        enter_duty(world.reed, hours(), by=world.dana, now=now)
    assert not Duty.objects.exists()


def test_the_page_of_who_works_enters_somebody_and_says_so(world: World) -> None:
    seen = {one.login: at(one).get("/duty").status_code for one in world.everybody()}
    assert {login for login, status in seen.items() if status == 200} == {"sato", "ortiz", "adams"}

    sato = at(world.sato)
    typed = {"person": "kim", "works": "yes", "ends_at": "2099-01-01T06:00", "because": "x"}
    refused = sato.post("/duty", typed)
    assert refused.status_code == 422
    assert "more than 31 days" in main_of(refused)
    nonsense = sato.post("/duty", typed | {"ends_at": "soon"})
    assert "'soon' is no date and time" in main_of(nonsense)

    until = on_the_wall() + timedelta(hours=3)
    typed |= {"ends_at": until.isoformat(), "because": "called back"}
    assert sato.post("/duty", typed).status_code == 302
    page = main_of(sato.get("/duty"))
    assert "works: called back" in page
    assert "Sato" in page
    assert sato.post("/duty", typed | {"person": "frey"}).status_code == 404


def test_no_log_on_takes_a_number_or_a_call(world: World, cad: Client) -> None:
    before = Call.objects.count()
    ask(cad, unit="U-reed")

    assert Call.objects.count() == before
