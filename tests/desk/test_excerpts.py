"""The words of a threat that stand on the board: those that weigh, with their doubts."""

from tests.world import NOW, World, a_call, a_hearing, a_statement, hear
from tocsin.desk.records.boards.excerpts import LONGEST, excerpts_of
from tocsin.desk.records.commands import calls
from tocsin.desk.records.models import Call
from tocsin.read import Field, Span


def read_as(world: World, text: str, harm: str, *, doubtful: str = "") -> Call:
    call = a_call(world)
    hear(call, heard=a_hearing(text, doubtful=doubtful))
    start = text.index(harm)
    span = Span(field=Field.HARM, start=start, end=start + len(harm), text=harm)
    read = a_statement(text, spans=(span,))
    calls.record_statement(call, read, text, hearing=call.hearings.get(), now=NOW)
    return call


def test_it_is_the_sentence_with_the_harm_in_it(world: World) -> None:
    text = "Listen to me. Any cop in Harlow, I will shoot him. That is all."
    call = read_as(world, text, "I will shoot", doubtful="Harlow,")

    assert excerpts_of([call]) == {call.pk: "… Any cop in [Harlow,?] I will shoot him. …"}


def test_a_text_without_stops_is_cut_around_the_harm_at_words(world: World) -> None:
    text = "and so " * 100 + "I will shoot " + "and then " * 100
    call = read_as(world, text, "I will shoot")

    found = excerpts_of([call])[call.pk]

    assert "I will shoot" in found
    assert len(found) <= LONGEST + 20
    assert found.startswith("… and so")
    assert found.endswith("and then …")


def test_a_short_text_is_whole(world: World) -> None:
    call = read_as(world, "I will shoot", "I will shoot")

    assert excerpts_of([call]) == {call.pk: "I will shoot"}


def test_a_call_that_was_not_read_has_none(world: World) -> None:
    assert excerpts_of([a_call(world)]) == {}
