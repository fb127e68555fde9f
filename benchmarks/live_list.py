"""How soon every open console shows an acknowledgment, and how soon its sender is answered.

    .venv/bin/python -m benchmarks.live_list [--apart]

Starts the product in a folder of its own, pages and worker in one process (`tocsin run`) or in two
(`--apart`: `tocsin web`, `tocsin work`), tells 2,000 officers of a bulletin, opens the list on 200
consoles, each with a session of its own, and acknowledges through the officers' links: at 20 a
second for 20 s, in which each console's part must arrive, then at 100 a second for 10 s. Consoles
and senders share the machine with the product.

Two times are taken for each console and acknowledgment: from the moment the sender has his answer,
which is after the commit, and from the moment he pressed. The console shows it when the event that
takes the person off the list has arrived whole.
"""

import argparse
import asyncio
import json
import multiprocessing
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

import httpx
from rich.console import Console
from rich.table import Table

from tests.journeys.product import Product, a_county, a_person, a_product, until
from tests.sinks import MailSink

CONSOLES = 200
OFFICERS = 2000
AGENCIES = 20
SHOW_LIMIT = 250.0
POST_LIMIT = 100.0
"""Milliseconds at the 99th percentile."""

FIRST = 10.0
"""Seconds in which every console gets the whole list."""

_GONE = re.compile(rb'"(p-\d+)"')

_SESSIONS = """
import sys, django
django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tocsin.desk.people.models import Person
person = Person.objects.get(login="sato")
Person.objects.update(must_change_password=False)
for _ in range(int(sys.argv[1])):
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    print(store.session_key)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One acknowledgment: whose row, and when it was pressed and answered, in seconds."""

    row: str
    pressed_at: float
    answered_at: float

    @property
    def took(self) -> float:
        """Milliseconds until the answer."""
        return 1000 * (self.answered_at - self.pressed_at)


Arrivals = dict[str, list[float]]
"""For each row, when it left the list on each console."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apart", action="store_true", help="pages and worker in two processes")
    is_apart = parser.parse_args().apart
    with a_product(MailSink(9), TOCSIN_LISTED_AFTER="3600") as product:
        links = warn_everybody(product, is_apart=is_apart)
        sessions = sessions_of(product, CONSOLES)
        steady, arrivals = measure(product, sessions, links[:400], rate=20)
        storm, _ = measure(product, sessions, links[400:1400], rate=100)
        alone, _ = measure(product, [], links[1400:2000], rate=100)
    show(steady, arrivals, storm, alone)


def warn_everybody(product: Product, *, is_apart: bool) -> list[tuple[str, str]]:
    """A bulletin is out and all its messages are; each officer's row and link, worst first."""
    file = product.home / "county.json"
    file.write_text(json.dumps(big_county()))
    product.command("county", str(file))
    key = product.command("key", "recorder")
    if is_apart:
        product.start("work")
    product.start("web" if is_apart else "run", "--port", str(product.port))
    until(lambda: httpx.get(f"{product.address}/login").status_code == 200)
    product.send_call(key)
    number = until(lambda: product.ask_one("SELECT number FROM records_bulletin"))
    path = f"/bulletins/{number}/1/release"
    expect(product.post(product.sign_in("sato"), path, {"hours": "12"}).status_code, 200)
    waiting = "SELECT count(*) FROM records_delivery WHERE state <> 'sent'"
    told = "SELECT count(*) FROM records_delivery"
    until(lambda: product.ask_one(told) > OFFICERS and not product.ask_one(waiting), seconds=300)
    rows = product.ask(
        "SELECT 'p-' || r.id, d.link FROM records_recipient r "
        "JOIN records_delivery d ON d.recipient_id = r.id JOIN people_person p ON "
        "p.id = r.person_id JOIN people_agency a ON a.id = r.agency_id "
        "WHERE p.login LIKE 'officer%%' ORDER BY r.since, a.name, p.unit, r.id"
    )
    return [(str(row), urlsplit(str(link)).path) for row, link in rows]


def big_county() -> dict[str, Any]:
    """One center, twenty departments of a hundred officers."""
    county = a_county()
    pattern = county["agencies"][1]
    keys = [f"pd-{number:02}" for number in range(AGENCIES)]
    county["agencies"] += [{**pattern, "key": key, "name": f"Police {key}"} for key in keys]
    for area in county["areas"]["features"]:
        area["properties"]["agencies"] = ["harlowe-pd", *keys]
    here = [{"channel": "memory", "value": "here"}]
    for number in range(OFFICERS):
        login, agency = f"officer{number:04}", keys[number % AGENCIES]
        more = {"addresses": here, "unit": f"U{number:04}", "supervisor": "ortiz"}
        county["people"].append(a_person(login, agency, "officer", **more))
    for person in county["people"]:
        person["addresses"] = here
    return county


