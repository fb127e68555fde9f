"""A person corrects what the machine read: both stay, and the newest correction counts."""

import json
import stat
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.visiting import at, main_of
from tests.world import (
    NOW,
    SAID,
    World,
    a_call,
    a_hearing,
    a_statement,
    a_threat,
    a_wav,
    chunks,
    hear,
    minutes,
    the_draft,
)
from tocsin.cli import main
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands import arrivals, calls
from tocsin.desk.records.commands.corrections import correct, export_corrections
from tocsin.desk.records.correcting import (
    LONGEST_REASON,
    LONGEST_WORDS,
    Amendment,
    Mark,
    cut_up,
    find_mark,
    labels_from,
    machine_labels,
    marks_of,
    places_of,
)
from tocsin.desk.records.models import Call, Correction, Entry, Statement, Threat
from tocsin.desk.records.values import statement_from
from tocsin.desk.records.verification import verify
from tocsin.errors import Error, InputError, MissingReason, NotAllowed, OutOfTurn, Tampered
from tocsin.read import Field, Form, Kind, Level, Span, SpeechAct

MAY_CORRECT = {"dana", "sato", "ortiz", "vale"}
BECAUSE = "He reads it out from a film."


@pytest.fixture
def threat(world: World) -> Threat:
    return a_threat(world)


@pytest.fixture
def statement(threat: Threat) -> Statement:
    return Statement.objects.get()


def an_amendment(*marks: Mark, **changes: Any) -> Amendment:
    facts: dict[str, Any] = {
        "speech_act": SpeechAct.QUOTE_MEDIA,
        "form": Form.NONE,
        "targets_police": True,
        "marks": marks or (Mark(field=Field.HARM, words="I will shoot"),),
    }
    return Amendment(**(facts | changes))


def corrects(
    statement: Statement,
    person: Person,
    *marks: Mark,
    seen: int = 0,
    after: float = 5,
    reason: str = BECAUSE,
    **changes: Any,
) -> Correction:
    now = NOW + minutes(after)
    amendment = an_amendment(*marks, **changes)
    return correct(statement, amendment, seen=seen, reason=reason, person=person, now=now)


def the_form(statement: Statement, **changes: str) -> dict[str, str]:
    """The form of the machine's reading as its page shows it, every row as it stands."""
    read = statement_from(statement.body)
    sent = {
        "seen": "0",
        "speech_act": read.speech_act.value,
        "form": read.form.value,
        "targets_police": "on",
        "reason": BECAUSE,
        "then": "keep",
    }
    for number, span in enumerate(read.spans, start=1):
        sent |= {
            f"span-{number}-field": span.field.value,
            f"span-{number}-words": span.text,
            f"span-{number}-which": "",
            f"span-{number}-at": str(span.start),
        }
    return {name: value for name, value in (sent | changes).items() if value != "(off)"}


def form_at(statement: Statement) -> str:
    return f"/calls/{statement.call.number}/readings/{statement.version}/correct"


def send(statement: Statement, person: Person, **changes: str) -> Any:
    return at(person).post(form_at(statement), the_form(statement, **changes))


def page_of(call: Call, person: Person) -> str:
    return main_of(at(person).get(f"/calls/{call.number}"))


def exported() -> list[dict[str, Any]]:
    file = BytesIO()
    export_corrections(file, actor="system:command", now=NOW)
    return [json.loads(line) for line in file.getvalue().splitlines()]


# Words in a text


def test_words_are_found_whatever_their_capitals_gaps_and_apostrophes() -> None:
    text = "HE SAID I’LL   SHOOT\nTHE COPS"

    assert [text[a:b] for a, b in places_of("i'll shoot the", text)] == ["I’LL   SHOOT\nTHE"]


def test_whole_words_count_before_parts_of_words() -> None:
    text = "the cop, a copper and another cop"

    assert [start for start, _ in places_of("cop", text)] == [4, 30]
    assert [start for start, _ in places_of("oppe", text)] == [12]
    assert places_of("  ", text) == ()
    assert places_of(".*", text) == ()


