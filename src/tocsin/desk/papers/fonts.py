"""The fonts of the papers (FiraGO, SIL Open Font License), embedded in each."""

from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

import pymupdf_fonts
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from tocsin.warn.wording.glyphs import visible

PLAIN, BOLD = "TocsinPaper", "TocsinPaper-Bold"


def shown(text: str) -> str:
    """One line that the fonts can print; what they lack stands as its number."""
    return visible(" ".join(text.split()), glyphs())


def marked(text: str) -> str:
    """The same for a paragraph of reportlab, which reads its text as markup."""
    return escape(shown(text))


@cache
def glyphs() -> frozenset[int]:
    """The characters of the fonts, which are ready to be used from now on."""
    fonts = [
        TTFont(name, BytesIO(pymupdf_fonts.myfont(code)))
        for name, code in ((PLAIN, "figo"), (BOLD, "figbo"))
    ]
    for font in fonts:
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))
