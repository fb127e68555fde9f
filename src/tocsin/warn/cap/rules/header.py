"""Rules of the message's head: names, times, scope, and which messages it refers to."""

from tocsin.warn.cap.message import FORBIDDEN, CapMessage, read_time
from tocsin.warn.cap.rules.rule import CAP_TEXT, PRACTICE, Case, Found, Rule, rule


@rule("name-bare", f"{CAP_TEXT} 3.2.1")
def name_bare(case: Case) -> Found:
    """Identifier and sender have no space, comma, '<' or '&'."""
    for place, name in (
        ("identifier", case.message.identifier),
        ("sender", case.message.sender),
    ):
        barred = sorted(set(name) & FORBIDDEN)
        if not name:
            yield place, "It is empty."
        elif barred:
            yield place, f"{name[:60]!r} holds {', '.join(map(repr, barred))}."


@rule("time-utc", f"{CAP_TEXT} 3.3.2")
def time_utc(case: Case) -> Found:
    """A time in UTC ends in -00:00, never in +00:00."""
    times = [("sent", case.message.sent)]
    for place, info in case.infos():
        named = (("effective", info.effective), ("onset", info.onset), ("expires", info.expires))
        times += [(f"{place} {name}", time) for name, time in named if time]
    for place, time in times:
        if time.text.endswith("+00:00"):
            yield place, f"{time.text} is to be written with -00:00."


@rule(
    "reference-needed",
    f"{CAP_TEXT} 3.2.1",
)
def reference_needed(case: Case) -> Found:
    """An Update, Cancel, Ack or Error refers to an earlier message."""
    message = case.message
    if message.msg_type != "Alert" and not message.references_text.strip():
        yield "references", f"The {message.msg_type} refers to nothing."


@rule(
    "reference-triple",
    f"{CAP_TEXT} 3.2.1",
)
def reference_triple(case: Case) -> Found:
    """Each reference is sender,identifier,sent, apart by spaces."""
    for word in case.message.references_text.split():
        parts = word.split(",")
        if len(parts) != 3 or not all(parts) or read_time(parts[2]) is None:
            yield "references", f"{word[:80]!r} is not sender,identifier,sent."


@rule("reference-self", f"{CAP_TEXT} 3.2.1")
def reference_self(case: Case) -> Found:
    """A message does not refer to itself."""
    message = case.message
    if message.reference in message.references:
        yield "references", "The message refers to itself."


@rule(
    "reference-exact",
    f"{CAP_TEXT} 3.2.1",
)
def reference_exact(case: Case) -> Found:
    """A reference repeats the earlier message's own strings."""
    known = {one.identifier: one.reference for one in case.earlier}
    for reference in case.message.references:
        meant = known.get(reference.identifier)
        if meant and meant != reference:
            yield "references", f"{reference} should read {meant}."


@rule(
    "reference-complete",
    f"{CAP_TEXT} 3.2.1",
)
def reference_complete(case: Case) -> Found:
    """An Update or Cancel lists every earlier message that has not expired."""
    message = case.message
    if message.msg_type not in {"Update", "Cancel"}:
        return
    listed = {one.identifier for one in message.references}
    for one in case.earlier:
        if one.identifier not in listed and _is_alive(one, message):
            yield "references", f"{one.reference} has not expired and is not listed."


def _is_alive(earlier: CapMessage, message: CapMessage) -> bool:
    if earlier.msg_type not in {"Alert", "Update"} or earlier.sent.at > message.sent.at:
        return False
    return earlier.expires_at is None or earlier.expires_at > message.sent.at


@rule("restriction-needed", f"{CAP_TEXT} 3.2.1")
def restriction_needed(case: Case) -> Found:
    """A Restricted message says for whom it is."""
    if case.message.scope == "Restricted" and not case.message.restriction.strip():
        yield "restriction", "The message is Restricted and does not say to whom."


@rule(
    "restriction-alone",
    f"{CAP_TEXT} 3.2.1",
    remark=True,
)
def restriction_alone(case: Case) -> Found:
    """Only a Restricted message has a restriction, only a Private one has addresses."""
    message = case.message
    if message.scope != "Restricted" and message.restriction.strip():
        yield "restriction", f"The message is {message.scope}; nobody will heed a restriction."
    if message.scope == "Public" and message.addresses_text.strip():
        yield "addresses", "The message is Public; its addresses are read by everybody."


@rule("address-needed", f"{CAP_TEXT} 3.2.1")
def address_needed(case: Case) -> Found:
    """A Private message names its addresses."""
    if case.message.scope == "Private" and not case.message.addresses:
        yield "addresses", "The message is Private and names nobody."


@rule(
    "address-quoted",
    f"{CAP_TEXT} 3.2.1",
)
def address_quoted(case: Case) -> Found:
    """An address with spaces stands in double quotes."""
    if case.message.addresses_text.count('"') % 2:
        yield "addresses", "A double quote is not closed."


@rule(
    "note-why",
    f"{CAP_TEXT} 3.2.1",
    remark=True,
)
def note_why(case: Case) -> Found:
    """An Error says in its note why; an Exercise names the exercise there."""
    message = case.message
    if message.note.strip():
        return
    if message.msg_type == "Error":
        yield "note", "The Error does not say what was wrong."
    elif message.status == "Exercise":
        yield "note", "The note does not name the exercise."


@rule("status-final", f"{CAP_TEXT} 3.2.1", remark=True)
def status_final(case: Case) -> Found:
    """A message that is sent is no Draft."""
    if case.message.status == "Draft":
        yield "status", "A Draft is not acted on."


@rule(
    "update-whole",
    PRACTICE,
    remark=True,
)
def update_whole(case: Case) -> Found:
    """An Alert or Update says everything: an Update replaces what was before."""
    message = case.message
    if message.msg_type in {"Alert", "Update"} and not message.infos:
        yield "info", f"The {message.msg_type} says nothing about the event."


@rule("version-newest", CAP_TEXT, remark=True)
def version_newest(case: Case) -> Found:
    """The message is CAP 1.2."""
    if case.message.version != "1.2":
        yield "alert", f"The message is CAP {case.message.version}."


HEADER: tuple[Rule, ...] = (
    name_bare,
    time_utc,
    reference_needed,
    reference_triple,
    reference_self,
    reference_exact,
    reference_complete,
    restriction_needed,
    restriction_alone,
    address_needed,
    address_quoted,
    note_why,
    status_final,
    update_whole,
    version_newest,
)
