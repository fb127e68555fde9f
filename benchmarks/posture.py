"""The posture under load: `python -m benchmarks.posture [--units 2000] [--seconds 600]`.

The product as its own processes over its own PostgreSQL. A machine sends every unit once a second
by HTTP; each second some of them lose their partner and others get one back. Beside it another
machine asks the gate, and a signed-in page follows the live stream and fetches the posture board
again when it is told to. Measured, from the moment at which the sender began to send:

- when the breach was on record, and when it was on the page that the person has open;
- how long the gate took to answer, as its asker sees it;
- how many reports were taken in a second.

Then the plans (`benchmarks.posture_pairing`) and the price (`benchmarks.posture_price`).
"""

import argparse
import json
import math
import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from lxml import html
from rich.console import Console
from rich.table import Table

from benchmarks import posture_pairing, posture_price
from tests.journeys.product import Product, a_product, until
from tests.sinks import MailSink

FLIPS = 10
"""Units that lose their partner in each second, and as many that get one back."""

ALONE_FOR = 6
"""Seconds for which each of them stays alone."""

ASKED = 10
"""Questions to the gate in a second."""


@dataclass(slots=True)
class Seen:
    """What was measured; all moments by the monotonic clock, in seconds.

    Attributes:
        began: by call sign, when the message was sent that says that it is alone.
        sent_at: likewise by the clock on the wall; of each call sign the last time.
        recorded: seconds until the breach was on record.
        shown: seconds until it was on the open page.
        sent: seconds that each message took.
        asked: seconds that each question to the gate took.
        answers: what the gate said, counted.
    """

    began: dict[str, float] = field(default_factory=dict)
    sent_at: dict[str, datetime] = field(default_factory=dict)
    recorded: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    is_over: bool = False


