"""Print: one page in black and white with the safety line large and a square code.

It is always one page. What is long is set smaller, and what matters least is left out, with a
sentence that says so. The fonts (FiraGO, SIL Open Font License) are embedded; a character that
they lack stands as its number.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from typing import ClassVar

import pymupdf_fonts
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tocsin.errors import SetupError, Undeliverable
from tocsin.warn.channel import Addressee, Message, Receipt, Sheet
from tocsin.warn.wording import Form
from tocsin.warn.wording.glyphs import visible
from tocsin.warn.wording.sheet import CUT_FIRST, Block, blocks_of

PAPERS = {"letter": LETTER, "a4": A4}
PLAIN, BOLD = "TocsinSans", "TocsinSans-Bold"
MARGIN = 42.0
"""Points (1/72 inch) on every side; no printer needs more."""

CODE_SIDE = 126.0
"""Points of the square code with its quiet border: with the longest link a dot is 0.5 mm wide."""

LONGEST_LINK = 300
"""Characters; a longer link makes dots that a phone does not read from paper."""

LONGEST_BLOCK, MOST_BLOCKS = 8000, 60
"""Characters and blocks that are looked at; a page holds fewer."""

_LEADING = 1.25
_BODY_SIZES = (15.0, 13.5, 12.0, 11.0, 10.0, 9.5, 9.0, 8.5)
_HEAD_SIZES = (30.0, 26.0, 22.0, 19.0, 16.0)
_HEAD_SHARE = 0.3
_SHORTENED = "Shortened: the whole text is in Tocsin."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A block, wrapped: its heading and its lines, with the number of those left out."""

    heading: tuple[str, ...]
    lines: tuple[str, ...]
    left_out: int = 0

    @property
    def shown(self) -> tuple[str, ...]:
        note = (f"... ({self.left_out} lines left out)",) if self.left_out else ()
        return (*self.lines, *note)


