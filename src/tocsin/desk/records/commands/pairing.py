"""People's words on pairs: these two together, these two never. A plan keeps to them."""

from datetime import datetime

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import centers_of, require
from tocsin.desk.records.mirror import known_units
from tocsin.desk.records.models import PairingWord
from tocsin.errors import InputError, MissingReason, NotFound, OutOfTurn
from tocsin.evidence.chain import Fact

LONGEST = 300


@transaction.atomic
def say_pair(
    units: tuple[str, str], *, is_pair: bool, because: str, person: Person, now: datetime
) -> PairingWord:
    """The two are a pair in every plan, or never are one, until the word is taken back.

    Args:
        units: keys of two units of the person's center.
        is_pair: together; else never together.
        because: the person's reason.
        person: who says it; it is his center's plan.
        now: when.

    Raises:
        NotAllowed: the person may not propose postures.
        NotFound: no center serves him, or it has no such unit.
        InputError: it is one unit, named twice.
        MissingReason: it is not said why.
        OutOfTurn: there is a word on the two already, or one of them is in another fixed pair.
    """
    require(person, Act.PROPOSE_POSTURE)
    if not because.strip():
        raise MissingReason("It is not said why.", way_out="Say it in a sentence.")
    center = _center(person)
    one, other = sorted(key.strip() for key in units)
    if one == other:
        raise InputError("A pair takes two different units.", way_out="Choose another one.")
    log.hold(center)
    known = known_units(center, now=now).units
    lacking = next((key for key in (one, other) if key not in known), None)
    if lacking is not None:
        raise NotFound(f"There is no unit {lacking[:60]!r}.", way_out="Choose one of the list.")
    _check(center, (one, other), is_pair=is_pair)
    word = PairingWord.objects.create(
        center=center,
        one=one,
        other=other,
        is_pair=is_pair,
        because=because.strip()[:LONGEST],
        by=person,
        at=now,
    )
    _tell(word, "pair fixed" if is_pair else "pair forbidden", person=person, now=now)
    return word


@transaction.atomic
def end_word(pk: int, *, person: Person, now: datetime) -> PairingWord:
    """The word counts no more; a second time changes nothing.

    Raises:
        NotAllowed: the person may not propose postures.
        NotFound: his center has no such word.
    """
    require(person, Act.PROPOSE_POSTURE)
    center = _center(person)
    log.hold(center)
    word = PairingWord.objects.filter(center=center, pk=pk).first()
    if word is None:
        raise NotFound("There is no such word.", way_out="Open the page again.")
    if word.ended_at is None:
        word.ended_at, word.ended_by = now, person
        word.save(update_fields=["ended_at", "ended_by"])
        _tell(word, "word on a pair taken back", person=person, now=now)
    return word


def _check(center: Agency, pair: tuple[str, str], *, is_pair: bool) -> None:
    standing = PairingWord.objects.filter(center=center, ended_at=None)
    said = standing.filter(one=pair[0], other=pair[1]).first()
    if said:
        what = "a pair" if said.is_pair else "never a pair"
        raise OutOfTurn(
            f"{said.one} and {said.other} are {what} already, by {said.by.name}'s word.",
            way_out="Take that word back first.",
        )
    for word in standing.filter(is_pair=True) if is_pair else ():
        both = {word.one, word.other} & set(pair)
        if both:
            raise OutOfTurn(
                f"{min(both)} is fixed in another pair: {word.one} and {word.other}.",
                way_out="Take that word back first.",
            )


def _center(person: Person) -> Agency:
    center = centers_of(person).first()
    if center is None:
        raise NotFound(
            f"{person.agency} is served by no dispatch center.",
            way_out="Ask the administrator to name its center.",
        )
    return center


def _tell(word: PairingWord, action: str, *, person: Person, now: datetime) -> None:
    facts: dict[str, Fact] = {"one": word.one, "other": word.other, "because": word.because}
    subject = f"pairing:{word.pk}"
    log.append(word.center, action, subject, actor=person, now=now, facts=facts)