class Fleet:
    """Invented cars of one agency, driving about; most with two officers."""

    def __init__(self, units: int) -> None:
        self._draw = random.Random(7)  # noqa: S311 # invents a fleet, guards nothing
        self.signs = [f"C{number}" for number in range(units)]
        self.alone: dict[str, int] = {}
        side = math.ceil(math.sqrt(units))
        step = 0.18 / side
        self._start = {
            sign: (-105.19 + step * (number % side), 39.11 + step * (number // side))
            for number, sign in enumerate(self.signs)
        }

    def turn(self) -> tuple[list[str], list[str]]:
        """Some lose their partner; who has been alone for long enough gets one back."""
        back = [sign for sign, turns in self.alone.items() if turns >= ALONE_FOR]
        lone = self._draw.sample([one for one in self.signs if one not in self.alone], FLIPS)
        stay = {sign: turns + 1 for sign, turns in self.alone.items() if sign not in back}
        self.alone = stay | dict.fromkeys(lone, 1)
        return lone, back

    def rows(self, second: int) -> bytes:
        """The message of this second: every unit, as native JSON."""
        now = _now().isoformat()
        return json.dumps([self._row(sign, second, now) for sign in self.signs]).encode()

    def _row(self, sign: str, second: int, now: str) -> dict[str, Any]:
        lon, lat = self._start[sign]
        turn = second / 60 + lon * 100
        crew = [{"person": f"{sign}-a", "role": "officer"}]
        if sign not in self.alone:
            crew.append({"person": f"{sign}-b", "role": "officer"})
        return {
            "call_sign": sign,
            "agency": "harlowe-pd",
            "reported_at": now,
            "kind": "car",
            "status": "available",
            "crew": crew,
            "position": {
                "lon": lon + 0.001 * math.cos(turn),
                "lat": lat + 0.001 * math.sin(turn),
                "at": now,
            },
        }


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--alone", action="store_true", help="the feed and the gate alone")
    given = parser.parse_args()
    console = Console(width=120)
    console.print(live(given.units, given.seconds))
    if given.alone:
        return
    console.print(posture_pairing.table())
    for found in posture_price.tables():
        console.print(found)


def live(units: int, seconds: int) -> Table:
    """The feed, the watch, the page and the gate together."""
    with a_product(MailSink(9)) as product:
        product.set_up()
        product.start_web()
        product.start("work")
        key = product.command("key", "cad")
        client = product.sign_in("ortiz")
        order(product, client)
        return measure(product, client, key, units=units, seconds=seconds)


def order(product: Product, client: httpx.Client) -> None:
    """Two to a car for Harlowe Police, ordered by its watch commander on the demonstration call."""
    product.send_call(product.command("key", "calls"))
    number = until(lambda: product.ask_one("SELECT number FROM records_bulletin"), seconds=300)
    expect(product.post(client, f"/bulletins/{number}/1/release", {"hours": "12"}).status_code, 200)
    threat = product.ask_one("SELECT number FROM records_threat")
    place = f"/orders/new?threat={threat}"
    form = html.document_fromstring(client.get(place).text).get_element_by_id("edit")
    facts = {
        "csrfmiddlewaretoken": form.fields["csrfmiddlewaretoken"],
        "threat": threat,
        "measures": "two_to_a_car",
        "agencies": "harlowe-pd",
        "breaks_at": "anywhere",
        "because": "measured",
        "review_at": form.fields["review_at"],
    }
    answer = client.post("/orders/new", data=facts, headers={"Referer": product.address})
    expect(answer.status_code, 200)
    made = product.ask_one("SELECT number FROM records_order")
    expect(
        product.post(client, f"/orders/{made}/make", {}, page=f"/orders/{made}").status_code, 200
    )
    expect(product.ask_one("SELECT state FROM records_order"), "in_force")


def measure(product: Product, client: httpx.Client, key: str, *, units: int, seconds: int) -> Table:
    """Send, ask and look at the same time, and say what was seen."""
    seen, fleet = Seen(), Fleet(units)
    header = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=product.address, headers=header, timeout=60) as cad:
        cad.post("/api/posture/units", content=fleet.rows(0)).raise_for_status()
        threads = [
            threading.Thread(target=follow, args=(product, client, seen), daemon=True),
            threading.Thread(target=ask, args=(product, header, fleet, seen), daemon=True),
        ]
        for thread in threads:
            thread.start()
        time.sleep(3)
        send(cad, fleet, seen, seconds)
        time.sleep(5)
    seen.is_over = True
    for thread in threads:
        thread.join(10)
    record(product, seen)
    return table(seen, units, seconds)


def send(cad: httpx.Client, fleet: Fleet, seen: Seen, seconds: int) -> None:
    """Every unit once a second, for so long; a message that is late delays the next."""
    started = time.monotonic()
    for second in range(seconds):
        time.sleep(max(0.0, started + second - time.monotonic()))
        lone, back = fleet.turn()
        content = fleet.rows(second)
        for sign in back:
            seen.began.pop(sign, None)
        at = time.monotonic()
        seen.began.update(dict.fromkeys(lone, at))
        seen.sent_at.update(dict.fromkeys(lone, _now()))
        cad.post("/api/posture/units", content=content).raise_for_status()
        seen.sent.append(time.monotonic() - at)


def follow(product: Product, client: httpx.Client, seen: Seen) -> None:
    """Keep the board open: it is fetched again whenever the stream tells of the posture."""
    page = httpx.Client(base_url=product.address, cookies=client.cookies, timeout=30)
    with page, page.stream("GET", "/live") as stream:
        for line in stream.iter_lines():
            if seen.is_over:
                return
            if line.startswith("data: posture:"):
                look(page, seen)


def look(page: httpx.Client, seen: Seen) -> None:
    """Note who stands on the board for the first time since he was alone."""
    waiting = dict(seen.began)
    text = page.get("/posture").text
    at = time.monotonic()
    for sign, began in waiting.items():
        if f">{sign}<" in text and seen.began.get(sign) == began:
            del seen.began[sign]
            seen.shown.append(at - began)


def ask(product: Product, header: dict[str, str], fleet: Fleet, seen: Seen) -> None:
    """Ask the gate, so often in a second."""
    draw = random.Random(11)  # noqa: S311 # chooses units, guards nothing
    with httpx.Client(base_url=product.address, headers=header, timeout=30) as cad:
        while not seen.is_over:
            started = time.monotonic()
            place = {"lat": draw.uniform(39.11, 39.29), "lon": draw.uniform(-105.19, -105.01)}
            call = {"number": f"26-{draw.randrange(10_000)}", "type": "alarm", "place": place}
            question = {"unit": draw.choice(fleet.signs), "call": call}
            answer = cad.post("/api/posture/check", json=question).raise_for_status()
            seen.asked.append(time.monotonic() - started)
            said = answer.json()["answer"]
            seen.answers[said] = seen.answers.get(said, 0) + 1
            time.sleep(max(0.0, started + 1 / ASKED - time.monotonic()))


def record(product: Product, seen: Seen) -> None:
    """By the record: how long after its message each breach was written."""
    rows = product.ask("SELECT unit, written_at FROM records_breach")
    for sign, sent_at in seen.sent_at.items():
        later = [at for unit, at in rows if unit.endswith(f"/{sign}") and at >= sent_at]
        if later:
            seen.recorded.append((min(later) - sent_at).total_seconds())
        else:
            seen.lost += 1


def table(seen: Seen, units: int, seconds: int) -> Table:
    """All that was seen, with its limit."""
    found = Table(title=f"{units:,} units, each once a second, for {seconds} s")
    for heading in ("what", "n", "p50", "p90", "p99", "most", "limit (p99)"):
        found.add_column(heading, justify="left" if heading == "what" else "right")

    def line(what: str, values: Sequence[float], limit: str = "") -> None:
        found.add_row(what, f"{len(values):,}", *percentiles(values), limit)

    line("from sending to the breach on record", seen.recorded)
    line("from sending to the breach on an open page", seen.shown, "2,000 ms")
    line("a message of all units, sent and answered", seen.sent)
    line("the gate, asked and answered", seen.asked, "50 ms")
    rate = units * len(seen.sent) / max(seconds, sum(seen.sent))
    said = ", ".join(f"{word} {many}" for word, many in sorted(seen.answers.items()))
    found.caption = (
        f"{rate:,.0f} reports a second were taken. The gate said: {said}. "
        f"Breaches that never came on record: {seen.lost}."
    )
    return found


def percentiles(values: Sequence[float]) -> Iterator[str]:
    """50th, 90th and 99th, and the most, of seconds."""
    ordered = sorted(values) or [math.nan]
    for share in (0.5, 0.9, 0.99, 1.0):
        yield f"{1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]:,.0f} ms"


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 # a sender's own clock


def expect(found: object, wanted: object) -> None:
    """Stop where the product does not do what is measured."""
    if found != wanted:
        raise SystemExit(f"{found!r} came and {wanted!r} was expected")


if __name__ == "__main__":
    main()
