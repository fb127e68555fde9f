"""The timeline as SVG for a page: no style, no script, only classes that the stylesheet colours."""

from xml.etree import ElementTree as ET

from tocsin.desk.papers.picture import WIDTH, Dot, Label, Shape, Stroke, draw_timeline
from tocsin.warn.afteraction import Report, timeline

DASHES = {"curve-2": "6 3", "curve-3": "2 3", "curve-4": "8 3 2 3", "tick": "1 4"}
"""Lines that differ by their dashes, so that nothing is told by colour alone."""


def timeline_svg(report: Report) -> str:
    """An `svg` element to stand inside a page.

    Without a stylesheet it is drawn in the colour of the text around it. Each shape has the class
    of its role: `tl-name`, `tl-label`, `tl-none`, `tl-rail`, `tl-tick`, `tl-mark` with
    `tl-mark-call` and the like, `tl-curve` with `tl-curve-1` to `tl-curve-4`.
    """
    picture = draw_timeline(timeline(report))
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "timeline",
            "viewBox": f"0 0 {WIDTH:g} {picture.height:g}",
            "role": "img",
            "aria-labelledby": "timeline-title timeline-summary",
            "font-size": "10",
        },
    )
    ET.SubElement(
        root, "title", {"id": "timeline-title"}
    ).text = f"Timeline of {_plain(report.story.number)}"
    ET.SubElement(root, "desc", {"id": "timeline-summary"}).text = _plain(picture.summary)
    for shape in picture.shapes:
        _add(root, shape)
    return ET.tostring(root, encoding="unicode")


def _add(root: ET.Element, shape: Shape) -> None:
    named = {"class": _classes(shape.role)}
    match shape:
        case Stroke():
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
            line = {"points": points, "fill": "none", "stroke": "currentColor"}
            dashes = {"stroke-dasharray": DASHES[shape.role]} if shape.role in DASHES else {}
            ET.SubElement(root, "polyline", named | line | dashes)
        case Dot():
            place = {"cx": f"{shape.x:.1f}", "cy": f"{shape.y:.1f}", "r": "3.5"}
            ET.SubElement(root, "circle", named | place | {"fill": "currentColor"})
        case Label():
            place = {"x": f"{shape.x:.1f}", "y": f"{shape.y:.1f}", "text-anchor": shape.anchor}
            words = ET.SubElement(root, "text", named | place | {"fill": "currentColor"})
            words.text = _plain(shape.text)


def _classes(role: str) -> str:
    """`mark-call` is a mark, and one of the call."""
    kind = role.partition("-")[0]
    return f"tl-{role}" if kind == role else f"tl-{kind} tl-{role}"


def _plain(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(char if char.isprintable() else " " for char in text)
