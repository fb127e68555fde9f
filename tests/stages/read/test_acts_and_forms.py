"""Whose threat it is, and how it is put, in sentences made up for these tests."""

import pytest

from tocsin.read import Field, Form, Kind, Level, SpeechAct, read

ASR, TRANSCRIPT, NOTE = Kind.ASR, Kind.TRANSCRIPT, Kind.NOTE

OWN_THREATS = [
    (Form.DIRECT, ASR, "i'm gonna shoot that deputy when he gets out of his car tonight"),
    (Form.DIRECT, ASR, "there's a bomb in the gym and it goes off at noon"),
    (Form.DIRECT, TRANSCRIPT, "I am going to kill Councilman Reyes in his office on Friday."),
    (Form.DIRECT, NOTE, "CLR STS HE WILL STAB HIS SUPERVISOR TOMORROW. HAS KNIFE."),
    (Form.DIRECT, NOTE, "MALE STS HE AND HIS BROTHERS WILL BURN DOWN THE STATION TONIGHT."),
    (Form.CONDITIONAL, ASR, "if anybody comes on my land i'm gonna shoot them"),
    (Form.CONDITIONAL, TRANSCRIPT, "Let my brother go or I will start shooting the guards."),
    (Form.CONDITIONAL, NOTE, "FEMALE STS IF PD COMES TO THE DOOR SHE WILL STAB THEM."),
    (Form.VEILED, ASR, "that officer better watch his back from now on"),
    (Form.VEILED, TRANSCRIPT, "Tell the sergeant to enjoy his last weekend."),
    (Form.VEILED, NOTE, "UNK MALE STS OFCRS WILL BE NEEDING BODY BAGS TONIGHT. HUNG UP."),
    (Form.INDIRECT, ASR, "maybe somebody ought to shoot one of them troopers"),
    (Form.INDIRECT, TRANSCRIPT, "I might kill him. I keep thinking about stabbing him."),
    (Form.INDIRECT, NOTE, "CLR STS HE FEELS LIKE KILLING HIS LANDLORD."),
]

OTHERS = [
    (SpeechAct.THIRD_PARTY_REPORT, ASR, "my ex texted me he said he's gonna kill me tonight"),
    (SpeechAct.THIRD_PARTY_REPORT, TRANSCRIPT, 'He told the clerk, "I will shoot you all."'),
    (SpeechAct.THIRD_PARTY_REPORT, NOTE, "RP STS HER HUSBAND THREATENED TO SHOOT HER."),
    (SpeechAct.VICTIM_EVENT, ASR, "somebody just shot my brother he's on the ground bleeding"),
    (SpeechAct.VICTIM_EVENT, TRANSCRIPT, "A man punched my wife and took her purse."),
    (SpeechAct.VICTIM_EVENT, NOTE, "CLR STS SHE WAS ASSAULTED BY EX. EX LEFT ON FOOT."),
    (SpeechAct.QUOTE_MEDIA, ASR, "it's just a movie the guy says i'm gonna kill you all real loud"),
    (SpeechAct.QUOTE_MEDIA, TRANSCRIPT, 'The song goes, "We will burn this city down."'),
    (SpeechAct.HYPERBOLE, ASR, "my feet are killing me i could murder a burger haha"),
    (SpeechAct.HYPERBOLE, TRANSCRIPT, "My wife is going to kill me when she sees the car."),
    (
        SpeechAct.RETRACTION,
        TRANSCRIPT,
        "I said I would shoot him, but I didn't mean it. I'm sorry.",
    ),
    (SpeechAct.RETRACTION, NOTE, "CLR CALLED BACK, STS HE WAS JOKING ABOUT THE BOMB. NO BOMB."),
    (SpeechAct.SELF_HARM, ASR, "i want to kill myself i have the pills right here"),
    (SpeechAct.SELF_HARM, NOTE, "FEMALE STS SHE WANTS TO END HER LIFE. HAS RAZOR."),
    (SpeechAct.HYPOTHETICAL_FEAR, ASR, "what if he comes back i'm scared he might hurt me"),
    (SpeechAct.OFFICER_NOTICE, ASR, "all units be advised suspect armed with a gun on foot"),
    (SpeechAct.OFFICER_NOTICE, TRANSCRIPT, "This is a drill. This is only a test of the alarm."),
    (SpeechAct.OTHER, ASR, "my mother fell in the kitchen and she can't get up"),
    (SpeechAct.OTHER, TRANSCRIPT, "I'd like to report a pothole on the county road."),
]


