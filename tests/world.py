"""The cast that all desk tests share, and builders with keyword overrides.

Dana     call taker          Northside Communications
Sato     supervisor          Northside Communications
Ortiz    watch commander     Harlow Police, on duty always
Reed     officer             Harlow Police, on duty always; reports to Ortiz
Kim      officer             Harlow Police, off duty
Boone    deputy              Calder Sheriff, on duty always
Vale     investigator        Harlow Police
Adams    administrator       Northside Communications
Frey     call taker          Southside Communications: nothing of the above is his
"""

import struct
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from tocsin.assess import Role
from tocsin.desk.people.models import Address, Agency, Area, Person, Shift
from tocsin.desk.records.commands import arrivals, calls
from tocsin.desk.records.models import Bulletin, Call, Recipient, Threat
from tocsin.evidence import open_store, seal
from tocsin.listen import Hearing, Quality, Speech, Word
from tocsin.read import Evidence, Field, Form, Kind, Level, Span, SpeechAct, Statement

NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)
"""Sunday 1 March 2026, 21:05:06 in Denver."""

PASSWORD = "harbor lantern 4821"
ALWAYS: dict[str, Any] = {"weekdays": list(range(7)), "starts": time(0), "ends": time(0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The cast, by name."""

    north: Agency
    south: Agency
    harlow_pd: Agency
    sheriff: Agency
    harlow: Area
    county: Area
    dana: Person
    sato: Person
    ortiz: Person
    reed: Person
    kim: Person
    boone: Person
    vale: Person
    adams: Person
    frey: Person

    def everybody(self) -> tuple[Person, ...]:
        """All people, for tables of who may do what."""
        return (
            self.dana, self.sato, self.ortiz, self.reed, self.kim,
            self.boone, self.vale, self.adams, self.frey,
        )  # fmt: skip


def build_world(*, channel: str = "memory") -> World:
    """The cast in the database; everybody on duty has one address on `channel`."""
    north = an_agency("north", "Northside Communications", Agency.Kind.DISPATCH)
    south = an_agency("south", "Southside Communications", Agency.Kind.DISPATCH)
    harlow_pd = an_agency("harlow-pd", "Harlow Police", Agency.Kind.POLICE, center=north)
    sheriff = an_agency("calder-so", "Calder Sheriff", Agency.Kind.SHERIFF, center=north)
    harlow = an_area("harlow", "Harlow", [harlow_pd])
    county = an_area("calder", "Calder County", [sheriff])
    ortiz = a_person("ortiz", harlow_pd, Role.WATCH_COMMANDER, channel=channel)
    return World(
        north=north,
        south=south,
        harlow_pd=harlow_pd,
        sheriff=sheriff,
        harlow=harlow,
        county=county,
        dana=a_person("dana", north, Role.CALL_TAKER, channel=channel),
        sato=a_person("sato", north, Role.SUPERVISOR, channel=channel),
        ortiz=ortiz,
        reed=a_person("reed", harlow_pd, Role.OFFICER, channel=channel, supervisor=ortiz),
        kim=a_person("kim", harlow_pd, Role.OFFICER, supervisor=ortiz),
        boone=a_person("boone", sheriff, Role.OFFICER, channel=channel),
        vale=a_person("vale", harlow_pd, Role.INVESTIGATOR),
        adams=a_person("adams", north, Role.ADMINISTRATOR),
        frey=a_person("frey", south, Role.CALL_TAKER, channel=channel),
    )


def an_agency(key: str, name: str, kind: str, *, center: Agency | None = None) -> Agency:
    """An agency in Denver's time."""
    return Agency.objects.create(
        key=key, name=name, kind=kind, center=center, desk_number="555-0100"
    )


def an_area(key: str, name: str, agencies: list[Agency]) -> Area:
    """A square of ground."""
    ring = [[-105.2, 39.1], [-105.0, 39.1], [-105.0, 39.3], [-105.2, 39.3], [-105.2, 39.1]]
    area = Area.objects.create(
        key=key, name=name, outline={"type": "Polygon", "coordinates": [ring]}
    )
    area.agencies.set(agencies)
    return area


def a_person(
    login: str,
    agency: Agency,
    role: Role,
    *,
    channel: str = "",
    supervisor: Person | None = None,
) -> Person:
    """A person; with a channel he is on duty always and has one address there."""
    person = Person(
        login=login,
        name=login.capitalize(),
        agency=agency,
        roles=[role.value],
        unit=f"U-{login}",
        supervisor=supervisor,
        password=_hashed(),
    )
    person.save()
    if channel:
        Shift.objects.create(person=person, name="always", **ALWAYS)
        Address.objects.create(person=person, channel=channel, value=f"{login}@example.org")
    return person


@cache
def _hashed() -> str:
    """The password as it is kept; made once, because making it is slow on purpose."""
    return make_password(PASSWORD)


def a_wav(*, seconds: float = 1.0, number: int = 0) -> bytes:
    """A small valid recording; another `number` gives other bytes."""
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        count = int(seconds * 8000)
        out.writeframes(b"".join(struct.pack("<h", (i * number) % 199) for i in range(count)))
    return file.getvalue()


def chunks(content: bytes) -> Iterator[bytes]:
    """The bytes as an upload brings them."""
    yield content


def an_offer(world: World, **changes: Any) -> arrivals.Offer:
    """A recording with a note that Dana sends from her page."""
    recording, _ = arrivals.seal_upload(chunks(a_wav()))
    facts: dict[str, Any] = {
        "center": world.north,
        "source": "page",
        "actor": world.dana,
        "name": "call.wav",
        "recording": recording,
    }
    return arrivals.Offer(**(facts | changes))


def a_call(world: World, *, now: datetime = NOW, **changes: Any) -> Call:
    """A call on record, waiting to be heard."""
    return arrivals.receive(an_offer(world, **changes), now=now).call


SAID = "I will shoot any cop I find alone in Harlow tonight"


def a_hearing(text: str = SAID, *, doubtful: str = "Harlow") -> Hearing:
    """What a recogniser might have heard; one word is doubtful."""
    words, offset = [], 0
    for number, part in enumerate(text.split()):
        offset = text.index(part, offset)
        words.append(
            Word(
                text=part,
                start=number * 0.4,
                end=number * 0.4 + 0.3,
                confidence=0.31 if part == doubtful else 0.97,
                is_timed=True,
                offset=offset,
            )
        )
        offset += len(part)
    duration = len(words) * 0.4 + 1
    return Hearing(
        engine="scripted 1",
        model_digest="0" * 64,
        language="en-US",
        text=text,
        words=tuple(words),
        speech=(Speech(start=0.0, end=duration - 1),),
        quality=Quality(
            duration=duration,
            header_duration=duration,
            codec="pcm_mulaw",
            sample_rate=8000,
            channels=1,
            bad_packets=0,
            speech=duration - 1,
            snr=17.5,
            clipping=0.0,
            bandwidth=3300,
            level=-21.0,
        ),
        indicators=(),
        peaks=tuple(20 + (number * 37) % 70 for number in range(200)),
    )


def a_statement(text: str = SAID, *, level: Level = Level.FLAG, **changes: Any) -> Statement:
    """A reading of `SAID`, at the level asked for."""

    def span(field: Field, words: str, normalised: str = "") -> Span:
        start = text.index(words)
        return Span(
            field=field,
            start=start,
            end=start + len(words),
            text=words,
            normalised=normalised,
            rule="scripted",
            start_at=0.4,
            end_at=2.0,
        )

    spans = (
        (
            span(Field.HARM, "I will shoot"),
            span(Field.TARGET, "any cop", "officers"),
            span(Field.CONDITION, "alone"),
            span(Field.PLACE, "in Harlow", "area:harlow"),
            span(Field.TIME, "tonight"),
        )
        if text == SAID
        else ()
    )
    facts: dict[str, Any] = {
        "kind": Kind.ASR,
        "speech_act": SpeechAct.OWN_THREAT,
        "form": Form.DIRECT,
        "score": 4.5,
        "level": level,
        "review": False,
        "spans": spans,
        "evidence": (Evidence(rule="scripted", start=0, end=12, weight=4.5),),
        "not_said": (Field.MEANS, Field.GROUP, Field.GRIEVANCE),
    }
    return Statement(**(facts | changes))


def hear(call: Call, *, heard: Hearing | None = None, now: datetime = NOW) -> None:
    """The call is heard, as the worker writes it."""
    store = open_store(settings.TOCSIN_STORE)
    playable = seal([a_wav(number=call.pk + 1)], store=store, limit=1_000_000)
    calls.record_hearing(call, heard or a_hearing(), playable, now=now)


def a_threat(world: World, *, now: datetime = NOW, **changes: Any) -> Threat:
    """A call that was heard and read, and the threat that the machine opened for it."""
    call = a_call(world, now=now, **changes)
    hear(call, now=now)
    calls.record_statement(call, a_statement(), SAID, hearing=call.hearings.get(version=1), now=now)
    return call.threats.get()


def the_draft(threat: Threat) -> Bulletin:
    """The threat's draft."""
    return threat.bulletins.get(state=Bulletin.State.DRAFT)


def recipient_of(bulletin: Bulletin, person: Person) -> Recipient:
    """The row of a person whom a bulletin concerns."""
    return bulletin.recipients.get(person=person)


def minutes(number: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)
