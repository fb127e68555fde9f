"""The command line: `tocsin --help`. Reading and hearing need no database."""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin import __version__
from tocsin.correcting import corrections
from tocsin.drilling import drill
from tocsin.errors import BadText
from tocsin.evaluating import evaluate
from tocsin.terminal import REFUSED, make_tables, says_errors, start_desk, waiting

if TYPE_CHECKING:
    from tocsin.desk.people.models import Agency
    from tocsin.desk.setup import Logins
    from tocsin.listen import Hearing
    from tocsin.read import Gazetteer, Statement

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 90})
@click.version_option(__version__, prog_name="tocsin")
def main() -> None:
    """From a threatening emergency call to every officer warned, with the evidence intact."""


main.add_command(drill)
main.add_command(corrections)
main.add_command(evaluate)


@main.command()
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line, in and out.")
@click.option("--county", type=FILE, help="County file whose places and agencies are known.")
@says_errors
def read(*, jsonl: bool, county: Path | None) -> None:  # the only form there is yet
    """Read texts from standard input: whose threat it is, and which words say so.

    Each line holds {"id", "text", "kind"}, where kind is asr, transcript or note; each answer is
    one line. A line that cannot be read is answered with {"id", "error"}; the others are read
    all the same, and the exit status is 2. No database is needed.
    """
    from tocsin.read import parse_line, to_json
    from tocsin.read import read as read_text

    gazetteer = _gazetteer(county)
    is_whole = True
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            item = parse_line(line)
            statement = read_text(item.text, kind=item.kind, gazetteer=gazetteer)
            answer = to_json(statement, id=item.id)
        except BadText as error:
            is_whole = False
            answer = {"id": f"line {number}", "error": error.for_person()}
        click.echo(json.dumps(answer, ensure_ascii=False))
    sys.exit(0 if is_whole else REFUSED)


@main.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Everything, for a program.")
@click.option("--county", type=FILE, help="County file whose places and agencies are known.")
@says_errors
def hear(*, file: Path, as_json: bool, county: Path | None) -> None:
    """Hear one recording: its words with their doubts, its facts, and what was read in it.

    No database is needed.
    """
    from dataclasses import asdict

    from tocsin.config import ListenConfig
    from tocsin.pipeline import hear_and_read
    from tocsin.read import to_json

    with waiting("listening"):
        heard, statement = hear_and_read(file, config=ListenConfig(), gazetteer=_gazetteer(county))
    if as_json:
        found = asdict(heard)
        value = {
            "text": heard.text,
            "words": found["words"],
            "speech_seconds": heard.quality.speech,
            "quality": found["quality"],
            "indicators": found["indicators"],
            "statement": to_json(statement, id=file.name),
            "engine": heard.engine,
            "language": heard.language,
        }
        click.echo(json.dumps(value, ensure_ascii=False))
        return
    _print_hearing(heard, statement)


