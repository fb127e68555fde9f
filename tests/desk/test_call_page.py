"""The page of a call: what was heard, what was read, and every doubt beside it."""

from dataclasses import replace

import pytest

from tests.visiting import at, call_data, main_of, questions
from tests.world import (
    NOW,
    SAID,
    World,
    a_call,
    a_hearing,
    a_statement,
    a_threat,
    a_wav,
    an_offer,
    chunks,
    hear,
    minutes,
)
from tocsin.desk.console.forms import NewCallForm
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands import arrivals, calls
from tocsin.desk.records.models import Arrival, Call, Entry
from tocsin.errors import OverBudget
from tocsin.listen import Indicator
from tocsin.read import Kind, Level, SpeechAct


def page_of(call: Call, person: Person) -> str:
    return main_of(at(person).get(f"/calls/{call.number}"))


def test_it_says_whose_threat_against_whom_where_when_and_on_which_condition(
    world: World,
) -> None:
    page = page_of(a_threat(world).calls.get(), world.dana)

    assert "The caller himself threatens." in page
    assert "Against whom any cop" in page
    assert "What he says he will do I will shoot" in page
    assert "On which condition alone" in page
    assert "Where in Harlow" in page
    assert "When tonight" in page
    assert "Not said: a weapon, in whose name, a reason." in page
    assert "A machine read this; it judges nothing." in page


def test_no_word_is_left_out_and_a_doubtful_one_is_marked(world: World) -> None:
    answer = at(world.dana).get(f"/calls/{a_threat(world).calls.get().number}")

    page, body = main_of(answer), answer.content.decode()
    for word in SAID.split():
        assert word in page
    assert "[Harlow?]" in page
    assert 'class="w doubtful in"' in body
    assert 'class="w sure in"' in body


def test_each_span_and_word_has_its_second(world: World) -> None:
    body = at(world.dana).get(f"/calls/{a_threat(world).calls.get().number}").content.decode()

    assert body.count('data-from="') > len(SAID.split())
    assert "<audio" in body
    assert "controls" in body
    assert 'preload="none"' in body


def test_a_waiting_call_says_that_it_fills_itself_in(world: World) -> None:
    assert "The recording is being heard." in page_of(a_call(world), world.dana)


def test_a_call_that_could_not_be_heard_says_why_and_what_to_do(world: World) -> None:
    call = a_call(world)
    calls.record_trouble(call, OverBudget("It took too long.", way_out="Cut it."), now=NOW)

    page = page_of(call, world.dana)
    assert "could not be heard by the machine. It took too long. Cut it." in page
    assert "Fetch the original" in page


def test_a_call_without_a_recording_shows_its_note(world: World) -> None:
    call = a_call(world, recording=None, note="HE WILL BE BACK WITH A GUN")
    read = a_statement("HE WILL BE BACK WITH A GUN", kind=Kind.NOTE, level=Level.NONE)
    calls.record_statement(call, read, call.note, hearing=None, now=NOW)

    page = page_of(call, world.dana)
    assert "came without a recording" in page
    assert "HE WILL BE BACK WITH A GUN" in page
    assert "Read in the call taker's note" in page


def test_silence_is_not_told_as_nothing_said(world: World) -> None:
    call = a_call(world)
    hear(call, heard=a_hearing(""))

    assert "That does not mean that none were said" in page_of(call, world.dana)


def test_an_indicator_is_a_measure_with_its_error_rate(world: World) -> None:
    one = Indicator(
        name="level_jump",
        sentence="The level jumps by 12 dB at 0:02.",
        start=2.0,
        end=2.1,
        error_rate="Wrong in 1 of 9 calls of the test set.",
    )
    call = a_call(world)
    hear(call, heard=replace(a_hearing(), indicators=(one,)))

    page = page_of(call, world.dana)
    assert "The level jumps by 12 dB" in page
    assert "Wrong in 1 of 9 calls" in page
    assert "Measures, not verdicts" in page


