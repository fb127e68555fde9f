"""Which words say what: each field in each kind of text, times and places in a fixed form."""

from datetime import UTC, datetime

import pytest

from tocsin.listen.hearing import Word
from tocsin.read import Field, Gazetteer, Kind, Place, PlaceKind, Span, read

ASR, TRANSCRIPT, NOTE = Kind.ASR, Kind.TRANSCRIPT, Kind.NOTE
STARTED_AT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # a Monday

MARKED = [
    (Field.HARM, ASR, "i'm gonna shoot that deputy tonight", "i'm gonna shoot"),
    (Field.HARM, TRANSCRIPT, "I'll bash the clerk's head in.", "I'll bash the clerk's head in"),
    (Field.HARM, NOTE, "CLR STS HE WILL STAB HIS BOSS.", "HE WILL STAB"),
    (Field.TARGET, ASR, "i'm gonna shoot that deputy tonight", "that deputy"),
    (Field.TARGET, TRANSCRIPT, "My landlord lied to me. I will kill him.", "My landlord"),
    (Field.TARGET, NOTE, "CLR STS HE WILL STAB HIS BOSS.", "HIS BOSS"),
    (Field.CONDITION, ASR, "i'm gonna shoot any cop i catch off duty", "off duty"),
    (Field.CONDITION, TRANSCRIPT, "If you come here, I will shoot you.", "If you come here"),
    (Field.CONDITION, NOTE, "MALE STS HE WILL SHOOT OFCRS IF PD COMES BACK.", "IF PD COMES BACK"),
    (Field.PLACE, ASR, "i'm gonna shoot him at the gas station", "at the gas station"),
    (Field.PLACE, TRANSCRIPT, "I will kill him on Hill Street.", "on Hill Street"),
    (Field.PLACE, NOTE, "CLR STS HE WILL SHOOT HIS BOSS IN THE LOBBY.", "IN THE LOBBY"),
    (Field.TIME, ASR, "i'm gonna shoot him tomorrow morning", "tomorrow morning"),
    (
        Field.TIME,
        TRANSCRIPT,
        "I will kill him when he comes out for his smoke.",
        "when he comes out",
    ),
    (Field.TIME, NOTE, "CLR STS BOMB WILL GO OFF AT 1500.", "AT 1500"),
    (Field.MEANS, ASR, "i got a rifle and i'm gonna shoot him", "a rifle"),
    (Field.MEANS, TRANSCRIPT, "I'm going to kill him with this hammer.", "this hammer"),
    (Field.MEANS, NOTE, "CLR STS HE WILL STAB HIS BOSS. HAS KNIFE.", "KNIFE"),
    (Field.GRIEVANCE, ASR, "they took my kids so i'm gonna shoot them", "they took my kids"),
    (Field.GRIEVANCE, TRANSCRIPT, "I'll kill him for what he did to my sister.", "for what he did"),
    (
        Field.GRIEVANCE,
        NOTE,
        "CLR STS HE WILL KILL OFCR. STS OFCR TOOK HIS TRUCK.",
        "TOOK HIS TRUCK",
    ),
    (Field.GROUP, ASR, "me and my brothers are gonna burn that precinct", "me and my brothers"),
    (Field.GROUP, TRANSCRIPT, "There are forty of us. We will kill them.", "forty of us"),
    (Field.COMMITMENT, ASR, "i'm gonna shoot him i swear to god", "i swear to god"),
    (Field.COMMITMENT, TRANSCRIPT, "I will kill him. I mean every word.", "I mean every word"),
    (Field.COMMITMENT, NOTE, 'CLR STS HE WILL STAB HIM. STS "THIS IS NOT A JOKE."', "NOT A JOKE"),
    (Field.ATTRIBUTION, ASR, "my ex said he's gonna kill me tonight", "ex said"),
    (Field.RETRACTION, TRANSCRIPT, "I will kill him. No, I take it back.", "I take it back"),
]


@pytest.mark.parametrize(("field", "kind", "text", "words"), MARKED)
def test_the_words_that_say_it_are_marked(field: Field, kind: Kind, text: str, words: str) -> None:
    start = text.index(words)
    marked = read(text, kind=kind).of(field)
    assert any(span.start < start + len(words) and start < span.end for span in marked)
    assert field not in read(text, kind=kind).not_said


