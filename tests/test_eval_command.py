"""`tocsin eval` as a person uses it: on good files, broken ones and hostile ones."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tocsin.evaluating import LARGEST_FILE

THREATS = [
    "i'm gonna shoot the first cop i see tonight",
    "I am going to kill you if you come to my house again",
    "there's a bomb in the courthouse and it goes off at noon",
]
HARMLESS = ["my mother has chest pain please hurry", "there is a cow on the highway by the barn"]


def an_item(name: str, text: str, act: str, **more: Any) -> dict[str, Any]:
    form = "direct" if act == "own_threat" else "none"
    return {
        "id": name,
        "kind": "transcript",
        "text": text,
        "speech_act": act,
        "form": form,
        "targets_police": "cop" in text,
        "spans": [],
        **more,
    }


def some_items() -> list[dict[str, Any]]:
    mark = {"field": "target", "start": 10, "end": 29, "text": "shoot the first cop"}
    return [
        an_item("t0", THREATS[0], "own_threat", kind="asr", spans=[mark], author="me"),
        *(an_item(f"t{n}", text, "own_threat") for n, text in enumerate(THREATS[1:], start=1)),
        *(an_item(f"h{n}", text, "other") for n, text in enumerate(HARMLESS)),
        an_item("m0", "the \U0001f33c will know what to do with them", "own_threat"),
    ]


def a_file(folder: Path, *lines: Any, name: str = "mine.jsonl") -> Path:
    file = folder / name
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return file


def some_calls(folder: Path) -> Path:
    said = "zebrafish okay ma'am the address is twelve elm street apartment four please hurry now"
    angry = "zebrafish i am going to shoot every cop that comes to my door tonight i swear it"
    calls = [{"turns": [{"role": "caller", "text": said}] * 10} for _ in range(9)]
    calls.append({"turns": [{"role": "caller", "text": angry}]})
    return a_file(folder, *calls, name="calls.jsonl")


def run(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN_")}
    # Without a database that could be reached: none is needed.
    told = {"TOCSIN_DATABASE_URL": "nonsense", "TOCSIN_REFERENCE_DATA": "/nowhere", **settings}
    return subprocess.run(
        [sys.executable, "-m", "tocsin.cli", "eval", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**inherited, **told},
    )


def test_a_good_file_is_measured(tmp_path: Path) -> None:
    into = tmp_path / "figures.json"

    done = run(a_file(tmp_path, *some_items()), "--json", into)

    assert done.returncode == 0, done.stderr
    assert "6 texts, 4 own threats, 2 others" in done.stdout
    for words in ("average precision", "area under", "suggest", "flag", "third_party_report"):
        assert words in done.stdout
    figures = json.loads(into.read_text("utf-8"))
    assert (figures["texts"], figures["own_threats"], figures["ordinary_windows"]) == (6, 4, 0)
    suggest = figures["thresholds"][0]
    assert (suggest["recall"]["hits"], suggest["recall"]["of"]) == (3, 4)
    assert suggest["recall"]["low"] < 0.75 < suggest["recall"]["high"]
    assert (suggest["alarms"]["hits"], suggest["alarms"]["of"]) == (0, 2)
    assert suggest["ordinary"] is None
    assert figures["area"]["value"] > 0.8
    assert [one["id"] for one in figures["misses"]] == ["m0"]
    police = next(one for one in figures["groups"] if one["name"] == "police")
    assert police["recall"]["suggest"]["of"] == 1
    assert figures["speech_acts"]["read_as"]["other"]["own_threat"] == 0
    target = next(one for one in figures["spans"] if one["field"] == "target")
    assert target["recall"] == {"hits": 1, "of": 1, "value": 1, "low": pytest.approx(0.2065, abs=1e-4), "high": 1}  # fmt: skip # noqa: E501


def test_without_ordinary_calls_it_says_so(tmp_path: Path) -> None:
    done = run(a_file(tmp_path, *some_items()))

    assert "No ordinary calls can be read at /nowhere/text/ordinary-calls.jsonl" in " ".join(
        done.stdout.split()
    )
    assert "in 1,000" not in done.stdout


@pytest.mark.parametrize("how", ["named", "by the setting"])
def test_ordinary_calls_set_thresholds_and_are_only_counted(tmp_path: Path, how: str) -> None:
    mine, into = a_file(tmp_path, *some_items()), tmp_path / "figures.json"
    (tmp_path / "text").mkdir()
    calls = some_calls(tmp_path).rename(tmp_path / "text" / "ordinary-calls.jsonl")

    if how == "named":
        done = run(mine, "--json", into, "--ordinary", calls)
    else:
        done = run(mine, "--json", into, TOCSIN_REFERENCE_DATA=str(tmp_path))

    assert done.returncode == 0, done.stderr
    figures = json.loads(into.read_text("utf-8"))
    assert figures["ordinary_windows"] > 90
    assert [one["name"] for one in figures["thresholds"]] == [
        "suggest", "flag", "1 in 1,000", "5 in 1,000",
    ]  # fmt: skip
    suggest, _, rare, _ = figures["thresholds"]
    assert suggest["ordinary"]["hits"] == 2  # the angry window, among all turns and callers' own
    assert rare["ordinary"]["hits"] == 0
    everything = done.stdout + done.stderr + into.read_text("utf-8")
    assert "zebrafish" not in everything
    assert "elm street" not in everything


def test_a_broken_file_of_ordinary_calls_is_refused_and_not_repeated(tmp_path: Path) -> None:
    calls = a_file(
        tmp_path,
        {"turns": [{"role": "caller", "text": "one two three four five"}]},
        {"turns": [{"role": "caller", "text": ["zebrafish"]}]},
        '{"turns": [{"role": "caller", "text": "zebrafish',
        name="calls.jsonl",
    )

    done = run(a_file(tmp_path, *some_items()), "--ordinary", calls)

    assert done.returncode == 2
    assert "line 2: its `turns[0].text` is no string" in done.stderr
    assert "line 3: it is not JSON" in done.stderr
    assert "zebrafish" not in done.stderr + done.stdout


def test_every_bad_line_is_named_and_nothing_is_measured(tmp_path: Path) -> None:
    good = some_items()
    bad_span = {"field": "harm", "start": 3, "end": 9, "text": "shoot the"}
    file = a_file(
        tmp_path,
        good[0],
        "{",
        "",
        {**good[1], "kind": "letter"},
        {**good[2], "id": "t0"},
        {**good[0], "id": "x", "spans": [bad_span]},
        *[{**good[0], "id": f"n{n}", "form": "loud"} for n in range(60)],
        good[3],
    )

    done = run(file, "--json", tmp_path / "figures.json")

    assert (done.returncode, done.stdout) == (2, "")
    assert "64 of 66 lines cannot be used" in done.stderr
    assert "line 2: it is not JSON. Write one JSON object a line." in done.stderr
    assert "line 4: its `kind` is not one of asr, transcript, note." in done.stderr
    assert "line 5: its `id` is that of line 1." in done.stderr
    assert "line 6: the `text` of its `spans[0]`" in done.stderr
    assert "Those words stand at 10 to 19." in done.stderr
    assert "and these lines: 53-66" in done.stderr
    assert "docs/reading.md" in done.stderr
    assert not (tmp_path / "figures.json").exists()


def test_a_text_cannot_steer_the_terminal_or_break_its_row(tmp_path: Path) -> None:
    text = (
        "\x1b[2J\x1b]0;owned\x07[red]the flowers[/red]\nwill\u202e know \u2028 what" + " to do" * 99
    )
    file = a_file(tmp_path, an_item("\x1b[31m\nx[/]", text, "own_threat"))

    done = run(file)

    assert done.returncode == 0, done.stderr
    assert not {"\x1b", "\x07", "\u202e", "\u2028"} & set(done.stdout)
    row = next(line for line in done.stdout.splitlines() if "[red]the flowers[/red]" in line)
    assert "will know what to do" in row
    assert "[31m x[/]" in row
    assert row.rstrip().endswith("...")
    assert len(row) <= 110


def test_no_text_is_shown_where_none_is_asked_for(tmp_path: Path) -> None:
    items = [an_item("t0", "the flowers know what to do", "own_threat")]

    shown, hidden = (run(a_file(tmp_path, *items), "--show", count) for count in (1, 0))

    assert "the flowers know" in shown.stdout
    assert hidden.returncode == 0
    assert "the flowers know" not in hidden.stdout


@pytest.mark.parametrize("act", ["own_threat", "other"])
def test_a_file_of_one_sort_is_measured_as_far_as_it_goes(tmp_path: Path, act: str) -> None:
    into = tmp_path / "figures.json"

    done = run(a_file(tmp_path, an_item("a", THREATS[0], act)), "--json", into)

    assert done.returncode == 0, done.stderr
    figures = json.loads(into.read_text("utf-8"))
    assert figures["area"] is None
    shares = figures["thresholds"][0]
    assert shares["recall" if act == "other" else "alarms"]["value"] is None


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "mine.jsonl is empty."),
        (b"\n \n", "mine.jsonl is empty."),
        (b"\xff\xfe\n", "line 1: it is not UTF-8."),
        (b"\x00\x01\x02", "line 1: it is not JSON."),
        (b"[" * 3_000_000, "line 1: it is not JSON."),
        (b"[1" + b",1" * 3_000_000, "line 1: it has more than 4,194,304 bytes."),
        (b"{}\n" * 100_001, "more than 100,000 entries"),
    ],
)
def test_a_hostile_file_gets_a_sentence(tmp_path: Path, raw: bytes, said: str) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_bytes(raw)

    done = run(file)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_without_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    with file.open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)  # takes no room on the disk

    for endless in (file, "/dev/zero"):
        done = run(endless)
        assert done.returncode == 2
        assert "has more than 67,108,864 bytes. Cut it in two." in done.stderr


def test_a_mark_at_the_start_of_the_file_does_no_harm(tmp_path: Path) -> None:
    file = a_file(tmp_path, *some_items())
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))

    assert run(file).returncode == 0


def test_the_figures_never_overwrite_what_they_are_measured_on(tmp_path: Path) -> None:
    mine, calls = a_file(tmp_path, *some_items()), some_calls(tmp_path)
    link = tmp_path / "link.json"
    link.symlink_to(calls)
    before = mine.read_bytes(), calls.read_bytes()

    for into in (mine, link):
        done = run(mine, "--ordinary", calls, "--json", into)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is what is measured" in done.stderr
    assert (mine.read_bytes(), calls.read_bytes()) == before


def test_a_folder_that_is_not_there_is_named_before_the_work(tmp_path: Path) -> None:
    done = run(a_file(tmp_path, *some_items()), "--json", tmp_path / "none" / "figures.json")

    assert (done.returncode, done.stdout) == (2, "")
    assert "is not there" in done.stderr


def test_a_terminal_without_unicode_is_served_too(tmp_path: Path) -> None:
    done = run(a_file(tmp_path, *some_items()), PYTHONIOENCODING="ascii", PYTHONUTF8="0")

    assert done.returncode == 0, done.stderr
    assert "the ? will know" in done.stdout
