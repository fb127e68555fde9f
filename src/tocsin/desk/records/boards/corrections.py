"""What people corrected of a reading: for the call's page, and for the page of the form."""

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.desk.records.correcting import (
    Difference,
    Labels,
    difference,
    labels_from,
    machine_labels,
    with_labels,
)
from tocsin.desk.records.models import Call, Correction, Statement
from tocsin.desk.records.reading import is_outdated
from tocsin.desk.records.values import statement_from
from tocsin.errors import NotFound
from tocsin.read import Statement as Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """One person's version of a reading.

    Attributes:
        row: as it is kept, with its author.
        labels: what he says that the text says.
        statement: the reading with his labels; score and level are the machine's.
        difference: where it differs from the machine's.
    """

    row: Correction
    labels: Labels
    statement: Read
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What a correction is made from: the version that counts now.

    Attributes:
        row: the machine's reading, as it is kept.
        statement: the same as the stages see it.
        corrections: of people, the newest first.
        is_outdated: the call was heard or read again, so that this can no longer be corrected.
    """

    row: Statement
    statement: Read
    corrections: tuple[Corrected, ...]
    is_outdated: bool

    @property
    def seen(self) -> int:
        """The version that counts; 0 for the machine's."""
        return self.corrections[0].row.version if self.corrections else 0

    @property
    def labels(self) -> Labels:
        """What it says."""
        return self.corrections[0].labels if self.corrections else machine_labels(self.statement)


def base_of(call: Call, version: int) -> Base:
    """The reading of the call that has this version, with its corrections.

    Raises:
        NotFound: there is none.
    """
    row = call.statements.select_related("hearing", "call__center").filter(version=version).first()
    if row is None:
        raise NotFound(f"{call.number} has no reading {version}.", way_out="Go to the call's page.")
    statement = statement_from(row.body)
    return Base(
        row=row,
        statement=statement,
        corrections=corrections_of([(row, statement)])[row.pk],
        is_outdated=is_outdated(row),
    )


def corrections_of(
    readings: Iterable[tuple[Statement, Read]],
) -> dict[int, tuple[Corrected, ...]]:
    """The corrections of each reading, by the key of its row, the newest first."""
    reads = {row.pk: read for row, read in readings}
    found: dict[int, list[Corrected]] = {key: [] for key in reads}
    rows = Correction.objects.filter(statement__in=list(reads)).select_related("person")
    for row in rows.order_by("-version"):
        read, labels = reads[row.statement_id], labels_from(row.body)
        found[row.statement_id].append(
            Corrected(
                row=row,
                labels=labels,
                statement=with_labels(read, labels),
                difference=difference(machine_labels(read), labels),
            )
        )
    return {key: tuple(several) for key, several in found.items()}
