"""Bytes from outside become a message, or a refusal that names the place in the file."""

from lxml import etree

from tocsin.errors import BadAlert
from tocsin.warn.cap.form import require_form
from tocsin.warn.cap.message import (
    NAMESPACE,
    OLDER,
    OLDEST,
    SIGNATURE,
    AreaBlock,
    CapMessage,
    CapReference,
    CapTime,
    InfoBlock,
    NamedValue,
    ResourceBlock,
    read_addresses,
    read_references,
    read_time,
)
from tocsin.warn.cap.tree import (
    children_of,
    line_of,
    name_of,
    namespace_of,
    read_tree,
    text_of,
)

MOST_ALERT_BYTES = 1024 * 1024


def parse_cap(content: bytes, *, limit: int = MOST_ALERT_BYTES) -> CapMessage:
    """The one alert that the bytes are; `open_alerts` opens feeds and envelopes.

    Raises:
        TooLarge: more than `limit` bytes.
        BadAlert: no alert of CAP 1.2 or 1.1, or one that CAP's schema does not allow.
    """
    alert = read_tree(content, limit=limit)
    return read_alert(alert, content=content, is_embedded=False)


def reference_to(message: bytes) -> CapReference:
    """How a later message refers to this one: by the exact strings it carries.

    Raises:
        BadAlert: the bytes are no alert.
    """
    return parse_cap(message).reference


def read_alert(alert: etree._Element, *, content: bytes, is_embedded: bool) -> CapMessage:
    """The message that an element holds; `content` is what is kept of it as bytes.

    Raises:
        BadAlert: it is not one that CAP's schema allows.
    """
    _require_known(alert)
    require_form(alert)
    texts = _texts(alert)
    return CapMessage(
        version="1.2" if namespace_of(alert) == NAMESPACE else "1.1",
        content=content,
        is_embedded=is_embedded,
        identifier=texts["identifier"],
        sender=texts["sender"],
        sent=_required_time(texts["sent"]),
        status=texts["status"],
        msg_type=texts["msgType"],
        source=texts.get("source", ""),
        scope=texts["scope"],
        restriction=texts.get("restriction", ""),
        addresses_text=texts.get("addresses", ""),
        addresses=read_addresses(texts.get("addresses", "")),
        codes=_all(alert, "code"),
        note=texts.get("note", ""),
        references_text=texts.get("references", ""),
        references=read_references(texts.get("references", "")),
        incidents=texts.get("incidents", ""),
        infos=tuple(_info(child) for child in _named(alert, "info")),
        is_signed=any(namespace_of(child) == SIGNATURE for child in children_of(alert)),
    )


def _require_known(alert: etree._Element) -> None:
    namespace = namespace_of(alert)
    if name_of(alert) == "alert" and namespace in {NAMESPACE, OLDER}:
        return
    line = line_of(alert)
    if namespace in OLDEST:
        raise BadAlert(
            f"Line {line}: this is an alert of CAP 1.0, which is not read.",
            way_out="Ask its sender for CAP 1.2.",
        )
    if name_of(alert) == "alert":
        raise BadAlert(
            f"Line {line}: the alert's namespace {namespace[:80]!r} is none of CAP's.",
            way_out=f"CAP 1.2 is {NAMESPACE!r}.",
        )
    raise BadAlert(
        f"Line {line}: <{name_of(alert)[:60]}> is no CAP alert.",
        way_out="Feeds and envelopes are opened, other documents are not read.",
    )


def _info(info: etree._Element) -> InfoBlock:
    texts = _texts(info)
    return InfoBlock(
        line=line_of(info),
        language=texts.get("language", "").strip() or "en-US",
        categories=_all(info, "category"),
        event=texts["event"],
        responses=_all(info, "responseType"),
        urgency=texts["urgency"],
        severity=texts["severity"],
        certainty=texts["certainty"],
        audience=texts.get("audience", ""),
        event_codes=_pairs(info, "eventCode"),
        effective=read_time(texts.get("effective", "")),
        onset=read_time(texts.get("onset", "")),
        expires=read_time(texts.get("expires", "")),
        sender_name=texts.get("senderName", ""),
        headline=texts.get("headline", ""),
        description=texts.get("description", ""),
        instruction=texts.get("instruction", ""),
        web=texts.get("web", ""),
        contact=texts.get("contact", ""),
        parameters=_pairs(info, "parameter"),
        resources=tuple(_resource(child) for child in _named(info, "resource")),
        areas=tuple(_area(child) for child in _named(info, "area")),
    )


def _resource(resource: etree._Element) -> ResourceBlock:
    texts = _texts(resource)
    return ResourceBlock(
        description=texts["resourceDesc"],
        mime_type=texts.get("mimeType", ""),
        size=int(texts["size"]) if "size" in texts else None,
        address=texts.get("uri", ""),
        content=texts.get("derefUri", ""),
        digest=texts.get("digest", ""),
    )


def _area(area: etree._Element) -> AreaBlock:
    texts = _texts(area)
    return AreaBlock(
        name=texts["areaDesc"],
        polygons=_all(area, "polygon"),
        circles=_all(area, "circle"),
        geocodes=_pairs(area, "geocode"),
        altitude=texts.get("altitude", "").strip(),
        ceiling=texts.get("ceiling", "").strip(),
    )


def _texts(element: etree._Element) -> dict[str, str]:
    """The text of each field that holds text alone, by name; of several the first."""
    texts: dict[str, str] = {}
    for child in children_of(element):
        if namespace_of(child) == namespace_of(element):
            texts.setdefault(name_of(child), text_of(child))
    return texts


def _named(element: etree._Element, name: str) -> list[etree._Element]:
    return [
        child
        for child in children_of(element)
        if name_of(child) == name and namespace_of(child) == namespace_of(element)
    ]


def _all(element: etree._Element, name: str) -> tuple[str, ...]:
    return tuple(text_of(child) for child in _named(element, name))


def _pairs(element: etree._Element, name: str) -> tuple[NamedValue, ...]:
    pairs = (_texts(child) for child in _named(element, name))
    return tuple(NamedValue(name=one["valueName"], value=one["value"]) for one in pairs)


def _required_time(text: str) -> CapTime:
    moment = read_time(text)
    if moment is None:  # the form has been checked: a time stands there
        raise BadAlert(f"{text[:40]!r} is no time.")
    return moment