def sessions_of(product: Product, number: int) -> list[str]:
    """Keys of so many sessions of the supervisor."""
    address = f"postgresql://postgres@/postgres?host={product.home / 'postgres'}"
    done = subprocess.run(
        [sys.executable, "-c", _SESSIONS, str(number)],
        env={
            **product.environment,
            "DJANGO_SETTINGS_MODULE": "tocsin.desk.settings",
            "TOCSIN_DATABASE_URL": address,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def measure(
    product: Product, sessions: Sequence[str], links: Sequence[tuple[str, str]], *, rate: int
) -> tuple[list[Press], Arrivals]:
    """Acknowledge at this rate while the consoles listen."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=listen, args=(product.port, sessions, theirs))
    process.start()
    theirs.close()
    expect(ours.recv(), "open")
    time.sleep(1)
    presses = asyncio.run(press_all(product.address, links, rate=rate))
    time.sleep(2)
    ours.send("enough")
    arrivals: Arrivals = ours.recv()
    process.join()
    return presses, arrivals


async def press_all(address: str, links: Sequence[tuple[str, str]], *, rate: int) -> list[Press]:
    """One press after the other, at this rate, whether those before were answered or not."""
    # Connections are given up before the server closes them: at 5 s both would at once.
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=2.0)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=600) as client:
        start = time.perf_counter() + 0.2

        async def press(number: int, row: str, path: str) -> Press:
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            pressed_at = time.perf_counter()
            answer = await client.post(path)
            expect(answer.status_code, 302)
            return Press(row=row, pressed_at=pressed_at, answered_at=time.perf_counter())

        presses = (press(number, row, path) for number, (row, path) in enumerate(links))
        return await asyncio.gather(*presses)


def listen(port: int, sessions: Sequence[str], to: Connection) -> None:
    """Hold the consoles' streams open until it is enough; send when each row left each list."""
    to.send(asyncio.run(_listen(port, sessions, to)))


async def _listen(port: int, sessions: Sequence[str], to: Connection) -> Arrivals:
    consoles = await asyncio.gather(*(_open(port, session) for session in sessions))
    pieces: list[list[tuple[float, bytes]]] = [[] for _ in consoles]
    readers = [
        asyncio.create_task(_read(stream, kept))
        for (stream, _), kept in zip(consoles, pieces, strict=True)
    ]
    await asyncio.sleep(FIRST)
    expect(all(sum(len(piece) for _, piece in kept) > 50_000 for kept in pieces), True)
    to.send("open")
    await asyncio.to_thread(to.recv)
    for reader in readers:
        reader.cancel()
    arrivals: Arrivals = {}
    for kept in pieces:
        for at, event in _events(kept):
            gone, _, _ = event.partition(b'"put"')
            for row in _GONE.findall(gone):
                arrivals.setdefault(row.decode(), []).append(at)
    return arrivals


async def _open(port: int, session: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    stream, out = await asyncio.open_connection("127.0.0.1", port, limit=4_000_000)
    out.write(
        b"GET /live?list HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Cookie: sessionid=" + session.encode() + b"\r\n\r\n"
    )
    head = await stream.readuntil(b"\r\n\r\n")
    expect(head.split(b" ")[1], b"200")
    return stream, out


async def _read(stream: asyncio.StreamReader, kept: list[tuple[float, bytes]]) -> None:
    while chunk := await stream.read(1_000_000):
        kept.append((time.perf_counter(), chunk))


def _events(pieces: Iterable[tuple[float, bytes]]) -> Iterable[tuple[float, bytes]]:
    """The list's events that bring changes, each with the moment at which its last byte came."""
    held = b""
    for at, piece in pieces:
        held += piece
        *whole, held = held.split(b"\n\n")
        for event in whole:
            _, mark, change = event.partition(b'{"some":{')
            people = change.partition(b'"list-people":')[2]
            if mark and people:
                yield at, people


def percentiles(found: Sequence[float]) -> list[str]:
    """50th, 90th and 99th, and the most."""
    ordered = sorted(found)
    places = [int(len(ordered) * share) for share in (0.5, 0.9, 0.99)]
    return [f"{ordered[min(place, len(ordered) - 1)]:.0f} ms" for place in (*places, len(ordered))]


def show(steady: list[Press], arrivals: Arrivals, storm: list[Press], alone: list[Press]) -> None:
    """Print what was measured."""
    table = Table(title=f"{OFFICERS} people told, {CONSOLES} consoles open")
    for heading in ("what", "n", "p50", "p90", "p99", "most", "limit (p99)"):
        table.add_column(heading, justify="left" if heading == "what" else "right")

    def line(what: str, found: Sequence[float], limit: float | None) -> None:
        shown = f"{limit:.0f} ms" if limit else ""
        table.add_row(what, str(len(found)), *percentiles(found), shown)

    each = [(press, at) for press in steady for at in arrivals.get(press.row, [])]
    line("20/s: from answer to console", [ms(at - p.answered_at) for p, at in each], SHOW_LIMIT)
    line("20/s: from press to console", [ms(at - p.pressed_at) for p, at in each], None)
    line("20/s: from press to answer", [press.took for press in steady], None)
    line("100/s: from press to answer", [press.took for press in storm], POST_LIMIT)
    line("100/s, no console open: the same", [press.took for press in alone], POST_LIMIT)
    console = Console(width=110)
    console.print(table)
    console.print(f"expected arrivals: {len(steady) * CONSOLES}; came: {len(each)}")
    last = max(press.answered_at for press in storm) - min(press.pressed_at for press in storm)
    console.print(f"100/s: {len(storm)} acknowledgments were answered in {last:.1f} s")


def expect(found: object, wanted: object) -> None:
    """Stop where the product does not do what is measured."""
    if found != wanted:
        raise SystemExit(f"{found!r} came and {wanted!r} was expected")


def ms(seconds: float) -> float:
    """Milliseconds."""
    return 1000 * seconds


if __name__ == "__main__":
    main()