class PrintChannel:
    """Lays a sheet out as PDF, on `letter` or `a4` by the setting `paper`."""

    name: ClassVar[str] = "print"
    form: ClassVar[Form] = Form.SHEET
    reaches_people: ClassVar[bool] = False

    def __init__(self, settings: Mapping[str, str]) -> None:
        paper = settings.get("paper", "letter").lower()
        if paper not in PAPERS:
            raise SetupError(
                f"The channel print knows no paper {paper!r}.", way_out="Set it to letter or a4."
            )
        self._size = PAPERS[paper]

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Always refuse: a sheet in a printer has reached nobody."""
        raise Undeliverable(
            f"A person must carry the printed sheet to {to.name}.",
            way_out="Print it from the page of the bulletin, and enter there who has it.",
        )

    async def check(self) -> None:
        """Return when the fonts are there."""
        _glyphs()

    def lay_out(self, message: Message, *, to: Addressee) -> Sheet:
        """One page; EXERCISE stands across it when it is one."""
        return Sheet(
            content=_Page(self._size, message).content(),
            media_type="application/pdf",
            name=f"sheet-{message.key}.pdf",
        )


class _Page:
    """One page being drawn: head, blocks, foot, in the order in which it is read."""

    def __init__(self, size: tuple[float, float], message: Message) -> None:
        self._width, self._height = size
        self._room = size[0] - 2 * MARGIN
        self._message = message
        self._is_cut = False
        head, blocks, foot = blocks_of(message.text)
        shown = 2 if head.lines[0].startswith("EXERCISE") else 1
        self._head = head.lines[:shown]
        self._blocks = (Block(heading="", lines=head.lines[shown:]), *blocks)
        self._foot = foot.lines
        link = message.link
        self._has_code = bool(link) and link.isascii() and len(link) <= LONGEST_LINK
        _glyphs()
        self._out = BytesIO()
        # Without the time of its making: the same message is the same page.
        self._canvas = Canvas(self._out, pagesize=size, invariant=True)

    def content(self) -> bytes:
        """The PDF, drawn once."""
        self._canvas.setTitle(_shown(self._message.subject)[:200])
        if self._message.is_exercise:
            self._draw_exercise()
        foot = self._foot_lines()
        bottom = MARGIN + max(_height(foot), CODE_SIDE * self._has_code) + 6
        self._draw_body(self._draw_head(), bottom)
        self._draw_foot(foot, bottom)
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()

    def _draw_exercise(self) -> None:
        """Outlined letters from corner to corner, so that the text beneath stays readable."""
        canvas, word = self._canvas, "EXERCISE"
        slope = math.atan2(self._height, self._width)
        size = 0.75 * math.hypot(self._width, self._height) / _width_of(word, BOLD, 1)
        canvas.saveState()
        canvas.translate(self._width / 2, self._height / 2)
        canvas.rotate(math.degrees(slope))
        canvas.setLineWidth(0.4)
        text = canvas.beginText(-_width_of(word, BOLD, size) / 2, -size / 3)
        text.setFont(BOLD, size)
        text.setTextRenderMode(1)
        text.textOut(word)
        canvas.drawText(text)
        canvas.restoreState()

    def _foot_lines(self) -> list[tuple[str, float, str]]:
        """Number, version, sender and link: font, size and words of each line."""
        link = self._message.link
        width = self._room - (CODE_SIDE + 8 if self._has_code else 0)
        said = link if self._has_code else "The link is too long for a code: open it in Tocsin."
        rows = (
            (BOLD, 11.0, self._foot[:1], 2),
            (PLAIN, 9.0, self._foot[1:], 6),
            (PLAIN, 8.0, (said,) if link else (), 6),
        )
        return [
            (font, size, line)
            for font, size, texts, most in rows
            for line in self._wrapped(texts, (font, size, width), most)
        ]

    def _draw_foot(self, lines: list[tuple[str, float, str]], top: float) -> None:
        y = top - 6
        for font, size, line in lines:
            y -= size * _LEADING
            self._write(line, font, size, y)
        if self._has_code:
            self._draw_code(self._message.link)
        self._canvas.setLineWidth(1)
        self._canvas.line(MARGIN, top, self._width - MARGIN, top)

    def _draw_code(self, link: str) -> None:
        code = QrCodeWidget(link, barLevel="M", barWidth=CODE_SIDE, barHeight=CODE_SIDE)
        drawing = Drawing(CODE_SIDE, CODE_SIDE)
        drawing.add(code)
        renderPDF.draw(drawing, self._canvas, self._width - MARGIN - CODE_SIDE, MARGIN)

    def _draw_head(self) -> float:
        """The safety line as large as it fits, in a frame; gives the height where it ends."""
        width, most = self._room - 16, self._height * _HEAD_SHARE
        size, lines = _HEAD_SIZES[0], [""]
        for size in _HEAD_SIZES:
            lines = [line for text in self._head for line in _wrap(text, BOLD, size, width)]
            if len(lines) * size * _LEADING <= most:
                break
        fits = int(most / (size * _LEADING))
        if len(lines) > fits or any(len(text) > LONGEST_BLOCK for text in self._head):
            lines, self._is_cut = [*lines[: fits - 1], f"{lines[fits - 1][:-4]} ..."], True
        y = self._height - MARGIN - 4
        for line in lines:
            y -= size * _LEADING
            self._write(line, BOLD, size, y, indent=8)
        y -= size * 0.4
        self._canvas.setLineWidth(2.5)
        self._canvas.rect(MARGIN, y, self._room, self._height - MARGIN - y)
        return y - 4

    def _draw_body(self, top: float, bottom: float) -> None:
        parts, size = self._fitted(top - bottom - 16)
        y = top
        for part in parts:
            y -= size * 0.5
            for font, lines in ((BOLD, part.heading), (PLAIN, part.shown)):
                for line in lines:
                    y -= size * _LEADING
                    self._write(line, font, size, y)
        if self._is_cut:
            self._write(_SHORTENED, BOLD, 9, bottom + 4)

    def _fitted(self, room: float) -> tuple[list[_Part], float]:
        """The blocks at the largest size at which all of them fit, else at the smallest, cut."""
        blocks = [block for block in self._blocks if block.heading or any(block.lines)]
        self._is_cut |= len(blocks) > MOST_BLOCKS
        self._is_cut |= any(len("\n".join(one.lines)) > LONGEST_BLOCK for one in blocks)
        parts, size = [], _BODY_SIZES[0]
        for size in _BODY_SIZES:
            parts = [self._part(block, size) for block in blocks[:MOST_BLOCKS]]
            if _height_of(parts, size) <= room:
                return parts, size
        self._is_cut = True
        return _cut(parts, size, room), size

    def _part(self, block: Block, size: float) -> _Part:
        text = "\n".join(block.lines)[:LONGEST_BLOCK]
        return _Part(
            heading=tuple(_wrap(block.heading, BOLD, size, self._room)) if block.heading else (),
            lines=tuple(
                line for one in text.split("\n") for line in _wrap(one, PLAIN, size, self._room)
            ),
        )

    def _wrapped(
        self, texts: tuple[str, ...], setting: tuple[str, float, float], most: int
    ) -> list[str]:
        """At most so many lines in this font, size and width; that some are left out is noted."""
        lines = [line for text in texts for line in _wrap(text, *setting)]
        self._is_cut |= len(lines) > most or any(len(text) > LONGEST_BLOCK for text in texts)
        return lines[:most]

    def _write(self, line: str, font: str, size: float, y: float, *, indent: float = 0) -> None:
        self._canvas.setFont(font, size)
        self._canvas.drawString(MARGIN + indent, y, line)


def _cut(parts: list[_Part], size: float, room: float) -> list[_Part]:
    """The parts with lines left out until they fit, in the order of `CUT_FIRST`.

    Where that does not suffice, whole parts are left out from the end.
    """
    ranks = {heading: rank for rank, heading in enumerate(CUT_FIRST)}
    order = sorted(range(len(parts)), key=lambda at: (_rank(parts[at], ranks), -at))
    for at in order:
        over = math.ceil((_height_of(parts, size) - room) / (size * _LEADING))
        if over <= 0:
            return parts
        kept = max(len(parts[at].lines) - over - 1, 1)
        if len(parts[at].lines) > kept + 1:
            parts[at] = replace(
                parts[at],
                lines=parts[at].lines[:kept],
                left_out=len(parts[at].lines) - kept,
            )
    while parts and _height_of(parts, size) > room:
        parts.pop()
    return parts


def _rank(part: _Part, ranks: Mapping[str, int]) -> int:
    first = part.heading[0] if part.heading else ""
    return next((rank for name, rank in ranks.items() if first.startswith(name)), len(ranks))


def _height(lines: Iterable[tuple[str, float, str]]) -> float:
    return sum(size * _LEADING for _, size, _ in lines)


def _height_of(parts: Iterable[_Part], size: float) -> float:
    """Points that the parts take."""
    return sum(size * (0.5 + _LEADING * (len(part.heading) + len(part.shown))) for part in parts)


def _wrap(text: str, font: str, size: float, width: float) -> Iterator[str]:
    """Lines of at most this width; a word that is wider is broken."""
    line = ""
    for word in _shown(text[:LONGEST_BLOCK]).split() or [""]:
        longer = f"{line} {word}" if line else word
        if _width_of(longer, font, size) <= width:
            line = longer
            continue
        if line:
            yield line
        *full, line = _broken(word, font, size, width)
        yield from full
    yield line


def _broken(word: str, font: str, size: float, width: float) -> list[str]:
    """The word in pieces of at most this width."""
    pieces, taken = [""], 0.0
    for char in word:
        wide = _width_of(char, font, size)
        if taken + wide > width:
            pieces.append("")
            taken = 0.0
        pieces[-1] += char
        taken += wide
    return pieces


def _shown(text: str) -> str:
    return visible(text, _glyphs())


def _width_of(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


@cache
def _glyphs() -> frozenset[int]:
    """The characters of the fonts, which are ready to be used from now on."""
    fonts = [
        TTFont(name, BytesIO(pymupdf_fonts.myfont(code)))
        for name, code in ((PLAIN, "figo"), (BOLD, "figbo"))
    ]
    for font in fonts:
        pdfmetrics.registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))
