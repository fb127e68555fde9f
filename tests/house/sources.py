"""Where the project's own files lie."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "tocsin"


def python_files() -> list[Path]:
    """The product's modules, without migrations, which Django writes."""
    return [file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts]


def tracked_files() -> list[Path]:
    """Every file that belongs to the project."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]
