"""The command `tocsin drill`: practise with a recorded call."""

import click

from tocsin.terminal import make_tables, says_errors, start_desk


@click.group()
def drill() -> None:
    """Practise with a recorded call: all says EXERCISE, and nothing leaves this machine."""


@drill.command()
@click.argument("title")
@click.option("--as", "login", required=True, help="Login of the person who runs it.")
@click.option("--case", "number", default="", help="Number of the call that is replayed.")
@click.option("--center", default="", help="Key of the dispatch center; not needed for one.")
@says_errors
def start(*, title: str, login: str, number: str, center: str) -> None:
    """Start a drill; the recording of the case is heard again, as if the call had ended now."""
    start_desk()
    make_tables()
    from django.utils import timezone

    from tocsin.desk.records.access import find_call, find_person
    from tocsin.desk.records.commands.drills import start_drill
    from tocsin.desk.records.queries import the_center

    person = find_person(login)
    case = find_call(number, person) if number else None
    now = timezone.now()
    row = start_drill(the_center(center), title=title, case=case, person=person, now=now)
    click.echo(f"{row.number}: its threat is {row.threat}.")


@drill.command()
@click.argument("number")
@click.option("--as", "login", required=True, help="Login of the person who ends it.")
@says_errors
def end(*, number: str, login: str) -> None:
    """End a drill: its bulletins are cancelled, and each interval is set against its goal."""
    start_desk()
    make_tables()
    from django.utils import timezone

    from tocsin.desk.records.access import find_person
    from tocsin.desk.records.boards.drills import find_drill, score_lines
    from tocsin.desk.records.commands.drills import end_drill

    person = find_person(login)
    row = end_drill(find_drill(number, person), person=person, now=timezone.now())
    for line in score_lines(row):
        click.echo(line)


@drill.command("list")
@click.option("--center", default="", help="Key of the dispatch center; not needed for one.")
@says_errors
def list_drills(*, center: str) -> None:
    """List the drills, the last one first, with how many goals each has met."""
    start_desk()
    make_tables()
    from tocsin.desk.records.boards.drills import all_drills, line_of
    from tocsin.desk.records.queries import the_center

    for row in all_drills(the_center(center)):
        click.echo(line_of(row))
