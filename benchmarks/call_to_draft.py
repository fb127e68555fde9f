"""How long a 37 s call takes from upload to a drafted bulletin, step by step.

    .venv/bin/python -m benchmarks.call_to_draft

Starts the product in a folder of its own, sends the demonstration's recording over HTTP, each time
as other bytes, and watches its record every 5 ms. The first call also loads the models.
"""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from tests.journeys.product import Product, a_product, until
from tests.sinks import MailSink
from tocsin.desk import demo

RUNS = 5
STEPS = (
    ("upload to sealed", "under 2 s"),
    ("upload to transcript", ""),
    ("upload to draft", "under 15 s"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds from the first byte sent."""

    sealed: float
    transcript: float
    draft: float


def main() -> None:
    """Print the table."""
    with a_product(MailSink(9)) as product:
        product.key = product.set_up()
        process = product.start("run", "--port", str(product.port))
        until(lambda: httpx.get(f"{product.address}/login").status_code == 200)
        first, *runs = [one_run(product, number) for number in range(RUNS + 1)]
        memory = peak_memory(process.pid)
    show(first, runs, memory)


def one_run(product: Product, number: int) -> Run:
    """Send the call once, and watch the record."""
    recording = demo.recording() + b"note\4\0\0\0" + number.to_bytes(4, "little")
    socket = product.home / "postgres"
    with psycopg.connect(f"postgresql://postgres@/postgres?host={socket}") as link:
        link.autocommit = True
        start = time.perf_counter()
        answer = product.send_call(product.key, audio=("call.wav", recording, "audio/wav"))
        sealed = time.perf_counter() - start
        call = answer.json()["number"]
        seen = [
            watch(link, question, call, start)
            for question in (
                "SELECT 1 FROM records_hearing h JOIN records_call c ON c.id = h.call_id "
                "WHERE c.number = %s",
                "SELECT 1 FROM records_bulletin b JOIN records_threat_calls t "
                "ON t.threat_id = b.threat_id JOIN records_call c ON c.id = t.call_id "
                "WHERE c.number = %s",
            )
        ]
    return Run(sealed=sealed, transcript=seen[0], draft=seen[1])


def watch(link: "psycopg.Connection[tuple[int]]", question: str, call: str, start: float) -> float:
    """Seconds until the record holds a row."""
    while not link.execute(question.encode(), [call]).fetchone():
        time.sleep(0.005)
    return time.perf_counter() - start


def peak_memory(pid: int) -> dict[str, int]:
    """Most resident mebibytes of the product's process and of the one that hears."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = {"pages and worker": high_water(pid)}
    hearing = max((high_water(int(child)) for child in children), default=0)
    return found | {"hearing": hearing}


def high_water(pid: int) -> int:
    """Most resident mebibytes that a process ever had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def show(first: Run, runs: list[Run], memory: dict[str, int]) -> None:
    """Print what was measured."""
    seconds = 37.7
    table = Table(title=f"A call of {seconds} s, {len(runs)} runs after the first")
    for heading in ("step", "first", "least", "median", "most", "of real time", "target"):
        table.add_column(heading, justify="left" if heading == "step" else "right")
    for (name, target), field in zip(STEPS, ("sealed", "transcript", "draft"), strict=True):
        found = [getattr(run, field) for run in runs]
        middle = statistics.median(found)
        cells = [getattr(first, field), min(found), middle, max(found)]
        shown = [f"{cell:.2f} s" for cell in cells]
        table.add_row(name, *shown, f"{100 * middle / seconds:.0f} %", target)
    console = Console(width=100)
    console.print(table)
    for name, mebibytes in memory.items():
        console.print(f"peak memory of {name}: {mebibytes} MiB")


if __name__ == "__main__":
    main()