def test_where_words_stand_several_times_he_says_which() -> None:
    text = "the cop, a copper and another cop"

    assert find_mark(Mark(field=Field.TARGET, words="cop", which=2), text) == (30, 33)
    assert find_mark(Mark(field=Field.TARGET, words="cop", at=30), text) == (30, 33)
    assert find_mark(Mark(field=Field.TARGET, words="cop", at=30, which=1), text) == (4, 7)
    for mark, said in [
        (Mark(field=Field.TARGET, words="cop"), "“cop” stands 2 times in the text. Say which"),
        (Mark(field=Field.TARGET, words="cop", which=3), "there is no number 3"),
        (Mark(field=Field.TARGET, words="cop", at=9), "stands 2 times"),
        (Mark(field=Field.TARGET, words="sheriff", at=999_999), "does not stand in the text"),
        (Mark(field=Field.TARGET, words=" "), "There are no words"),
        (Mark(field=Field.TARGET, words="x" * (LONGEST_WORDS + 1)), "longer than"),
    ]:
        with pytest.raises(InputError) as refusal:
            find_mark(mark, text)
        assert said in refusal.value.for_person()


@given(text=st.text(min_size=1, max_size=60), ends=st.tuples(st.integers(0), st.integers(0)))
def test_any_stretch_of_a_text_can_be_named_by_its_words_and_place(
    text: str, ends: tuple[int, int]
) -> None:
    start, end = sorted(one % (len(text) + 1) for one in ends)
    words = text[start:end]
    lead = len(words) - len(words.lstrip())
    if not words.strip():
        return

    found = find_mark(Mark(field=Field.HARM, words=words, at=start + lead), text)

    assert text[slice(*found)].casefold().split() == words.casefold().split()
    assert found[0] == start + lead


@given(
    text=st.text(max_size=40),
    ends=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6),
)
def test_a_text_in_pieces_is_the_whole_text(text: str, ends: list[tuple[int, int]]) -> None:
    field = count()
    spans = [
        Span(field=list(Field)[next(field)], start=a, end=b, text=text[a:b])
        for a, b in (sorted(min(end, len(text)) for end in pair) for pair in ends)
        if a < b
    ]

    pieces = cut_up(text, spans)

    assert "".join(piece for piece, _ in pieces) == text
    at_character = [fields for piece, fields in pieces for _ in piece]
    for number, fields in enumerate(at_character):
        assert set(fields) == {one.field for one in spans if one.start <= number < one.end}


# The command


def test_a_correction_is_a_version_beside_the_machine_s_with_its_author(
    world: World, statement: Statement
) -> None:
    before = Statement.objects.values().get()

    row = corrects(statement, world.vale)

    assert (row.version, row.person, row.corrected_at) == (1, world.vale, NOW + minutes(5))
    assert (row.reason, row.roles) == (BECAUSE, ["investigator"])
    labels = labels_from(row.body)
    assert (labels.speech_act, labels.form) == (SpeechAct.QUOTE_MEDIA, Form.NONE)
    assert [(span.field, span.text) for span in labels.spans] == [(Field.HARM, "I will shoot")]
    assert Statement.objects.values().get() == before


def test_the_entry_in_the_log_holds_no_word_of_the_call_and_none_of_the_reason(
    world: World, statement: Statement
) -> None:
    row = corrects(statement, world.vale, Mark(field=Field.TARGET, words="any cop"))

    entry = Entry.objects.get(action="reading corrected")
    assert (entry.actor, entry.subject) == ("person:vale", f"call:{statement.call.number}")
    assert entry.facts == {
        "statement": 1,
        "version": 1,
        "speech_act": "quote_media",
        "form": "none",
        "spans": 1,
        "correction_sha256": row.digest,
    }
    told = json.dumps(entry.facts)
    assert "cop" not in told
    assert "film" not in told


def test_a_span_that_stays_keeps_its_fixed_form_and_a_new_one_gets_its_seconds(
    world: World, statement: Statement
) -> None:
    row = corrects(
        statement,
        world.vale,
        Mark(field=Field.PLACE, words="in Harlow"),
        Mark(field=Field.TARGET, words="cop I"),
        Mark(field=Field.TARGET, words="cop  i"),
    )

    target, place = labels_from(row.body).spans
    assert (place.normalised, place.rule) == ("area:harlow", "scripted")
    assert (target.text, target.rule, target.normalised) == ("cop I", "person", "")
    words = a_hearing().words
    assert (target.start_at, target.end_at) == (words[4].start, words[5].end)


