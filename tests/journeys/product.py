"""The product as its own processes: a home, a database, pages, workers, and a county of six."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
from lxml import html

from tests.sinks import MailSink, free_port
from tocsin.desk import demo

T = TypeVar("T")

ALWAYS = {"name": "always", "weekdays": list(range(7)), "starts": "00:00", "ends": "00:00"}
SQUARE = [[[-105.2, 39.1], [-105.0, 39.1], [-105.0, 39.3], [-105.2, 39.3], [-105.2, 39.1]]]
SECONDS = 90
"""How long a journey waits for anything before it gives up."""


def a_person(login: str, agency: str, role: str, **more: Any) -> dict[str, Any]:
    """A person on duty always, reached by e-mail."""
    return {
        "login": login,
        "name": login.capitalize(),
        "agency": agency,
        "roles": [role],
        "addresses": [{"channel": "email", "value": f"{login}@example.org"}],
        "shifts": [ALWAYS],
        **more,
    }


def a_county() -> dict[str, Any]:
    """One center, one police department, the ground that the demonstration call names."""
    zone = "America/Denver"
    return {
        "agencies": [
            {"key": "north", "name": "North Communications", "kind": "dispatch", "zone": zone},
            {
                "key": "harlowe-pd",
                "name": "Harlowe Police",
                "kind": "police",
                "zone": zone,
                "center": "north",
            },
        ],
        "areas": {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"key": key, "name": name, "agencies": ["harlowe-pd"]},
                    "geometry": {"type": "Polygon", "coordinates": SQUARE},
                }
                for key, name in (("harlowe", "Harlowe"), ("keystone", "Keystone"))
            ],
        },
        "people": [
            a_person("sato", "north", "supervisor"),
            a_person("dana", "north", "call_taker"),
            a_person("ortiz", "harlowe-pd", "watch_commander"),
            *(
                a_person(login, "harlowe-pd", "officer", supervisor="ortiz")
                for login in ("reed", "grant", "delgado")
            ),
        ],
    }


class Product:
    """An installation in a folder of its own, and the processes that serve it."""

    def __init__(self, home: Path, sink: MailSink, **settings: str) -> None:
        self.home = home
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN_")}
        inherited.pop("DJANGO_SETTINGS_MODULE", None)
        self.environment = {
            **inherited,
            "TOCSIN_HOME": str(home),
            "TOCSIN_ADDRESS": self.address,
            "TOCSIN_SMTP_URL": f"smtp://127.0.0.1:{sink.port}",
            "TOCSIN_MAIL_FROM": "tocsin@example.org",
            "TOCSIN_LEASE": "5",
            **settings,
        }
        self.key = ""
        self._running: list[subprocess.Popen[bytes]] = []
        self._browsers: list[httpx.Client] = []

    def command(self, *arguments: str) -> str:
        """Run `tocsin ...` to its end; what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "tocsin.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start `tocsin ...`; its words go to a file in the home."""
        with (self.home / f"{arguments[0]}.log").open("ab") as words:
            process = subprocess.Popen(
                [sys.executable, "-m", "tocsin.cli", *arguments],
                env=self.environment,
                stdout=words,
                stderr=words,
            )
        self._running.append(process)
        return process

    def start_web(self) -> None:
        """Serve the pages, and wait until they answer."""
        self.start("web", "--port", str(self.port))
        until(lambda: httpx.get(f"{self.address}/login").status_code == 200)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL: no chance to tidy up."""
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything that runs."""
        for browser in self._browsers:
            browser.close()
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the product's own database."""
        socket = self.home / "postgres"
        with psycopg.connect(f"postgresql://postgres@/postgres?host={socket}") as link:
            return list(link.execute(question.encode(), values).fetchall())

    def ask_one(self, question: str, *values: object) -> Any:
        """The first value of the first row; None where there is none."""
        rows = self.ask(question, *values)
        return rows[0][0] if rows else None

    def tell(self, statement: str) -> None:
        """Change the product's own database: only where a test would else wait for the clock."""
        socket = self.home / "postgres"
        with psycopg.connect(f"postgresql://postgres@/postgres?host={socket}") as link:
            link.execute(statement.encode())

    def set_up(self) -> str:
        """Load the county and make a key; the key."""
        file = self.home / "county.json"
        file.write_text(json.dumps(a_county()))
        self.command("county", str(file))
        return self.command("key", "recorder")

    def sign_in(self, login: str) -> httpx.Client:
        """A browser of the person, who has chosen a password of his own."""
        given = self.command("password", login)
        client = httpx.Client(base_url=self.address, follow_redirects=True, timeout=20)
        self._browsers.append(client)
        page = self.post(client, "/login", {"username": login, "password": given})
        assert page.status_code == 200, page.text
        mine = "a long word of my own"
        page = self.post(client, "/password", {"old": given, "new": mine})
        assert page.status_code == 200, page.text
        return client

    def post(
        self, client: httpx.Client, path: str, fields: dict[str, Any], *, page: str = ""
    ) -> httpx.Response:
        """Fill in the form that goes to `path` as it stands on its page, and send it."""
        shown: Any = html.document_fromstring(client.get(page or path).text)
        form = next(
            form
            for form in shown.forms
            if form.method == "POST" and (form.action or path).partition("?")[0] == path
        )
        filled = {name: value for name, value in form.fields.items() if value is not None}
        return client.post(path, data=filled | fields, headers={"Referer": self.address})

    def send_call(self, key: str, **files: Any) -> httpx.Response:
        """Send a call over HTTP; the demonstration's recording unless another is given."""
        return httpx.post(
            f"{self.address}/api/calls",
            headers={"Authorization": f"Bearer {key}"},
            files=files or {"audio": ("call.wav", demo.recording(), "audio/wav")},
            timeout=30,
        )


@contextmanager
def a_product(sink: MailSink, **settings: str) -> Iterator[Product]:
    """An installation that leaves nothing behind."""
    home = Path(tempfile.mkdtemp(prefix="tj-", dir="/tmp"))  # its socket needs it short
    product = Product(home, sink, **settings)
    try:
        yield product
    finally:
        product.stop()
        shutil.rmtree(home, ignore_errors=True)


def until(question: Callable[[], T], *, seconds: float = SECONDS, pause: float = 0.1) -> T:
    """The first answer that is true."""
    end = time.monotonic() + seconds
    while True:
        try:
            answer = question()
        except (httpx.TransportError, psycopg.Error):
            pass  # not there yet
        else:
            if answer:
                return answer
        assert time.monotonic() < end, "waited too long"
        time.sleep(pause)