def test_fields_of_which_nothing_is_said_are_listed() -> None:
    statement = read("i'm gonna shoot that deputy", kind=ASR)
    assert Field.TIME in statement.not_said
    assert Field.MEANS in statement.not_said
    assert Field.HARM not in statement.not_said
    assert set(read("", kind=ASR).not_said) == set(Field) - {Field.ATTRIBUTION, Field.RETRACTION}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("i'm gonna shoot him tonight at nine", "2026-03-02T21:00:00+00:00"),
        ("i'm gonna shoot him tomorrow at 3 pm", "2026-03-03T15:00:00+00:00"),
        ("i'm gonna shoot him thursday at noon", "2026-03-05T12:00:00+00:00"),
        ("i'm gonna shoot him in ten minutes", "2026-03-02T17:10:00+00:00"),
        ("i'm gonna shoot him in half an hour", "2026-03-02T17:30:00+00:00"),
    ],
)
def test_a_time_without_doubt_is_put_in_a_fixed_form(text: str, moment: str) -> None:
    assert _times(text, STARTED_AT) == [moment]


@pytest.mark.parametrize(
    "text",
    [
        "i'm gonna shoot him tonight",
        "i'm gonna shoot him at nine",
        "i'm gonna shoot him monday at noon",
        "i'm gonna shoot him in a few minutes",
        "i'm gonna shoot him when he gets home",
    ],
)
def test_a_doubtful_time_is_left_as_it_was_said(text: str) -> None:
    assert set(_times(text, STARTED_AT)) == {""}


def test_without_the_call_s_start_no_time_is_fixed() -> None:
    assert _times("i'm gonna shoot him tonight at nine", None) == [""]
    assert _times("i'm gonna shoot him tonight at nine", datetime(2026, 3, 2)) == [""]  # noqa: DTZ001


def _times(text: str, started_at: datetime | None) -> list[str]:
    return [span.normalised for span in read(text, kind=ASR, started_at=started_at).of(Field.TIME)]


COUNTY = Gazetteer(
    places=(
        Place(key="area:harlow", kind=PlaceKind.AREA, names=("Harlow",)),
        Place(key="area:okay", kind=PlaceKind.AREA, names=("Okay",)),
        Place(
            key="area:saint-brendan", kind=PlaceKind.AREA, names=("Saint Brendan", "St. Brendan")
        ),
        Place(key="agency:harlow-pd", kind=PlaceKind.AGENCY, names=("Harlow Police",)),
    )
)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("i'm gonna shoot a cop in harlow tonight", ["area:harlow"]),
        ("i'm gonna shoot a cop in harlowe", ["area:harlow"]),
        ("i'm gonna shoot a cop at saint brendan tonight", ["area:saint-brendan"]),
        ("i'm gonna shoot cops in harlow and saint brendan", ["area:harlow", "area:saint-brendan"]),
        ("i'm gonna bomb the harlow police tonight", ["agency:harlow-pd"]),
        ("okay i'm gonna shoot a cop okay", []),
    ],
)
def test_the_center_s_own_names_are_known_in_a_recogniser_s_spelling(
    text: str, keys: list[str]
) -> None:
    statement = read(text, kind=ASR, gazetteer=COUNTY)
    named = [key for span in statement.spans for key in span.normalised.split() if ":" in key]
    assert named == keys


def test_spans_have_the_seconds_of_their_words() -> None:
    text = "i'm gonna shoot him tonight"
    heard, at = [], 0
    for number, word in enumerate(text.split()):
        heard.append(_heard(word, number, at))
        at += len(word) + 1
    (time,) = read(text, kind=ASR, words=tuple(heard)).of(Field.TIME)
    assert (time.text, time.start_at, time.end_at) == ("tonight", 4.0, 4.5)
    (harm,) = read(text, kind=ASR, words=tuple(heard)).of(Field.HARM)
    assert (harm.start_at, harm.end_at) == (0.0, 2.5)


def test_a_typed_text_has_no_seconds() -> None:
    spans = read("CLR STS HE WILL STAB HIS BOSS.", kind=NOTE).spans
    assert spans
    assert all(span.start_at is None and span.end_at is None for span in spans)


def test_a_target_has_its_kind() -> None:
    assert _kinds("i'm gonna shoot that deputy") == ["officers"]
    assert _kinds("i'm gonna burn the police station down") == ["agency"]
    assert _kinds("i'm gonna shoot my landlord") == ["role"]
    assert _kinds("i'm gonna burn that church down") == ["place"]


def _kinds(text: str) -> list[str]:
    targets: tuple[Span, ...] = read(text, kind=ASR).of(Field.TARGET)
    return [span.normalised for span in targets]


def _heard(text: str, number: int, offset: int) -> Word:
    start = float(number)
    return Word(
        text=text, start=start, end=start + 0.5, confidence=0.9, is_timed=True, offset=offset
    )
