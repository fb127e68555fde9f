"""What keeps a person from being told, or an acknowledgment from being missed."""

import re
from collections.abc import Iterable, Sequence

from tocsin.warn.preflight.facts import Fault, Finding, Readiness, Severity, Staff, names_of

_RECORD = "in the county file, and load it again"


def faults_of_people(today: Sequence[Staff], readiness: Readiness) -> Iterable[Finding]:
    """What keeps the people who work today from being told, or from being missed."""
    everybody = {person.key: person for person in readiness.staff}
    for person in today:
        yield from _of_person(person, readiness)
        yield from _of_supervisor(person, everybody, readiness)
    yield from _dry_runs(today, readiness)
    yield from _shared(today)


def _of_person(person: Staff, readiness: Readiness) -> Iterable[Finding]:
    working = readiness.working(person.ways)
    real = readiness.leaving(working)
    if not working:
        yield _no_way(person, readiness)
    elif len(real) == 1:
        yield _about(
            person,
            Severity.WARNING,
            Fault.ONE_WAY,
            f"{person.name} can be told on one channel only: {min(real)}.",
            f"Add an address on another channel {_RECORD}.",
        )
    if not person.phones:
        yield _about(
            person,
            Severity.NOTE,
            Fault.NO_PHONE,
            f"{person.name} has no phone number on record: nobody can call.",
            f"Add it {_RECORD}.",
        )


def _no_way(person: Staff, readiness: Readiness) -> Finding:
    if not person.ways:
        sentence = f"{person.name} has no address: no warning would arrive."
        way_out = f"Add one {_RECORD}."
    else:
        troubles = dict.fromkeys(readiness.trouble_of(way) for way in person.ways)
        sentence = f"{person.name} has no channel that works. {' '.join(troubles)}"
        way_out = f"Mend the channel, or add an address on another {_RECORD}."
    return _about(person, Severity.SEVERE, Fault.NO_WAY, sentence, way_out)


def _of_supervisor(
    person: Staff, everybody: dict[str, Staff], readiness: Readiness
) -> Iterable[Finding]:
    above = everybody.get(person.supervisor)
    if above and readiness.working(above.ways):
        return
    if above:
        fault = f"{above.name}, who supervises {person.name}, has no channel that works"
    elif person.supervisor:
        fault = f"The supervisor of {person.name} is no active person who receives bulletins"
    else:
        fault = f"{person.name} has no supervisor"
    yield _about(
        person,
        Severity.NOTE if person.leads and not person.supervisor else Severity.WARNING,
        Fault.NO_SUPERVISOR,
        f"{fault}: without an acknowledgment nobody would be told.",
        f"Correct the supervisor or the address {_RECORD}.",
    )


def _dry_runs(today: Sequence[Staff], readiness: Readiness) -> Iterable[Finding]:
    """People whose only working channels keep the messages here; one finding for each channel."""
    found: dict[str, list[str]] = {}
    for person in today:
        working = readiness.working(person.ways)
        if working and not readiness.leaving(working):
            found.setdefault(", ".join(sorted(working)), []).append(person.name)
    for channels, names in found.items():
        yield Finding(
            severity=Severity.SEVERE,
            fault=Fault.DRY_RUN,
            subject=channels,
            who=channels,
            sentence=(
                f"Nothing that is sent on {channels} leaves this machine, and "
                f"{names_of(names)} would be told on nothing else."
            ),
            way_out=f"Before this is used in earnest, add real addresses {_RECORD}.",
        )


def _shared(today: Sequence[Staff]) -> Iterable[Finding]:
    """Addresses and phones of two people: an acknowledgment there does not say whose it is."""
    holders: dict[str, dict[str, str]] = {}
    shown: dict[str, str] = {}
    for person in today:
        for value in filter(None, (*(way.value for way in person.ways), *person.phones)):
            plain = _plain(value)
            holders.setdefault(plain, {})[person.key] = person.name
            shown.setdefault(plain, value)
    for plain, people in holders.items():
        if len(people) > 1:
            yield Finding(
                severity=Severity.WARNING,
                fault=Fault.SHARED,
                subject=min(people),
                who=names_of(list(people.values())),
                sentence=(
                    f"{names_of(list(people.values()))} share {shown[plain]}: an acknowledgment "
                    "from there does not say who gave it."
                ),
                way_out=f"Give each person an own address or phone {_RECORD}.",
            )


def _about(person: Staff, severity: Severity, fault: Fault, sentence: str, way_out: str) -> Finding:
    return Finding(
        severity=severity,
        fault=fault,
        subject=person.key,
        who=person.name,
        sentence=sentence,
        way_out=way_out,
    )


def _plain(value: str) -> str:
    """What two ways of writing the address have in common: its digits, or its small letters."""
    if re.fullmatch(r"[0-9+() .x-]+", value) and (digits := re.sub(r"\D", "", value)):
        return digits.removeprefix("1") if len(digits) == 11 else digits  # +1
    return value.strip().casefold()
