"""What the log says, as sentences: who did what."""

from collections.abc import Callable

from tocsin.desk.records.boards.timeline import Deed
from tocsin.warn import Step

_Say = Callable[[Deed], str]


def sentence_of(deed: Deed) -> str:
    """One sentence of a threat's story, without its name and time."""
    say = _SENTENCES.get(deed.action)
    return say(deed) if say else f"{deed.action}: {_thing(deed)}"


def _thing(deed: Deed) -> str:
    """The call, threat or bulletin, as its number stands on the pages."""
    kind, _, name = deed.subject.partition(":")
    if kind == "bulletin":
        number, _, version = name.rpartition(".")
        return f"{number} version {version}"
    return name


def _released(deed: Deed) -> str:
    told = deed.facts.get("told", [])
    people = f"to {len(told)} {'person' if len(told) == 1 else 'people'}"
    return f"released {_thing(deed)} {people if told else 'to nobody: nobody had been told'}"


_WAYS = {
    "link": "by the link in the message",
    "sms": "by text message",
    "voice": "by a key in a telephone call",
}


def _acknowledged(deed: Deed) -> str:
    person, how = deed.facts.get("for", ""), deed.facts.get("how")
    if how == "supervisor":
        return f"entered that {person} was told of {_thing(deed)}: {deed.facts.get('because')}"
    return f"has {_thing(deed)}, and said so {_WAYS.get(str(how), 'on the page')}"


def _sent(deed: Deed) -> str:
    return f"handed over {_messages(deed)} of {_thing(deed)}: {_to(deed)}"


def _failed(deed: Deed) -> str:
    return f"could not deliver {_messages(deed)} of {_thing(deed)}: {_to(deed)}"


def _unknown(deed: Deed) -> str:
    return f"does not know whether {_messages(deed)} of {_thing(deed)} arrived: {_to(deed)}"


def _messages(deed: Deed) -> str:
    each = [
        f"{'a message' if many == 1 else f'{many} messages'} by {channel}"
        for channel, many in deed.messages.items()
    ]
    return " and ".join(each) or "nothing"


def _to(deed: Deed) -> str:
    shown = ", ".join(deed.names[:6])
    return f"{shown} and {len(deed.names) - 6} more" if len(deed.names) > 6 else f"{shown}"


def _moved(deed: Deed) -> str:
    people = [str(one) for one in deed.facts.get("people", [])]
    shown = "; ".join(people[:6])
    more = f"; and {len(people) - 6} more" if len(people) > 6 else ""
    return f"moved the ladder of {_thing(deed)}: {shown}{more}"


def _people(deed: Deed) -> str:
    return ", ".join(str(one) for one in deed.facts.get("people", []))


def _so_many(number: object) -> str:
    return f"{number} {'person' if number == 1 else 'people'}"


def _to_people(deed: Deed) -> str:
    without = len(deed.facts.get("no_address", []))
    lost = f", {_so_many(without)} have no address" if without else ""
    return f"to {_so_many(len(deed.facts.get('people', [])))}{lost}"


def _desk_told(deed: Deed) -> str:
    facts = deed.facts
    if facts.get("way") == "radio":
        return f"read {_thing(deed)} on the air, {facts.get('with')}"
    back = "read back" if facts.get("read_back") == "yes" else "not read back"
    return f"told the desk of {facts.get('desk')}: {facts.get('with')}, {back}"


def _assessed(deed: Deed) -> str:
    answer = str(deed.facts.get("answer", "")).replace("_", " ")
    return f"answered '{deed.facts.get('question')}': {answer}. {deed.facts.get('reasons')}"


def _blue_answered(deed: Deed) -> str:
    answer = str(deed.facts.get("answer", "")).replace("_", " ")
    question, reasons = deed.facts.get("question"), deed.facts.get("reasons")
    return f"answered on the Blue Alert card, '{question}': {answer}. {reasons}"


def _read(deed: Deed) -> str:
    levels = {"flag": "raised it", "suggest": "found it worth a look", "none": "found nothing"}
    return f"read {_thing(deed)} and {levels.get(str(deed.facts.get('level')), 'is done')}"


def _title(deed: Deed) -> str:
    case = deed.facts.get("case")
    return f"{deed.facts.get('title')}{f', replaying {case}' if case != 'none' else ''}"


