"""Papers: documents of the record as PDF and SVG.

Comes in: values of the stages, such as a `Report`. Goes out: bytes and text, and nothing else: no
rows, no settings, no clock. The same value gives the same bytes.
"""

from tocsin.desk.papers.report import report_pdf
from tocsin.desk.papers.svg import timeline_svg

__all__ = ["report_pdf", "timeline_svg"]
