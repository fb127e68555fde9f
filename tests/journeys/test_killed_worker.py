"""The worker is killed at five points between a recording and the last officer told."""

import re
import threading

import pytest

from tests.journeys.product import Product, a_product, until
from tests.sinks import MailSink, mail_sink

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("killed")]

EVERYBODY = {
    f"{name}@example.org" for name in ("sato", "dana", "ortiz", "reed", "grant", "delgado")
}


class Gatekeeper:
    """Holds the mail server's answer back, so that a worker is killed while it waits for it."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, recipient: str) -> None:
        self.reached.set()
        self.go_on.wait(60)


def killed_when(product: Product, question: str) -> None:
    """Start a worker, and kill it at the moment the record says so."""
    worker = product.start("work")
    until(lambda: product.ask_one(question), pause=0.005)
    product.kill(worker)


def killed_while_sending(product: Product, sink: MailSink, hook: str) -> None:
    """Start a worker, and kill it while the mail server holds its answer back."""
    gate = Gatekeeper()
    setattr(sink, hook, gate)
    worker = product.start("work")
    assert gate.reached.wait(60)
    product.kill(worker)
    setattr(sink, hook, None)
    gate.go_on.set()


def release(product: Product) -> None:
    """The watch commander releases what was drafted."""
    number = until(lambda: product.ask_one("SELECT number FROM records_bulletin"))
    client = product.sign_in("ortiz")
    answer = product.post(client, f"/bulletins/{number}/1/release", {})
    assert answer.status_code == 200, answer.text
    assert product.ask_one("SELECT state FROM records_bulletin") == "released"


def test_nothing_is_lost_and_everybody_is_told() -> None:
    with mail_sink() as sink, a_product(sink) as product:
        key = product.set_up()
        product.start_web()
        assert product.send_call(key).status_code == 201

        # 1: while it hears.
        killed_when(product, "SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'")
        assert product.ask_one("SELECT count(*) FROM records_hearing") == 0
        # 2: as soon as what it heard is on record.
        killed_when(product, "SELECT 1 FROM records_hearing")
        worker = product.start("work")
        until(lambda: product.ask_one("SELECT 1 FROM records_bulletin"))
        product.kill(worker)
        release(product)
        assert sink.letters == []
        # 3: before the mail server takes the first recipient.
        killed_while_sending(product, sink, "before_recipient")
        # 4: the mail server has the letter, and its answer never arrives.
        killed_while_sending(product, sink, "before_answer")
        # 5: between one letter and the next.
        killed_when(product, "SELECT 1 FROM records_delivery WHERE state = 'sent'")

        worker = product.start("work")
        until(lambda: not product.ask_one("SELECT 1 FROM records_delivery WHERE state <> 'sent'"))
        product.kill(worker)

        check_record(product)
        check_letters(product, sink)


def check_record(product: Product) -> None:
    """One call, heard and read once, one threat, one bulletin; and the log fits."""
    for table, count in (
        ("call", 1),
        ("hearing", 1),
        ("statement", 1),
        ("threat", 1),
        ("bulletin", 1),
        ("recipient", 6),
        ("delivery", 6),
    ):
        question = f"SELECT count(*) FROM records_{table}"  # noqa: S608 # names of ours
        assert product.ask_one(question) == count, table
    assert "All fits" in product.command("verify")


def check_letters(product: Product, sink: MailSink) -> None:
    """Everybody has the letter; who may have it twice was told so, and nobody else was."""
    letters: dict[str, list[bytes]] = {}
    for to, raw in sink.letters:
        letters.setdefault(to, []).append(raw)
    assert set(letters) == EVERYBODY
    doubled = {to for to, raws in letters.items() if len(raws) > 1}
    marked = {
        row[0]
        for row in product.ask("SELECT address FROM records_delivery WHERE is_perhaps_double")
    }
    assert doubled <= marked
    for to, raws in letters.items():
        names = {re.search(rb"Message-ID: (\S+)", raw).group(1) for raw in raws}  # type: ignore[union-attr]
        assert len(names) == 1
        assert (b"possibly sent twice" in raws[-1]) is (to in marked)


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand() -> None:
    with mail_sink() as sink, a_product(sink) as product:
        key = product.set_up()
        product.start_web()
        product.send_call(key)
        worker = product.start("work")
        until(lambda: product.ask_one("SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'"))

        worker.terminate()

        assert worker.wait(60) == 0
        assert product.ask_one("SELECT count(*) FROM records_hearing") == 1
