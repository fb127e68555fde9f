"""Uploads that break, against the real server: bounded while they stream, and kept."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from tests.journeys.product import Product, a_product, until
from tests.sinks import MailSink
from tocsin.desk import demo

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("uploads")]

LIMIT = 3_000_000
HEAD = (
    b'--edge\r\nContent-Disposition: form-data; name="audio"; filename="big.wav"\r\n'
    b"Content-Type: audio/wav\r\n\r\n"
)


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with a_product(MailSink(9), TOCSIN_UPLOAD_LIMIT=str(LIMIT)) as found:
        found.key = found.set_up()
        found.start_web()
        yield found


def headers(product: Product, **more: str) -> dict[str, str]:
    kind = "multipart/form-data; boundary=edge"
    return {"Authorization": f"Bearer {product.key}", "Content-Type": kind, **more}


def fragments(product: Product) -> list[tuple[str, int, str]]:
    """What was kept of broken uploads: outcome, size, reason."""
    return product.ask(
        "SELECT a.outcome, e.size, a.reason FROM records_arrival a "
        "JOIN records_exhibit e ON e.id = a.recording_id WHERE e.kind = 'fragment' ORDER BY a.id"
    )


def announced(product: Product, path: str, **more: str) -> tuple[int, str]:
    """What is answered to a body that says it is too large, before any of it is sent."""
    link = http.client.HTTPConnection("127.0.0.1", product.port, timeout=20)
    link.putrequest("POST", path)
    for name, value in headers(product, **{"Content-Length": str(10**12)}, **more).items():
        link.putheader(name, value)
    link.endheaders()
    answer = link.getresponse()
    text = answer.read().decode()
    link.close()
    return answer.status, text


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(product: Product) -> None:
    status, text = announced(product, "/api/calls")

    assert status == 413
    assert "TOCSIN_UPLOAD_LIMIT" in json.loads(text)["way_out"]


def test_a_person_is_refused_by_a_page(product: Product) -> None:
    status, text = announced(product, "/calls/new", Accept="text/html")

    assert status == 413
    assert "<h1>That was not done</h1>" in text
    assert "TOCSIN_UPLOAD_LIMIT" in text


def test_a_stream_that_grows_too_large_is_stopped_and_what_came_is_kept(product: Product) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield HEAD
        while True:
            sent += 65536
            yield demo.recording()[:65536].ljust(65536, b"x")

    address = f"{product.address}/api/calls"
    # The server answers and hangs up while we still send: which of the two we meet is chance.
    with suppress(httpx.TransportError):
        answer = httpx.post(address, headers=headers(product), content=endless(), timeout=30)
        assert answer.status_code == 413

    assert sent < 100 * LIMIT
    until(lambda: fragments(product))
    outcome, size, reason = fragments(product)[-1]
    assert outcome == "refused"
    assert LIMIT // 2 < size <= LIMIT
    assert "larger than 3,000,000 bytes" in reason


def test_a_sender_that_vanishes_leaves_what_came(product: Product) -> None:
    before = len(fragments(product))
    part = demo.recording()[:100_000]
    lines = [f"{k}: {v}" for k, v in headers(product, **{"Content-Length": "300000"}).items()]
    request = "\r\n".join(["POST /api/calls HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""])
    with socket.create_connection(("127.0.0.1", product.port), timeout=20) as link:
        link.sendall(request.encode() + HEAD + part)

    until(lambda: len(fragments(product)) > before)
    outcome, size, reason = fragments(product)[-1]
    assert (outcome, size) == ("refused", len(part))
    assert "stopped before the end" in reason
    assert product.ask_one("SELECT count(*) FROM records_call") == 0
    assert "All fits" in product.command("verify")


def test_nothing_is_kept_of_a_stranger(product: Product) -> None:
    before = product.ask_one("SELECT count(*) FROM records_arrival")
    stranger = headers(product) | {"Authorization": "Bearer guess", "Content-Length": "300000"}
    lines = [f"{k}: {v}" for k, v in stranger.items()]
    request = "\r\n".join(["POST /api/calls HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""])
    with socket.create_connection(("127.0.0.1", product.port), timeout=20) as link:
        link.sendall(request.encode() + HEAD + b"x" * 1000)

    until(lambda: b"nobody known" in (product.home / "web.log").read_bytes())
    assert product.ask_one("SELECT count(*) FROM records_arrival") == before


def test_a_body_elsewhere_is_bounded_too(product: Product) -> None:
    answer = httpx.post(f"{product.address}/login", content=b"x" * 5_000_000, timeout=20)

    assert answer.status_code == 413