def test_a_location_is_never_shrunk_to_a_point(world: World) -> None:
    where = {"latitude": 39.214, "longitude": -105.098, "uncertainty_m": 420}
    call = a_call(world, call_data=call_data("911-555-0142", location=where))

    assert "somewhere within 420 m of 39.2140, -105.0980" in page_of(call, world.dana)


def test_a_location_without_uncertainty_says_so(world: World) -> None:
    where = {"latitude": 39.214, "longitude": -105.098}
    call = a_call(world, call_data=call_data("303-555-0148", location=where))

    assert "nobody says how near" in page_of(call, world.dana)


def test_other_calls_of_the_same_handset_are_named(world: World) -> None:
    first = a_call(world, call_data=call_data("911-555-0142"))
    second = a_call(
        world, call_data=call_data("911-555-0142"), recording=None, note="AGAIN, SAME VOICE"
    )

    assert f"Same handset: {first.number}" in page_of(second, world.dana)


def test_the_exhibit_is_shown_with_its_digests_and_every_arrival(world: World) -> None:
    call = a_call(world)
    a_call(world, source="api", now=NOW + minutes(1))

    page = page_of(call, world.dana)
    assert call.recording
    assert call.recording.sha256 in page
    assert call.recording.sha512 in page
    assert "became a call, from page" in page
    assert "was here already, from api" in page


def test_the_score_is_the_sum_of_weights_that_are_shown(world: World) -> None:
    page = page_of(a_threat(world).calls.get(), world.dana)

    assert "score +4.50" in page
    assert "I will shoot" in page
    assert "not how likely the deed is" in page


def test_looking_at_a_call_is_written_down_once_a_look(world: World) -> None:
    call = a_call(world)
    dana = at(world.dana)

    dana.get(f"/calls/{call.number}")
    dana.get(f"/calls/{call.number}", headers={"HX-Request": "true"})

    seen = Entry.objects.filter(action="viewed", subject=f"call:{call.number}")
    assert [entry.actor for entry in seen] == ["person:dana"]


def test_a_call_becomes_a_threat_by_a_person_s_word(world: World) -> None:
    call = a_call(world)
    dana = at(world.dana)
    assert "This is a threat: open it" in main_of(dana.get(f"/calls/{call.number}"))

    answer = dana.post(f"/calls/{call.number}/open")

    threat = call.threats.get()
    assert answer["Location"] == f"/threats/{threat.number}"
    assert (threat.opened_by, threat.taken_by) == (world.dana, world.dana)
    assert "This is a threat: open it" not in main_of(dana.get(f"/calls/{call.number}"))


def test_an_investigator_cannot_open_a_threat(world: World) -> None:
    call = a_call(world)

    assert "This is a threat" not in page_of(call, world.vale)
    assert at(world.vale).post(f"/calls/{call.number}/open").status_code == 403
    assert not call.threats.exists()


@pytest.mark.parametrize("act", list(SpeechAct))
def test_every_speech_act_has_its_words(world: World, act: SpeechAct) -> None:
    call = a_call(world)
    hear(call)
    read = a_statement(speech_act=act, level=Level.SUGGEST)
    calls.record_statement(call, read, SAID, hearing=call.hearings.get(), now=NOW)

    for path in ["/", f"/calls/{call.number}"]:
        assert act.value not in main_of(at(world.dana).get(path)) or "_" not in act.value


def test_a_long_call_asks_the_database_no_more_often(world: World) -> None:
    call = a_call(world)
    hear(call, heard=a_hearing(" ".join([SAID] * 60)))
    dana = at(world.dana)
    for number in range(5):
        recording, _ = arrivals.seal_upload(chunks(a_wav()))
        arrivals.receive(
            an_offer(world, recording=recording, name=f"{number}.wav"), now=NOW + minutes(number)
        )

    with questions(at_most=30):
        assert dana.get(f"/calls/{call.number}").status_code == 200
    assert Arrival.objects.count() == 6


def test_a_form_keeps_the_zone_of_the_center() -> None:
    form = NewCallForm({"started_at": "2026-03-01T21:04:05"}, zone="America/Denver")

    assert form.is_valid()
    assert form.cleaned_data["started_at"].isoformat() == "2026-03-01T21:04:05-07:00"