def test_only_those_who_may_correct_and_nothing_is_left_of_a_refusal(
    world: World, statement: Statement
) -> None:
    for person in (world.reed, world.adams):
        with pytest.raises(NotAllowed):
            corrects(statement, person)
    world.sato.is_active = False
    with pytest.raises(NotAllowed):
        corrects(statement, world.sato)

    refusals: list[tuple[type[Error], dict[str, Any]]] = [
        (MissingReason, {"reason": " \n"}),
        (InputError, {"reason": "x" * (LONGEST_REASON + 1)}),
        (InputError, {"reason": "a\0b"}),
        (InputError, {"speech_act": SpeechAct.OWN_THREAT, "form": Form.NONE}),
        (OutOfTurn, {"seen": 1}),
    ]
    for kind, changes in refusals:
        with pytest.raises(kind):
            corrects(statement, world.vale, **changes)
    with pytest.raises(InputError, match="Nothing was corrected"):
        read = statement_from(statement.body)
        same = machine_labels(read)
        corrects(
            statement,
            world.vale,
            *marks_of(same.spans),
            speech_act=same.speech_act,
            form=same.form,
            targets_police=same.targets_police,
        )

    assert not Correction.objects.exists()
    assert not Entry.objects.filter(action="reading corrected").exists()


def test_a_form_is_left_out_where_it_is_no_threat_of_the_caller(
    world: World, statement: Statement
) -> None:
    row = corrects(statement, world.vale, form=Form.DIRECT)

    assert labels_from(row.body).form is Form.NONE


def test_several_corrections_are_several_versions(world: World, statement: Statement) -> None:
    corrects(statement, world.vale)
    corrects(statement, world.ortiz, seen=1, speech_act=SpeechAct.HYPERBOLE, after=9)

    found = [(row.version, row.person.login) for row in statement.corrections.all()]
    assert found == [(1, "vale"), (2, "ortiz")]


def test_a_correction_made_from_an_older_version_is_refused(
    world: World, statement: Statement
) -> None:
    corrects(statement, world.vale)

    with pytest.raises(OutOfTurn) as refusal:
        corrects(statement, world.ortiz, speech_act=SpeechAct.HYPERBOLE)

    assert "Vale corrected this reading while this page was open" in refusal.value.for_person()
    assert "version 1 counts now, and yours was made from the machine's reading" in (
        refusal.value.for_person()
    )
    assert Correction.objects.count() == 1


def test_a_reading_that_another_has_followed_is_corrected_no_more(
    world: World, statement: Statement
) -> None:
    hear(statement.call, heard=a_hearing(f"{SAID} again"), now=NOW + minutes(1))

    with pytest.raises(OutOfTurn, match="heard or read anew"):
        corrects(statement, world.vale)
    page = main_of(at(world.vale).get(form_at(statement)))
    assert "this is no longer the reading that counts" in page


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE records_correction SET version = 7",
        "DELETE FROM records_correction",
        "TRUNCATE records_correction",
    ],
)
def test_a_correction_can_be_followed_but_not_changed(
    world: World, statement: Statement, deed: str
) -> None:
    corrects(statement, world.vale)

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing is left pending in this test
        cursor.execute(deed)

    assert Correction.objects.get().version == 1


def test_verifying_finds_a_correction_that_was_changed_behind_the_guard(
    world: World, statement: Statement
) -> None:
    row = corrects(statement, world.vale)
    assert verify().readings == 3

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE records_correction DISABLE TRIGGER correction_is_append_only")
        Correction.objects.filter(pk=row.pk).update(body={**row.body, "reason": "Another."})
        cursor.execute("ALTER TABLE records_correction ENABLE TRIGGER correction_is_append_only")

    with pytest.raises(Tampered, match="correction 1 was changed"):
        verify()


def test_a_bulletin_that_was_drafted_stays_as_it_is(world: World, threat: Threat) -> None:
    before = the_draft(threat).content

    corrects(Statement.objects.get(), world.vale, speech_act=SpeechAct.HYPERBOLE)

    assert the_draft(threat).content == before
    threat.refresh_from_db()
    assert threat.state == Threat.State.OPEN


# The call's page


def test_the_page_shows_the_corrected_in_front_and_the_machine_s_below(
    world: World, statement: Statement
) -> None:
    corrects(
        statement,
        world.vale,
        Mark(field=Field.HARM, words="I will shoot"),
        Mark(field=Field.TIME, words="find alone"),
        targets_police=False,
    )

    page = page_of(statement.call, world.dana)

    front, _, machine = page.partition("What the machine read")
    assert "Corrected by Vale at" in front
    assert f": {BECAUSE}" in front
    assert "changed The caller quotes a song, a film, a game or the news." in front
    assert "The caller himself threatens." not in front
    assert "changed Not aimed at police" in front
    assert "When added find alone" in front
    assert "removed any cop (against whom)" in front
    assert "The caller himself threatens. It is put directly." in machine
    assert "Against whom removed any cop" in machine
    assert "score +4.50" in machine
    assert "A machine read this; it judges nothing." in machine
    assert "a correction changes no threat and no bulletin" in front


