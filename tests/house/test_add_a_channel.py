"""docs/add-a-channel.md, followed to the letter in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from tests.house.sources import ROOT

PAGE = ROOT / "docs" / "add-a-channel.md"


def blocks() -> list[str]:
    """The Python of the page, in order: the channel, its line, its settings for the contract."""
    found = re.findall(r"^   ```python\n(.*?)^   ```$", PAGE.read_text("utf-8"), re.M | re.S)
    return [textwrap.dedent(one) for one in found]


def insert(file: Path, after: str, line: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(after) == 1, after
    file.write_text(text.replace(after, f"{after}\n    {line}"), "utf-8")


def test_the_page_adds_a_channel_that_passes_the_contract(tmp_path: Path) -> None:
    code, line, settings = blocks()
    for folder in ("src", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    channels = tmp_path / "src" / "tocsin" / "warn" / "channels"

    (channels / "spool.py").write_text(code, "utf-8")
    insert(channels / "__init__.py", "CHANNELS = {", line.strip())
    spool = settings.strip().replace("/tmp", str(tmp_path))  # noqa: S108 # as the page writes it
    contract = tmp_path / "tests" / "plugins" / "test_channels.py"
    insert(contract, 'url = gateway.url if gateway else ""\n    return {', spool)

    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("TOCSIN_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "spool", contract],
        check=False,
        cwd=tmp_path,
        env={**inherited, "PYTHONPATH": f"{tmp_path / 'src'}:{tmp_path}"},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed.group(1)) >= 5
    assert list(tmp_path.glob("0b0e9a52-*.txt"))
