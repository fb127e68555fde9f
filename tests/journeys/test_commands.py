"""The command line as a person or a script uses it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.product import Product, a_product
from tests.sinks import MailSink
from tocsin.desk import demo

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("commands")]


def run(*arguments: str, typed: str = "", **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tocsin.cli", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **more,
    )


def lines(*items: dict[str, str]) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


def test_reading_answers_every_line_and_needs_no_database() -> None:
    typed = lines(
        {"id": "a", "text": "I am going to shoot the first cop I see", "kind": "transcript"},
        {"id": "b", "text": "my mother has chest pain please hurry", "kind": "asr"},
    )

    done = run("read", "--jsonl", typed=typed, env={"TOCSIN_DATABASE_URL": "nonsense"})

    assert done.returncode == 0, done.stderr
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["id"], first["own_threat"], first["speech_act"]) == ("a", True, "own_threat")
    assert first["level"] in {"suggest", "flag"}
    assert set(first) == {
        "id", "speech_act", "form", "own_threat", "score", "level", "review", "targets", "spans",
        "not_said",
    }  # fmt: skip
    for span in first["spans"]:
        text = "I am going to shoot the first cop I see"
        assert text[span["start"] : span["end"]] == span["text"]
    assert (second["id"], second["own_threat"], second["level"]) == ("b", False, "none")


def test_a_line_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    typed = '{"id": "a"\n' + lines({"id": "b", "text": "hello", "kind": "note"})

    done = run("read", "--jsonl", typed=typed)

    assert done.returncode == 2
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["id"] == "line 1"
    assert "JSON" in first["error"]
    assert second["id"] == "b"


def test_hearing_gives_words_facts_and_a_statement(tmp_path: Path) -> None:
    file = tmp_path / "odd \u202e name.wav"
    file.write_bytes(demo.recording())

    done = run("hear", str(file), "--json", env={"TOCSIN_DATABASE_URL": "nonsense"})

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "I will shoot him" in found["text"]
    assert found["statement"]["own_threat"] is True
    assert found["speech_seconds"] > 20
    assert found["quality"]["codec"] == "pcm_mulaw"
    starts = [word["start"] for word in found["words"]]
    assert starts == sorted(starts)
    assert all(0 <= word["confidence"] <= 1 for word in found["words"])


@pytest.mark.parametrize("content", [b"", b"a letter, not a sound"])
def test_what_cannot_be_heard_is_a_sentence_and_no_trace(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.wav"
    file.write_bytes(content)

    done = run("hear", str(file))

    assert done.returncode == 2
    assert done.stderr.startswith("tocsin: ")
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def product() -> Any:
    with a_product(MailSink(9)) as found:
        found.set_up()
        found.start_web()
        yield found


def test_submitting_twice_is_one_call(product: Product, tmp_path: Path) -> None:
    file, data = tmp_path / "call.wav", tmp_path / "call.json"
    file.write_bytes(demo.recording())
    data.write_text('{"started_at": "2026-03-01T21:04:05-07:00"}')

    first = product.command("submit", str(file), "--call", str(data))
    again = product.command("submit", str(file))

    assert again == f"{first} (was here already)"
    assert product.command("verify").startswith("All fits")


def test_a_changed_recording_is_found_by_the_command(product: Product) -> None:
    digest = product.ask_one("SELECT sha256 FROM records_exhibit WHERE kind = 'original'")
    file = product.home / "store" / digest[:2] / digest[2:4] / digest
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)

    done = run("verify", env=product.environment)

    assert done.returncode == 1
    assert done.stdout.startswith("DOES NOT FIT")
    assert digest in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cap", "B-1999-000001"), "no released bulletin"),
        (("demo",), "not loaded"),
        (("key", "x", "--center", "nowhere"), "nowhere"),
        (("password", "nobody"), "nobody"),
    ],
)
def test_what_is_not_there_is_a_sentence(
    product: Product, arguments: tuple[str, ...], words: str
) -> None:
    done = run(*arguments, env=product.environment)

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_too_deep_for_the_database_s_socket_is_a_clear_error(tmp_path: Path) -> None:
    home = tmp_path / ("deep" * 20)
    done = run("verify", env={"TOCSIN_HOME": str(home), "PATH": "/usr/bin:/bin"})

    assert done.returncode == 2
    assert "TOCSIN_HOME" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "setting",
    [{"TOCSIN_UPLOAD_LIMIT": "lots"}, {"TOCSIN_DATABASE_URL": "mysql://x"}],
)
def test_a_setting_that_does_not_fit_is_a_clear_error(
    tmp_path: Path, setting: dict[str, str]
) -> None:
    done = run("verify", env={"TOCSIN_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", **setting})

    assert done.returncode == 2
    assert next(iter(setting)) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_a_clear_error(product: Product) -> None:
    done = run("web", "--port", str(product.port), env=product.environment)

    assert done.returncode == 2
    assert "--port" in done.stderr


def test_help_explains_every_command() -> None:
    shown = run("--help").stdout

    for command in ("run", "web", "work", "submit", "verify", "demo", "cap", "hear", "read"):
        assert command in shown
        assert len(run(command, "--help").stdout) > 100
