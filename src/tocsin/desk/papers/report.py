"""The after-action report as PDF: sentences, the timeline, and tables that break over pages."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Protocol

from reportlab.graphics.shapes import Circle, Drawing, PolyLine, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import LETTER, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    LongTable,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)

from tocsin.desk.papers.fonts import BOLD, PLAIN, glyphs, marked, shown
from tocsin.desk.papers.picture import WIDTH, Dot, Label, Shape, Stroke, draw_timeline
from tocsin.desk.papers.svg import DASHES
from tocsin.warn.afteraction import (
    Interval,
    Report,
    Sent,
    Version,
    exact_time,
    in_words,
    sentences,
    timeline,
)

MARGIN = 42.0
_GREY = colors.Color(0.55, 0.55, 0.55)
_GRID = TableStyle(
    [
        ("FONT", (0, 0), (-1, -1), PLAIN, 8),
        ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, _GREY),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
)
_NONE = "not on record"


class PartTable(Protocol):
    """Rows of text under heads."""

    @property
    def title(self) -> str:
        """For a heading."""

    @property
    def heads(self) -> tuple[str, ...]:
        """A word for each column."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """As many cells in each as there are heads."""


class Part(Protocol):
    """A part of the report in sentences and tables, such as the record of an order."""

    @property
    def title(self) -> str:
        """For a heading."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """In order."""

    @property
    def tables(self) -> Sequence[PartTable]:
        """Likewise."""


def report_pdf(report: Report, parts: Sequence[Part] = ()) -> bytes:
    """The report on Letter, with number and page on each; the same report gives the same bytes.

    Args:
        report: of one bulletin.
        parts: what else belongs to it, such as the records of orders.
    """
    glyphs()
    out = BytesIO()
    title = f"After-action report: {report.story.number}"
    document = BaseDocTemplate(
        out, pagesize=LETTER, title=shown(title), author=shown(report.story.center), invariant=1
    )
    document.addPageTemplates(
        [
            PageTemplate(id=name, frames=[_frame(size)], pagesize=size, onPage=_foot(report, size))
            for name, size in (("upright", LETTER), ("wide", landscape(LETTER)))
        ]
    )
    document.build([*_front(report, title), *_tables(report), *_parts(parts)])
    return out.getvalue()


def _frame(size: tuple[float, float]) -> Frame:
    width, height = size
    return Frame(MARGIN, MARGIN + 14, width - 2 * MARGIN, height - 2 * MARGIN - 14, 0, 0, 0, 0)


def _foot(report: Report, size: tuple[float, float]) -> Callable[[Canvas, BaseDocTemplate], None]:
    """What draws the foot of each page of this size."""
    mark = "EXERCISE - " if report.story.is_exercise else ""
    as_of = exact_time(report.as_of, report.story.zone)
    line = shown(f"{mark}{report.story.number}, as of {as_of}")

    def draw(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFont(PLAIN, 8)
        canvas.drawString(MARGIN, MARGIN, line)
        canvas.drawRightString(size[0] - MARGIN, MARGIN, f"page {document.page}")
        canvas.restoreState()

    return draw


def _front(report: Report, title: str) -> list[Flowable]:
    """Title, sentences and the picture."""
    exercise = [_says("EXERCISE", size=20, bold=True)] if report.story.is_exercise else []
    return [
        *exercise,
        _says(title, size=16, bold=True),
        _says(report.story.center, size=11),
        Spacer(1, 8),
        *(_says(sentence, size=9.5, after=3) for sentence in sentences(report)),
        Spacer(1, 8),
        _drawing(report),
    ]


def _tables(report: Report) -> list[Flowable]:
    story = report.story
    rows = [_interval_row(one) for one in report.intervals]
    tables: list[Flowable] = [
        NextPageTemplate("wide"),
        PageBreak(),
        _says("How long it took", size=12, bold=True),
        _says(
            "Half and nine in ten are of all to whom it should have happened, those who are "
            "missing among them; not reached: fewer have it on record.",
            size=8,
            after=3,
        ),
        _table(
            "from|to|version|measured|first|half by|nine in ten by|last",
            rows,
            (110, 140, 50, 70, 80, 80, 90, 80),
        ),
    ]
    if story.spoken:
        told = [
            (one.to, str(one.means), _time(one.told_at, story.zone), one.told_by or _NONE)
            for one in story.spoken
        ]
        tables += [
            *_heading("Told orally"),
            _table("to|by|at|told by", told, (220, 90, 190, 190)),
        ]
    for version in story.versions:
        tables += [
            *_heading(f"Version {version.version}, {version.kind}: who was told"),
            _table(
                "name|agency|messages|seen|acknowledged|how|supervisor told",
                _people_rows(version, story.zone),
                (105, 105, 150, 95, 95, 80, 78),
            ),
        ]
    return tables


def _parts(parts: Sequence[Part]) -> list[Flowable]:
    """Each part: its sentences, then its tables."""
    found: list[Flowable] = []
    for part in parts:
        found += _heading(part.title)
        found += [_says(sentence, size=9.5, after=3) for sentence in part.sentences]
        for table in part.tables:
            width = (landscape(LETTER)[0] - 2 * MARGIN) / len(table.heads)
            found += _heading(table.title)
            found.append(_table("|".join(table.heads), table.rows, (width,) * len(table.heads)))
    return found


def _heading(text: str) -> list[Flowable]:
    return [Spacer(1, 14), _says(text, size=12, bold=True)]


def _interval_row(one: Interval) -> tuple[str, ...]:
    lengths = (one.first, one.median, one.p90, one.last)
    version = str(one.version) if one.version else "all"
    measured = f"{one.n} of {one.of}"
    return (one.start, one.end, version, measured, *(_length(length, one) for length in lengths))


def _length(length: timedelta | None, interval: Interval) -> str:
    if length is not None:
        return in_words(length)
    return "not reached" if interval.n else _NONE


def _people_rows(version: Version, zone: str) -> list[tuple[str, ...]]:
    """Each person with his messages; those who have not acknowledged first."""
    messages: dict[str, list[Sent]] = {}
    for one in version.messages:
        messages.setdefault(one.key, []).append(one)
    people = sorted(version.people, key=lambda one: (not one.is_missing, one.agency, one.name))
    return [
        (
            one.name,
            one.agency,
            "; ".join(_message(sent, zone) for sent in messages.get(one.key, [])) or _NONE,
            _time(one.seen_at, zone),
            _time(one.acknowledged_at, zone) if one.must_acknowledge else "not asked",
            one.how,
            _time(one.escalated_at, zone) if one.escalated_at else "",
        )
        for one in people
    ]


def _message(sent: Sent, zone: str) -> str:
    states = (
        ("failed", sent.failed_at),
        ("delivered", sent.delivered_at),
        ("taken by the gateway", sent.sent_at),
    )
    said = next((f"{what} {exact_time(at, zone)}" for what, at in states if at), "not sent")
    return f"{sent.channel}: {said}"


def _time(moment: datetime | None, zone: str) -> str:
    return exact_time(moment, zone) if moment else _NONE


def _table(heads: str, rows: Iterable[Sequence[str]], widths: tuple[float, ...]) -> LongTable:
    """A table whose heads stand on each page; whatever is long wraps in its cell."""
    first = [_says(head, size=8, bold=True) for head in heads.split("|")]
    body = [[_says(cell, size=8) for cell in row] for row in rows]
    table = LongTable([first, *body], colWidths=widths, repeatRows=1, splitInRow=1, hAlign="LEFT")
    table.setStyle(_GRID)
    return table


def _says(text: str, *, size: float, bold: bool = False, after: float = 0) -> Paragraph:
    style = ParagraphStyle(
        "words",
        fontName=BOLD if bold else PLAIN,
        fontSize=size,
        leading=size * 1.25,
        spaceAfter=after,
        splitLongWords=1,
    )
    return Paragraph(marked(text), style)


def _drawing(report: Report) -> Drawing:
    """The picture of the page, as large as the paper allows."""
    picture = draw_timeline(timeline(report))
    scale = min((LETTER[0] - 2 * MARGIN) / WIDTH, (LETTER[1] - 3 * MARGIN) / picture.height)
    drawing = Drawing(WIDTH * scale, picture.height * scale)
    drawing.scale(scale, scale)
    for shape in picture.shapes:
        drawing.add(_drawn(shape, picture.height))
    return drawing


def _drawn(shape: Shape, height: float) -> PolyLine | Circle | String:
    """The shape for reportlab, whose heights count from the bottom."""
    match shape:
        case Stroke():
            points = [at for x, y in shape.points for at in (x, height - y)]
            color = _GREY if shape.role in {"rail", "tick"} else colors.black
            line = PolyLine(points, strokeColor=color, strokeWidth=1)
            if shape.role in DASHES:
                line.strokeDashArray = [float(part) for part in DASHES[shape.role].split()]
            return line
        case Dot():
            return Circle(shape.x, height - shape.y, 3.5, fillColor=colors.black, strokeWidth=0)
        case Label():
            return String(
                shape.x,
                height - shape.y,
                shown(shape.text),
                fontName=BOLD if shape.role == "name" else PLAIN,
                fontSize=10,
                textAnchor=shape.anchor,
            )