@pytest.mark.parametrize(("form", "kind", "text"), OWN_THREATS)
def test_an_own_threat_is_seen_and_its_form_named(form: Form, kind: Kind, text: str) -> None:
    statement = read(text, kind=kind)
    assert statement.is_own_threat
    assert statement.level is not Level.NONE
    assert statement.form is form


@pytest.mark.parametrize(("act", "kind", "text"), OTHERS)
def test_violent_words_that_are_no_own_threat_are_told_apart(
    act: SpeechAct, kind: Kind, text: str
) -> None:
    statement = read(text, kind=kind)
    assert statement.speech_act is act
    assert statement.form is Form.NONE
    assert statement.level is Level.NONE


@pytest.mark.parametrize(
    "text",
    [
        "he said he'd kill me so i'm gonna shoot him first tonight",
        "My brother told me to calm down. I'm going to kill that judge.",
        "the movie was loud but i'm gonna shoot that deputy tonight",
    ],
)
def test_another_s_words_do_not_hide_the_caller_s_own(text: str) -> None:
    assert read(text, kind=Kind.TRANSCRIPT).is_own_threat


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (ASR, "any officer found alone in harlow or millbrook tonight will be shot"),
        (ASR, "any cop caught by himself in harlow is gonna get shot"),
        (TRANSCRIPT, "Every deputy who sets foot in Harlow is going to die."),
        (NOTE, "CLR STS OFCRS FOUND ALONE IN HARLOW AND MILLBROOK WILL BE SHOT."),
    ],
)
def test_a_threat_to_any_officer_found_alone_is_flagged(kind: Kind, text: str) -> None:
    statement = read(text, kind=kind)
    assert statement.level is Level.FLAG
    assert "officers" in {span.normalised for span in statement.of(Field.TARGET)}
    assert statement.of(Field.CONDITION)


def test_a_retraction_leaves_the_earlier_threat_its_level() -> None:
    threat = "I'm going to kill that deputy tonight with my rifle."
    taken_back = read(f"{threat} No. I take it back, I didn't mean it.", kind=TRANSCRIPT)
    assert taken_back.speech_act is SpeechAct.RETRACTION
    assert taken_back.review
    assert taken_back.level is read(threat, kind=TRANSCRIPT).level is Level.FLAG


def test_a_call_taker_s_turn_is_not_the_caller_s() -> None:
    text = "Dispatcher: Did you say you will shoot the officers? Caller: No, I need a tow truck."
    assert not read(text, kind=TRANSCRIPT).is_own_threat


def test_in_a_note_he_is_the_caller_until_somebody_else_comes_in() -> None:
    assert read("CLR STS HE WILL SHOOT ANY OFCR WHO COMES.", kind=NOTE).is_own_threat
    other = read("CLR STS HER SON SAID HE WILL SHOOT ANY OFCR WHO COMES.", kind=NOTE)
    assert other.speech_act is SpeechAct.THIRD_PARTY_REPORT


@pytest.mark.parametrize(
    "text",
    [
        "i'm not gonna shoot anybody",
        "can i shoot a man if he breaks in",
        "i shot a deer on the county road",
        "i'm gonna shoot some photographs tonight",
        "don't shoot please don't shoot",
    ],
)
def test_denied_asked_past_and_harmless_acts_are_no_threat(text: str) -> None:
    assert not read(text, kind=ASR).is_own_threat


@pytest.mark.parametrize(
    "act", [SpeechAct.THIRD_PARTY_REPORT, SpeechAct.RETRACTION, SpeechAct.SELF_HARM]
)
def test_what_a_person_should_read_is_marked_for_review(act: SpeechAct) -> None:
    texts = [(kind, text) for other, kind, text in OTHERS if other is act]
    assert all(read(text, kind=kind).review for kind, text in texts)


@pytest.mark.parametrize(
    "text",
    [
        "Tell your boys I will be waiting for the next one that rolls up here by himself.",
        "we know where she parks and we got nothing but time and a long memory",
    ],
)
def test_words_that_no_rule_names_count_by_what_was_learned(text: str) -> None:
    statement = read(text, kind=TRANSCRIPT)
    assert any(term.rule.startswith("said:") and term.weight > 0 for term in statement.evidence)
    assert statement.is_own_threat