def test_the_newest_correction_counts_and_the_others_stay_to_be_read(
    world: World, statement: Statement
) -> None:
    corrects(statement, world.vale)
    corrects(statement, world.ortiz, seen=1, speech_act=SpeechAct.HYPERBOLE, after=9)

    page = page_of(statement.call, world.dana)

    assert page.index("Corrected by Ortiz") < page.index("What the machine read")
    assert page.index("What the machine read") < page.index("Corrected by Vale")
    assert "Corrected before: 1 version Version 1" in page
    assert "Correct it again" in page


def test_the_words_that_were_heard_are_marked_as_corrected(
    world: World, statement: Statement
) -> None:
    corrects(statement, world.vale, Mark(field=Field.TIME, words="find"))

    body = at(world.dana).get(f"/calls/{statement.call.number}").content.decode()

    assert 'title="0:02.4, 97%, when">find<' in body
    assert ">I</span>" in body
    assert "what he says he will do" not in body.partition('id="transcript"')[2]


def test_the_story_of_a_threat_says_that_a_reading_was_corrected(
    world: World, threat: Threat
) -> None:
    corrects(Statement.objects.get(), world.vale)

    page = main_of(at(world.ortiz).get(f"/threats/{threat.number}"))
    assert f"Vale corrected what was read in {threat.calls.get().number}" in page


# The form


def test_the_form_is_for_those_who_see_the_call(world: World, statement: Statement) -> None:
    seen = {one.login: at(one).get(form_at(statement)).status_code for one in world.everybody()}

    assert {login for login, status in seen.items() if status == 200} == MAY_CORRECT
    assert set(seen.values()) == {200, 404}
    assert at(None).get(form_at(statement))["Location"].startswith("/login")
    assert at(world.frey).post(form_at(statement), the_form(statement)).status_code == 404
    assert at(world.dana).get(f"/calls/{statement.call.number}/readings/9/correct").status_code == (
        404
    )
    assert "Correct this reading" in page_of(statement.call, world.vale)


def test_the_form_holds_the_machine_s_reading_row_by_row(
    world: World, statement: Statement
) -> None:
    answer = at(world.dana).get(form_at(statement))

    body, page = answer.content.decode(), main_of(answer)
    assert SAID in page
    assert body.count('class="markrow"') == 8
    assert 'name="span-1-words" value="I will shoot"' in body
    assert '<option value="own_threat" selected>' in body
    assert '<option value="direct" selected>' in body
    assert 'id="targets_police" checked' in body
    assert " style=" not in body
    assert Entry.objects.filter(action="viewed", actor="person:dana").exists()


def test_a_reading_is_corrected_on_the_page(world: World, statement: Statement) -> None:
    dana = at(world.dana)
    changes = {
        "speech_act": "third_party_report",
        "targets_police": "(off)",
        "span-2-field": "group",
        "span-3-remove": "on",
        "span-6-field": "attribution",
        "span-6-words": "find alone",
    }

    answer = dana.post(form_at(statement), the_form(statement, **changes))

    assert answer["Location"] == f"/calls/{statement.call.number}"
    labels = labels_from(Correction.objects.get().body)
    assert labels.speech_act is SpeechAct.THIRD_PARTY_REPORT
    assert (labels.form, labels.targets_police) == (Form.NONE, False)
    assert {(span.field, span.text) for span in labels.spans} == {
        (Field.HARM, "I will shoot"),
        (Field.GROUP, "any cop"),
        (Field.PLACE, "in Harlow"),
        (Field.TIME, "tonight"),
        (Field.ATTRIBUTION, "find alone"),
    }
    page = main_of(dana.get(answer["Location"]))
    assert "Your correction counts now, as version 1 under your name." in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "The correction has no reason."),
        ({"reason": "x" * 1001}, "at most 1000 characters"),
        ({"reason": "a\x00b"}, "Null characters"),
        ({"speech_act": "sermon"}, "sermon"),
        ({"form": "none"}, "An own threat has a form."),
        ({}, "Nothing was corrected"),
        ({"seen": "many"}, "whole number"),
        ({"seen": "-1"}, "greater than or equal to 0"),
        ({"span-2-words": ""}, "Row 2: There are no words."),
        ({"span-2-words": "a sheriff"}, "Row 2: “a sheriff” does not stand in the text."),
        ({"span-2-field": "weather"}, "Row 2: It was not chosen what these words say."),
        ({"span-9-field": "", "span-9-words": "any cop"}, "Row 9: It was not chosen"),
        ({"span-1-which": "two"}, "Row 1: Which one is meant is a number"),
        ({"span-2-words": "x" * 501}, "Row 2: The words are longer than 500 characters."),
        ({"span-2-words": "a\x00b"}, "does not stand in the text"),
    ],
)
def test_what_is_refused_says_why_and_is_not_lost(
    world: World, statement: Statement, changes: dict[str, str], words: str
) -> None:
    changes = {"span-4-words": "Harlow", **changes} if changes else {}

    answer = send(statement, world.dana, **changes)

    assert answer.status_code == 422
    assert words in main_of(answer)
    assert "The correction was not kept" in main_of(answer)
    if changes:
        assert 'name="span-4-words" value="Harlow"' in answer.content.decode()
    assert not Correction.objects.exists()


