"""The documents name everything there is, and nothing that is not."""

import re
from pathlib import Path

import pytest

import tocsin
from tests.house.sources import ROOT, SOURCE, python_files
from tocsin import assess, evidence, intake, listen, posture, read, warn
from tocsin.cli import main
from tocsin.desk.people import models as people
from tocsin.desk.records import models as records
from tocsin.evidence.stores import STORES
from tocsin.intake.sources import SOURCES
from tocsin.listen import engines
from tocsin.posture.feeds import FEEDS
from tocsin.warn.channels import CHANNELS

DOCS = ROOT / "docs"


def doc(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(main.commands))
def test_the_readme_names_every_command(command: str) -> None:
    assert f"`tocsin {command}" in doc("README.md")


def test_the_settings_page_names_every_setting_and_no_other() -> None:
    read_at = re.compile(r'"(TOCSIN_[A-Z_]+)"')
    used = {
        name
        for file in (*python_files(), ROOT / "tests" / "reference.py")
        for name in read_at.findall(file.read_text(encoding="utf-8"))
    }
    named = set(re.findall(r"^\| `(TOCSIN_[A-Z_]+)`", doc("docs/settings.md"), re.MULTILINE))

    assert named == used


@pytest.mark.parametrize("channel", sorted(CHANNELS))
def test_the_county_page_names_every_channel(channel: str) -> None:
    assert channel in doc("docs/county-file.md")


def public_nouns() -> set[str]:
    """Every class that a stage or the record offers by name."""
    rooms = (intake, evidence, listen, read, assess, warn, posture, people, records)
    return {
        name
        for room in rooms
        for name, thing in vars(room).items()
        if isinstance(thing, type)
        and thing.__module__.startswith("tocsin.")
        and (name in getattr(room, "__all__", ()) or room is people)
        and not name.endswith("Manager")
    }


def test_the_glossary_explains_every_public_noun() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", doc("docs/glossary.md"), re.MULTILINE)
    explained = {word.strip() for row in rows for word in row.split(",")}

    assert public_nouns() - explained == set()


@pytest.mark.parametrize("name", sorted(p.name for p in DOCS.rglob("*.md")))
def test_no_page_leads_nowhere(name: str) -> None:
    page = next(DOCS.rglob(name))
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_readme_leads_nowhere_wrong() -> None:
    for target in re.findall(r"\]\(([^)#]+)", doc("README.md")):
        if "://" not in target:
            assert (ROOT / target).exists(), target


def test_the_map_names_every_room() -> None:
    rooms = {folder.name for folder in SOURCE.iterdir() if (folder / "__init__.py").exists()}
    desk = {f.name for f in (SOURCE / "desk").iterdir() if (f / "__init__.py").exists()}

    for room in rooms | desk:
        assert f"{room}/" in doc("docs/map.md"), room


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## (\S+)", doc("CHANGELOG.md"), re.MULTILINE)

    assert versions[0] == tocsin.__version__


@pytest.mark.parametrize(
    ("folder", "registry"),
    [
        (SOURCE / "warn" / "channels", CHANNELS),
        (SOURCE / "evidence" / "stores", STORES),
        (SOURCE / "intake" / "sources", SOURCES),
        (SOURCE / "posture" / "feeds", FEEDS),
        (
            SOURCE / "listen" / "engines",
            engines.RECOGNISERS | engines.DECODERS | engines.DETECTORS | engines.ALIGNERS,
        ),
    ],
)
def test_every_plug_in_is_registered(folder: Path, registry: dict[str, str]) -> None:
    files = {file.stem for file in folder.glob("*.py")} - {"__init__", "pyav_child"}
    registered = {path.partition(":")[0].rpartition(".")[2] for path in registry.values()}

    assert files == registered