_SENTENCES: dict[str, _Say] = {
    "received": lambda deed: f"took in {_thing(deed)}",
    "arrival linked": lambda deed: f"sent {_thing(deed)} once more: the same bytes",
    "adopted": lambda deed: (
        f"kept a refused arrival as {_thing(deed)}: {deed.facts.get('because')}"
    ),
    "heard": lambda deed: f"heard {_thing(deed)}",
    "not heard": lambda deed: f"could not hear {_thing(deed)}: somebody must listen",
    "read": _read,
    "reading corrected": lambda deed: f"corrected what was read in {_thing(deed)}",
    "opened": lambda deed: f"opened {_thing(deed)} from {deed.facts.get('call')}",
    "taken": lambda deed: f"took {_thing(deed)}",
    "assessed": _assessed,
    "blue answered": _blue_answered,
    "closed": lambda deed: f"closed {_thing(deed)}: {deed.facts.get('because')}",
    "edited": lambda deed: f"edited {_thing(deed)}",
    "drafted": lambda deed: f"drafted {_thing(deed)}",
    "released": _released,
    "expired": lambda deed: f"{_thing(deed)} expired",
    "acknowledged": _acknowledged,
    "sent": _sent,
    "failed": _failed,
    "unknown": _unknown,
    **{f"ladder: {step}": _moved for step in Step},
    "told on coming on duty": lambda deed: f"told who came on duty: {_people(deed)}",
    "ladder stopped, off duty": lambda deed: f"stopped, off duty: {_people(deed)}",
    "desk told": _desk_told,
    "superseded": lambda deed: f"put {deed.facts.get('by')} in the place of {_thing(deed)}",
    "drill started": lambda deed: f"started the drill {deed.facts.get('drill')}: {_title(deed)}",
    "drill ended": lambda deed: f"ended the drill {deed.facts.get('drill')}",
    "dropped": lambda deed: f"dropped the draft {_thing(deed)}",
    "public asked": lambda deed: f"asked for the public message {deed.facts.get('public')}",
    "public approved": lambda deed: f"approved the public message {deed.facts.get('public')}",
    "public refused": lambda deed: (
        f"refused the public message {deed.facts.get('public')}: {deed.facts.get('because')}"
    ),
    "public ended": lambda deed: f"the public message {deed.facts.get('public')} is over",
    "CAP left unsigned": lambda deed: (
        f"sent the CAP message of {_thing(deed)} unsigned: {deed.facts.get('because')}"
    ),
    "alert put beside": lambda deed: (
        f"put an alert from elsewhere beside {_thing(deed)}: {deed.facts.get('alert')}"
    ),
    "order proposed": lambda deed: f"proposed order {_thing(deed)}: {deed.facts.get('because')}",
    "order edited": lambda deed: f"edited the proposal {_thing(deed)}",
    "order dropped": lambda deed: (
        f"dropped the proposal {_thing(deed)}: {deed.facts.get('because')}"
    ),
    "ordered": lambda deed: f"ordered {_thing(deed)}, {_so_many(deed.facts.get('told'))} are told",
    "order told": lambda deed: f"queued order {_thing(deed)} {_to_people(deed)}",
    "order told on coming on duty": lambda deed: (
        f"told who came on duty of order {_thing(deed)}: {_people(deed)}"
    ),
    "stand-down told": lambda deed: f"queued the end of order {_thing(deed)} {_to_people(deed)}",
    "order renewed": lambda deed: f"renewed order {_thing(deed)}: {deed.facts.get('because')}",
    "order stood down": lambda deed: (
        f"stood down order {_thing(deed)}: {deed.facts.get('because')}"
    ),
    "order joined": lambda deed: (
        f"let {deed.facts.get('agency')} join order {_thing(deed)}: {deed.facts.get('because')}"
    ),
    "order left": lambda deed: (
        f"let {deed.facts.get('agency')} leave order {_thing(deed)}: {deed.facts.get('because')}"
    ),
    "task raised": lambda deed: f"raised a task: {deed.facts.get('kind')}",
    "task done": lambda deed: f"did a task ({deed.facts.get('kind')}): {deed.facts.get('because')}",
}