def test_words_that_stand_several_times_are_offered_with_what_is_around_them(
    world: World,
) -> None:
    text = "TELL THE COP AT THE DOOR, I WILL GET THE COP TONIGHT"
    call = a_call(world, recording=None, note=text)
    read = a_statement(text, kind=Kind.NOTE, level=Level.NONE)
    calls.record_statement(call, read, text, hearing=None, now=NOW)
    statement = Statement.objects.get()
    row = {"span-1-field": "target", "span-1-words": "the cop"}

    refused = send(statement, world.dana, **row)

    assert "“the cop” stands 2 times in the text. Say which one is meant" in main_of(refused)
    assert "I WILL GET THE COP TONIGHT" in main_of(refused).partition("stands 2 times")[2]
    assert send(statement, world.dana, **row, **{"span-1-which": "2"}).status_code == 302
    [span] = labels_from(Correction.objects.get().body).spans
    assert (span.start, span.text, span.start_at) == (37, "THE COP", None)
    assert "number 2 of several" in main_of(at(world.dana).get(form_at(statement)))


def test_a_page_that_was_overtaken_loses_nothing_and_may_follow(
    world: World, statement: Statement
) -> None:
    corrects(statement, world.vale)
    changes = {"speech_act": "hyperbole", "span-6-field": "means", "span-6-words": "shoot"}

    # Another mistake in the same form does not hide that somebody was first.
    unready = send(statement, world.dana, **changes, reason="")
    assert '<input type="hidden" name="seen" value="0">' in unready.content.decode()
    refused = send(statement, world.dana, **changes)

    body, page = refused.content.decode(), main_of(refused)
    assert refused.status_code == 409
    assert "Vale corrected this reading while this page was open" in page
    assert 'name="span-6-words" value="shoot"' in body
    assert '<option value="hyperbole" selected>' in body
    assert BECAUSE in page
    assert '<input type="hidden" name="seen" value="1">' in body
    assert send(statement, world.dana, **changes, seen="1").status_code == 302
    assert [row.person.login for row in statement.corrections.all()] == ["vale", "dana"]


def test_more_rows_come_at_a_press_and_nothing_is_kept_or_lost(
    world: World, statement: Statement
) -> None:
    answer = send(
        statement, world.dana, then="rows", reason="half a sent", **{"span-2-words": "cop"}
    )

    body = answer.content.decode()
    assert answer.status_code == 200
    assert body.count('class="markrow"') == 8
    assert 'name="span-2-words" value="cop"' in body
    assert ">half a sent</textarea>" in body
    assert not Correction.objects.exists()


def test_a_form_of_too_many_rows_is_refused(world: World, statement: Statement) -> None:
    rows = {f"span-{number}-field": "" for number in range(1, 200)}

    assert send(statement, world.dana, **rows).status_code == 422


def test_spans_that_no_row_shows_stay_as_they_are(world: World) -> None:
    text = " ".join(f"word{number}" for number in range(130))
    spans = [
        Span(field=Field.TIME, start=start, end=end, text=text[start:end])
        for number in range(130)
        for start, end in places_of(f"word{number}", text)
    ]
    call = a_call(world, recording=None, note=text)
    read = a_statement(text, kind=Kind.NOTE, level=Level.NONE, spans=tuple(spans))
    calls.record_statement(call, read, text, hearing=None, now=NOW)
    statement = Statement.objects.get()
    shown = the_form(statement, **{"span-1-remove": "on"})
    shown = {
        name: value
        for name, value in shown.items()
        if not name.startswith("span-") or int(name.split("-")[1]) <= 100
    }

    page = main_of(at(world.dana).get(form_at(statement)))
    assert at(world.dana).post(form_at(statement), shown).status_code == 302

    assert "30 more spans behind these stay as they are" in page
    assert len(labels_from(Correction.objects.get().body).spans) == 129


