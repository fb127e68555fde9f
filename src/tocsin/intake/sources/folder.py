"""A watched folder: a recorder drops `NAME.wav`, perhaps with `NAME.json` beside it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tocsin.errors import SetupError
from tocsin.intake.facts import LARGEST
from tocsin.intake.names import plain_name
from tocsin.intake.source import Arrival

STILL_FOR = timedelta(seconds=2)
"""A file is whole when nobody has written to it for this long."""


class FolderSource:
    """Takes files from a folder; what is done with lies in `taken/` or `refused/` below it."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def arrivals(self, *, now: datetime) -> tuple[Arrival, ...]:
        """Recordings that nobody writes to any more, oldest first."""
        try:
            found = [(file.stat().st_mtime, file) for file in self._recordings()]
        except OSError as error:
            raise SetupError(
                f"The watched folder {self._folder} cannot be read: {error.strerror}.",
                way_out="Correct TOCSIN_WATCH_FOLDER, or the folder's rights.",
            ) from error
        still = [
            file for at, file in sorted(found) if now - datetime.fromtimestamp(at, UTC) >= STILL_FOR
        ]
        return tuple(
            Arrival(name=plain_name(file.name), recording=file, call_data=_sidecar(file))
            for file in still
        )

    def settle(self, arrival: Arrival, *, refusal: str = "") -> None:
        """Move the recording and its call data; leave the sentence of a refusal beside them."""
        place = self._folder / ("refused" if refusal else "taken")
        try:
            place.mkdir(exist_ok=True)
            if refusal:
                _free(place / f"{arrival.recording.name}.txt").write_text(
                    refusal + "\n", encoding="utf-8"
                )
            for file in (arrival.recording.with_suffix(".json"), arrival.recording):
                if file.exists():
                    file.rename(_free(place / file.name))
        except OSError as error:
            raise SetupError(
                f"{arrival.name} cannot be put aside in {place}: {error.strerror}.",
                way_out="Let the service's user write to the watched folder.",
            ) from error

    def _recordings(self) -> list[Path]:
        return [
            file
            for file in self._folder.iterdir()
            if file.is_file()
            and not file.is_symlink()
            and not file.name.startswith(".")
            and file.suffix.lower() not in {".json", ".part", ".tmp"}
        ]


def _sidecar(recording: Path) -> bytes | None:
    file = recording.with_suffix(".json")
    if not file.is_file() or file.is_symlink():
        return None
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _free(place: Path) -> Path:
    """A name in the folder that nothing has yet: `a.wav`, `a-2.wav`, ..."""
    if not place.exists():
        return place
    number = 2
    while (other := place.with_name(f"{place.stem}-{number}{place.suffix}")).exists():
        number += 1
    return other