@main.command()
@click.option("--empty", is_flag=True, help="Without the demonstration county.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@says_errors
def run(*, empty: bool, host: str, port: int) -> None:
    """Start everything in one process: database, pages and worker. Ctrl-C stops it.

    An empty installation gets the demonstration county, or with --empty a first administrator
    with a one-time password.
    """
    from tocsin.desk.ports import listen_at

    sockets = listen_at(host, port)
    start_desk(address=f"http://{host}:{port}")
    from tocsin.desk.serving import serve_both
    from tocsin.desk.setup import prepare

    with waiting("making the tables ready"):
        logins = prepare(is_empty=empty)
    _welcome(logins)
    asyncio.run(serve_both(sockets))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@says_errors
def web(*, host: str, port: int) -> None:
    """Serve the pages alone; 'tocsin work' does the rest, here or on another machine."""
    from tocsin.desk.ports import listen_at

    sockets = listen_at(host, port)
    start_desk(address=f"http://{host}:{port}")
    make_tables()
    from tocsin.desk.serving import serve_pages

    asyncio.run(serve_pages(sockets))


@main.command()
@click.option(
    "--queues",
    default="hear,price,deliver",
    show_default=True,
    help="Which work, separated by commas.",
)
@says_errors
def work(*, queues: str) -> None:
    """Hear, read, send, escalate: the worker alone, as many of them as are needed."""
    start_desk()
    make_tables()
    from tocsin.desk.serving import serve_work

    asyncio.run(serve_work(queues.split(",")))


@main.command()
@click.argument("file", type=FILE)
@click.option("--call", "call_file", type=FILE, help="JSON of what is known of the call.")
@click.option("--note", default="", help="What the call taker typed.")
@click.option("--center", default="", help="Key of the dispatch center; not needed for one.")
@says_errors
def submit(*, file: Path, call_file: Path | None, note: str, center: str) -> None:
    """Put a recording into the record of this installation, as a page or the API would."""
    start_desk()
    make_tables()
    from django.utils import timezone

    from tocsin.desk.records.commands.arrivals import Offer, receive, seal_upload

    with file.open("rb") as opened:
        recording, fault = seal_upload(iter(lambda: opened.read(1 << 20), b""))
    offer = Offer(
        center=_center(center),
        source="command",
        actor="system:command",
        name=file.name,
        recording=recording,
        call_data=call_file.read_bytes() if call_file else None,
        note=note,
        fault=fault,
    )
    received = receive(offer, now=timezone.now())
    click.echo(f"{received.call.number}{'' if received.is_new else ' (was here already)'}")


@main.command()
@says_errors
def verify() -> None:
    """Walk the store and the log, and name the first thing that does not fit.

    The exit status is 0 where everything fits, and 1 where something does not.
    """
    start_desk()
    make_tables()
    from tocsin.desk.records.verification import verify as walk
    from tocsin.errors import Tampered

    try:
        with waiting("verifying") as progress:
            found = walk(progress=progress)
    except Tampered as error:
        click.echo(f"DOES NOT FIT: {error.for_person()}")
        sys.exit(1)
    click.echo(
        f"All fits: {found.entries} log entries, {found.exhibits} exhibits, "
        f"{found.readings} hearings, statements, corrections and bulletins."
    )
    for digest in found.strays:
        click.echo(f"In the store without a record, perhaps of an upload that broke: {digest}")


@main.command()
@says_errors
def demo() -> None:
    """Play the demonstration call into the running installation."""
    start_desk()
    make_tables()
    from django.utils import timezone

    from tocsin.desk.records.commands.demonstration import play_demonstration

    call = play_demonstration(actor="system:command", now=timezone.now())
    click.echo(f"{call.number}: watch the board.")


@main.command()
@click.argument("number")
@says_errors
def cap(*, number: str) -> None:
    """Print the CAP message of a bulletin: of its last released version, or of NUMBER.VERSION."""
    start_desk()
    make_tables()
    from tocsin.desk.records.queries import cap_message, released_version

    sys.stdout.buffer.write(cap_message(released_version(number)))


@main.command()
@says_errors
def preflight() -> None:
    """Look for what would keep somebody from being told; severe faults: exit status 1."""
    start_desk()
    make_tables()
    from tocsin.desk.worker.preflight import look_now

    with waiting("asking the channels"):
        found = look_now(actor="system:command")
    for one in found:
        click.echo(f"{one.severity.value.upper()}: {one.sentence} {one.way_out}")
    if not found:
        click.echo("Nothing was found that would keep anybody from being told.")
    sys.exit(1 if any(one.severity == "severe" for one in found) else 0)


@main.command()
@click.argument("file", type=FILE)
@says_errors
def county(*, file: Path) -> None:
    """Load agencies, areas and people from a county file; docs/county-file.md describes it."""
    start_desk()
    make_tables()
    from django.utils import timezone

    from tocsin.desk.records.commands.county import load_county

    loaded = load_county(file.read_bytes(), actor="system:command", now=timezone.now())
    click.echo(f"{loaded.agencies} agencies, {loaded.areas} areas, {loaded.people} people.")


@main.command()
@click.argument("name")
@click.option("--center", default="", help="Key of the dispatch center; not needed for one.")
@says_errors
def key(*, name: str, center: str) -> None:
    """Make a key with which a machine, such as a recorder, can send calls. It is shown once."""
    start_desk()
    make_tables()
    from django.utils import timezone

    from tocsin.desk.records.commands.accounts import make_key

    secret = make_key(name, _center(center), actor="system:command", now=timezone.now())
    click.echo(secret)


@main.command()
@click.argument("login")
@says_errors
def password(*, login: str) -> None:
    """Give a person a one-time password; it is shown once, and must be changed at the sign-in."""
    start_desk()
    make_tables()
    from django.utils import timezone

    from tocsin.desk.records.commands.accounts import give_password

    click.echo(give_password(login, now=timezone.now()))


def _gazetteer(county: Path | None) -> "Gazetteer":
    from tocsin.desk.people.county import gazetteer_of, parse_county
    from tocsin.read import Gazetteer

    return gazetteer_of(parse_county(county.read_bytes())) if county else Gazetteer()


def _print_hearing(heard: "Hearing", statement: "Statement") -> None:
    """The words with their doubts, and what was read, for a person at a terminal."""
    from tocsin.warn import mark_doubts

    click.echo(mark_doubts(heard.text, heard.words) or "(no words)")
    quality = heard.quality
    click.echo(
        f"\n{quality.duration:.1f} s, {quality.speech:.1f} s of speech, {quality.codec}, "
        f"heard by {heard.engine}; [word?] = doubtful"
    )
    for indicator in heard.indicators:
        click.echo(f"- {indicator.sentence}")
    act = statement.speech_act.value.replace("_", " ")
    click.echo(f"\nRead as: {act}, level {statement.level} (score {statement.score:.2f})")
    for span in statement.spans:
        at = f" at {span.start_at:.1f} s" if span.start_at is not None else ""
        click.echo(f"  {span.field:12}{span.text}{at}")
    click.echo("A machine read this; it judges nothing.")


def _center(key: str) -> "Agency":
    from tocsin.desk.records.queries import the_center

    return the_center(key)


def _welcome(logins: "Logins | None") -> None:
    from django.conf import settings

    click.echo(f"\nTocsin is at {settings.TOCSIN.address}")
    if logins:
        kind = "one-time password" if logins.is_one_time else "password of all of them"
        click.echo(f"\nSign in as one of these; the {kind} is {logins.password}\n")
        for login, what in logins.people:
            click.echo(f"  {login:15}{what}")
    if logins and not logins.is_one_time:
        click.echo(
            "\nPress 'Play the demonstration call' on the board. Nothing leaves this machine."
        )
    click.echo("\nCtrl-C stops it.\n")


if __name__ == "__main__":
    main()