# The export


def test_the_export_holds_what_training_needs_and_no_name(
    world: World, statement: Statement
) -> None:
    corrects(statement, world.vale, Mark(field=Field.TARGET, words="any cop"))
    corrects(statement, world.ortiz, seen=1, speech_act=SpeechAct.HYPERBOLE, after=9)

    first, second = exported()

    number = statement.call.number
    assert first == {
        "id": f"{number}.1.1",
        "kind": "asr",
        "text": SAID,
        "speech_act": "quote_media",
        "form": "none",
        "targets_police": True,
        "spans": [{"field": "target", "start": 13, "end": 20, "text": "any cop"}],
        "corrected_by": "investigator",
        "at": "2026-03-02T04:10:06+00:00",
        "version": 1,
        "is_newest": False,
        "exercise": False,
        "machine": first["machine"],
    }
    assert (second["id"], second["is_newest"]) == (f"{number}.1.2", True)
    assert second["corrected_by"] == "watch_commander"
    machine = first["machine"]
    assert (machine["speech_act"], machine["form"]) == ("own_threat", "direct")
    assert (machine["targets_police"], machine["level"], machine["score"]) == (True, "flag", 4.5)
    assert len(machine["spans"]) == 5
    for line in (first, second):
        for span in (*line["spans"], *line["machine"]["spans"]):
            assert line["text"][span["start"] : span["end"]] == span["text"]
        assert "vale" not in json.dumps(line).casefold()
        assert BECAUSE not in json.dumps(line)


def test_the_export_is_an_entry_in_the_log_of_each_center(
    world: World, statement: Statement
) -> None:
    corrects(statement, world.vale)
    file = BytesIO()

    done = export_corrections(file, actor="system:command", now=NOW)

    entry = Entry.objects.get(action="corrections exported")
    assert (entry.chain, entry.subject) == ("north", "agency:north")
    assert entry.facts == {"corrections": 1, "file_sha256": done.sha256}
    assert (done.corrections, done.exercises) == (1, 0)


def test_exercises_are_marked_in_the_export(world: World) -> None:
    for number, source in enumerate(["page", "demo"]):
        recording, _ = arrivals.seal_upload(chunks(a_wav(number=number + 3)))
        a_threat(world, source=source, recording=recording)
    for row in Statement.objects.order_by("pk"):
        corrects(row, world.vale)

    assert [line["exercise"] for line in exported()] == [False, True]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command in this process, over the database of the test."""
    monkeypatch.setenv("TOCSIN_DATABASE_URL", settings.TOCSIN_STORE)  # named: none is started

    def invoke(*arguments: str) -> Any:
        return CliRunner().invoke(main, ["corrections", *arguments])

    return invoke


def test_the_command_writes_a_file_that_only_its_owner_reads(
    world: World, statement: Statement, run: Any, tmp_path: Path
) -> None:
    corrects(statement, world.vale)
    file = tmp_path / "corrections.jsonl"

    done = run(str(file))

    assert done.exit_code == 0, done.output
    assert "1 correction, 0 of them of exercises" in done.output
    assert "evidence and personal data" in done.output
    assert json.loads(file.read_text())["text"] == SAID
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["corrections.jsonl"]


def test_without_a_correction_no_file_is_written(world: World, run: Any, tmp_path: Path) -> None:
    done = run(str(tmp_path / "corrections.jsonl"))

    assert done.exit_code == 2
    assert "Nobody has corrected a reading yet" in done.output
    assert not list(tmp_path.iterdir())


def test_the_command_replaces_no_file_and_names_one_it_cannot_write(
    world: World, statement: Statement, run: Any, tmp_path: Path
) -> None:
    corrects(statement, world.vale)
    there = tmp_path / "there.jsonl"
    there.write_text("mine")

    for file, words in [(there, "is there already"), (tmp_path / "no" / "x", "cannot be written")]:
        done = run(str(file))
        assert done.exit_code == 2
        assert words in done.output
    assert there.read_text() == "mine"
    assert not Entry.objects.filter(action="corrections exported").exists()
