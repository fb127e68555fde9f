"""The papers: the after-action report as PDF, and its timeline as SVG."""

import re
from io import BytesIO
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.stories import a_person, a_story, a_version, after
from tocsin.desk.papers import report_pdf, timeline_svg
from tocsin.warn.afteraction import Means, Report, Spoken, after_action, sentences

SVG = "{http://www.w3.org/2000/svg}"
NOW = after(14 * 3600)


def a_report(**changes: object) -> Report:
    return after_action(a_story(**changes), now=NOW)


def pages_of(report: Report) -> list[str]:
    """The words of each page, with every line break as a space."""
    reader = PdfReader(BytesIO(report_pdf(report)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def drawing(report: Report) -> ET.Element:
    return ET.fromstring(timeline_svg(report))  # noqa: S314 # our own words, read back


def test_the_report_says_every_sentence_and_every_name() -> None:
    report = a_report()
    text = " ".join(pages_of(report))

    for sentence in sentences(report):
        assert sentence in text
    for name in ("Reed", "Ortiz", "Kim", "Harlow desk", "Calder desk"):
        assert name in text
    assert "2026-03-01 21:05:06 (-07:00)" in text


def test_each_page_has_its_number_and_an_exercise_says_so_on_each() -> None:
    for n, page in enumerate(pages_of(a_report(is_exercise=True)), start=1):
        assert f"EXERCISE - B-2026-000001, as of 2026-03-02 11:02:06 (-07:00) page {n}" in page
    assert "EXERCISE" not in " ".join(pages_of(a_report()))


def test_a_long_table_breaks_over_pages_with_its_heads_on_each() -> None:
    many = tuple(a_person(f"Officer {n:04}") for n in range(300))
    pages = pages_of(a_report(versions=(a_version(people=many, messages=()),)))

    with_people = [page for page in pages if re.search(r"Officer \d{4} Harlow", page)]
    assert len(with_people) > 5
    assert all("supervisor told" in page for page in with_people)
    found = set(re.findall(r"Officer \d{4}(?= Harlow)", " ".join(pages)))
    assert found == {one.name for one in many}


def test_the_same_report_is_the_same_paper() -> None:
    assert report_pdf(a_report()) == report_pdf(a_report())


def test_markup_in_a_name_is_words() -> None:
    name = "<b>O'Neil</b> & <img src=x>"
    report = a_report(versions=(a_version(people=(a_person(name),), messages=()),))

    assert name in " ".join(pages_of(report))


def test_the_drawing_has_no_style_and_no_script() -> None:
    root = drawing(a_report(spoken=(Spoken(to="<script>x</script>", means=Means.DESK),)))

    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg",
            "title",
            "desc",
            "polyline",
            "circle",
            "text",
        }
        assert "style" not in element.attrib
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]


def test_every_shape_has_a_class_and_the_colour_of_the_text() -> None:
    for element in drawing(a_report()).iter():
        if element.tag.removeprefix(SVG) in {"polyline", "circle", "text"}:
            assert element.attrib["class"].startswith("tl-")
            assert "currentColor" in element.attrib.values()


def test_the_drawing_says_in_words_what_it_shows() -> None:
    root = drawing(a_report())
    said = root.findtext(f"{SVG}desc") or ""

    assert root.attrib["role"] == "img"
    assert "call: began after 0 s, ended after 37 s" in said
    assert "version 1: 2 of 3 acknowledged" in said


def test_there_is_a_dot_for_every_mark_and_a_step_for_every_answer() -> None:
    root = drawing(a_report())
    stairs = next(
        one.attrib["points"]
        for one in root.iter(f"{SVG}polyline")
        if "tl-curve-1" in one.attrib["class"]
    )

    assert len(list(root.iter(f"{SVG}circle"))) == 4 + 2 + 4 + 1
    assert len(stairs.split()) == 1 + 2 * 2 + 1


def test_labels_of_one_lane_do_not_cover_each_other() -> None:
    spoken = tuple(
        Spoken(to=f"Desk number {n}", means=Means.DESK, told_at=after(60 + n)) for n in range(8)
    )
    labels = [
        one.attrib
        for one in drawing(a_report(spoken=spoken)).iter(f"{SVG}text")
        if (one.text or "").startswith("desk notice")
    ]

    assert len(labels) == 8
    assert len({label["y"] for label in labels}) == 8


def test_dots_for_which_there_is_no_room_to_name_them_are_counted() -> None:
    spoken = tuple(
        Spoken(to=f"Desk number {n}", means=Means.DESK, told_at=after(60 + n)) for n in range(40)
    )
    texts = [one.text or "" for one in drawing(a_report(spoken=spoken)).iter(f"{SVG}text")]
    named = sum(text.startswith("desk notice") for text in texts)

    assert f"{40 - named} dots without a name: see the table" in texts


WORDS = st.text(max_size=400)


@settings(max_examples=25, deadline=None)
@given(name=WORDS, agency=WORDS, how=WORDS, to=WORDS, often=st.sampled_from([1, 20]))
def test_any_words_make_a_paper_and_a_drawing(
    name: str, agency: str, how: str, to: str, often: int
) -> None:
    person = a_person(name * often, agency=agency, acknowledged_at=after(300), how=how * often)
    report = a_report(
        number=name,
        versions=(a_version(people=(person, a_person("Kim")), messages=()),),
        spoken=(Spoken(to=to * often, means=Means.DESK, told_at=after(10)),),
    )

    assert pages_of(report)
    assert drawing(report).tag == f"{SVG}svg"
