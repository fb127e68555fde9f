"""Signatures of alerts: ours made, others' checked (XML Signature, enveloped).

Signed bytes are kept and served as they are: an indented copy is another message. Only the words
that a signature covers are read afterwards (`Verdict.message`).
"""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import new as new_digest
from hmac import compare_digest

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from tocsin.errors import OutOfTurn, SetupError
from tocsin.warn.cap.certificates import (
    fingerprint,
    holds,
    is_short,
    is_trusted,
    load_chain,
    load_key,
    public_bytes,
    read_certificate,
)
from tocsin.warn.cap.message import NAMESPACE, SIGNATURE, CapMessage
from tocsin.warn.cap.parse import parse_cap, read_alert
from tocsin.warn.cap.tree import children_of, name_of, namespace_of, read_tree
from tocsin.warn.cap.verdict import SignatureFacts, Verdict

MOST_SIGNATURES = 4
MOST_CERTIFICATES = 8

_DS = f"{{{SIGNATURE}}}"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_C14N = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": (False, False),
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments": (False, True),
    "http://www.w3.org/2006/12/xml-c14n11": (False, False),
    "http://www.w3.org/2001/10/xml-exc-c14n#": (True, False),
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments": (True, True),
}
"""Ways to write XML down before it is digested: exclusive or not, with comments or not."""
_DIGESTS = {
    DigestAlgorithm.SHA1: "sha1",
    DigestAlgorithm.SHA256: "sha256",
    DigestAlgorithm.SHA384: "sha384",
    DigestAlgorithm.SHA512: "sha512",
}
_METHODS = frozenset(
    {
        *(SignatureMethod.RSA_SHA1, SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384),
        *(SignatureMethod.RSA_SHA512, SignatureMethod.ECDSA_SHA256, SignatureMethod.ECDSA_SHA384),
        SignatureMethod.ECDSA_SHA512,
    }
)
_FOREIGN = (
    *(SignXMLException, ValueError, TypeError, KeyError, AttributeError, AssertionError),
    *(NotImplementedError, UnsupportedAlgorithm, InvalidSignature, etree.LxmlError),
)
"""What the libraries raise over a signature that is not as it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """A signature taken apart; `transforms` are those of its one reference."""

    method: str
    c14n: str
    digest_method: str
    digest: bytes
    transforms: tuple[str, ...]
    covers_all: bool
    certificates: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """What the cryptography says of one signature, and the words it covers."""

    is_good: bool
    signed: etree._Element | None
    certificate: x509.Certificate | None


def sign_cap(content: bytes, *, key: bytes, certificate: bytes) -> bytes:
    """The alert with our signature as its last element; these bytes are final.

    RSA with SHA-256, or ECDSA on P-256 with SHA-256; exclusive canonical XML; the whole message.
    The space between elements is left out first: some receivers drop it before they check.

    Args:
        content: an alert that is not signed.
        key: PEM, without a password.
        certificate: PEM; issuers may follow.

    Raises:
        BadAlert: the bytes are no alert.
        OutOfTurn: it is signed already.
        SetupError: the key or certificate cannot be used, or they do not fit each other.
    """
    if parse_cap(content).is_signed:
        raise OutOfTurn(
            "The message is signed already.", way_out="Sign the message as it was made."
        )
    private, chain = load_key(key), load_chain(certificate)
    if public_bytes(private.public_key()) != public_bytes(chain[0].public_key()):
        raise SetupError(
            "The key that signs CAP does not fit its certificate.",
            way_out="Name the key that belongs to the first certificate of the file.",
        )
    is_rsa = isinstance(private, rsa.RSAPrivateKey)
    signer = XMLSigner(
        signature_algorithm=SignatureMethod.RSA_SHA256 if is_rsa else SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signed = signer.sign(_close_up(read_tree(content)), key=private, cert=list(chain))
    made = bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))
    # Never done before it is done: what leaves has been checked as a receiver checks it.
    if verify_cap(made, trusted=(certificate,), at=chain[0].not_valid_before_utc).message is None:
        raise SetupError("The signature that was made does not verify.")
    return made


def verify_cap(content: bytes, *, trusted: Sequence[bytes], at: datetime) -> Verdict:
    """What is known of the alert's signatures.

    Args:
        content: the bytes exactly as they came.
        trusted: PEM certificates: of senders (pinned), or of authorities.
        at: when the bytes came here, aware.

    Raises:
        BadAlert, TooLarge: the bytes are no alert.
        SetupError: a trusted certificate cannot be read.
    """
    message = parse_cap(content)
    anchors = tuple(one for pem in trusted for one in load_chain(pem))
    root = read_tree(content)
    signatures = [child for child in children_of(root) if namespace_of(child) == SIGNATURE]
    if any(name_of(one) != "Signature" for one in signatures) or len(signatures) > MOST_SIGNATURES:
        facts = _unchecked(f"More than {MOST_SIGNATURES} signatures, or something else among them.")
        return Verdict(signatures=(facts,), message=None, received_at=at)
    found = [_verify_one(root, index, message, anchors, at) for index in range(len(signatures))]
    sound = (signed for facts, signed in found if facts.is_sound and signed is not None)
    signed = next(sound, None)
    return Verdict(
        signatures=tuple(facts for facts, _ in found),
        message=_read_signed(signed, content),
        received_at=at,
    )


def _close_up(alert: etree._Element) -> etree._Element:
    """The alert without the space between its elements; no word is touched."""
    for element in alert.iter("*"):
        if children_of(element):
            element.text = (element.text or "").strip(" \t\r\n") or None
            for child in element:
                child.tail = (child.tail or "").strip(" \t\r\n") or None
    return alert


def _verify_one(
    root: etree._Element,
    index: int,
    message: CapMessage,
    anchors: tuple[x509.Certificate, ...],
    at: datetime,
) -> tuple[SignatureFacts, etree._Element | None]:
    alone = _with_one_signature(root, index)
    try:
        parts = _take_apart(alone.findall(f"{_DS}Signature")[0])
    except _FOREIGN as error:
        return _unchecked(f"It is not built as XML Signature demands ({error})."), None
    fits = _digest_fits(alone, parts)
    checked = _check(etree.tostring(alone, encoding="UTF-8"), parts)
    leaf = checked.certificate
    facts = SignatureFacts(
        covers_all=parts.covers_all,
        digest_fits=fits,
        is_good=checked.is_good,
        is_trusted=leaf is not None
        and is_trusted(leaf, parts.certificates, anchors, message.sent.at),
        valid_when_sent=holds(leaf, message.sent.at),
        valid_when_received=holds(leaf, at),
        is_legacy=is_short(leaf) or _is_legacy(_methods(parts)),
        subject=leaf.subject.rfc4514_string() if leaf else "",
        issuer=leaf.issuer.rfc4514_string() if leaf else "",
        fingerprint=fingerprint(leaf),
        methods=_methods(parts),
    )
    return facts, checked.signed if fits else None


def _with_one_signature(root: etree._Element, index: int) -> etree._Element:
    """A copy of the alert with this signature alone.

    Who signs second digests the alert without either signature (as NAADS of Canada does), and who
    signed first has seen no other; so the others are taken away first.
    """
    copy = read_tree(etree.tostring(root, encoding="UTF-8"))
    for number, signature in enumerate(copy.findall(f"{_DS}Signature")):
        if number != index:
            _take_away(signature)
    return copy


def _take_away(element: etree._Element) -> None:
    """Take the element out of its parent; the text after it stays."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _take_apart(signature: etree._Element) -> _Parts:
    info = _only(signature, "SignedInfo")
    reference = _only(info, "Reference")
    transforms = tuple(
        one.get("Algorithm", "") for one in reference.iterfind(f"{_DS}Transforms/{_DS}Transform")
    )
    _only(signature, "SignatureValue")
    encoded = [one.text or "" for one in signature.iter(f"{_DS}X509Certificate")]
    return _Parts(
        method=_only(info, "SignatureMethod").get("Algorithm", ""),
        c14n=_only(info, "CanonicalizationMethod").get("Algorithm", ""),
        digest_method=_only(reference, "DigestMethod").get("Algorithm", ""),
        digest=b64decode(_only(reference, "DigestValue").text or ""),
        transforms=transforms,
        covers_all=reference.get("URI") == "" and _is_plain(transforms),
        certificates=tuple(read_certificate(text) for text in encoded[:MOST_CERTIFICATES]),
    )


def _only(element: etree._Element, name: str) -> etree._Element:
    found = element.findall(_DS + name)
    if len(found) != 1:
        raise ValueError(f"{len(found)} <{name}>")
    return found[0]


def _is_plain(transforms: tuple[str, ...]) -> bool:
    """The transforms take the signature away, write the XML down, and do nothing else."""
    others = [one for one in transforms if one != _ENVELOPED]
    return (
        transforms.count(_ENVELOPED) == 1 and len(others) <= 1 and all(o in _C14N for o in others)
    )


def _methods(parts: _Parts) -> tuple[str, ...]:
    return parts.method, parts.digest_method


def _is_legacy(methods: tuple[str, ...]) -> bool:
    return any("sha1" in one.lower() or "md5" in one.lower() for one in methods)


def _digest_fits(alone: etree._Element, parts: _Parts) -> bool:
    """The digest in the signature is that of the words, however the signature itself fares."""
    try:
        name = _DIGESTS[DigestAlgorithm(parts.digest_method)]
    except (ValueError, KeyError):
        return False
    if not parts.covers_all:
        return False
    bare = read_tree(etree.tostring(alone, encoding="UTF-8"))
    for signature in bare.findall(f"{_DS}Signature"):
        _take_away(signature)
    ways = [_C14N[one] for one in parts.transforms if one in _C14N]
    exclusive, with_comments = ways[0] if ways else (False, False)
    written = etree.tostring(bare, method="c14n", exclusive=exclusive, with_comments=with_comments)
    return compare_digest(new_digest(name, written).digest(), parts.digest)


def _check(content: bytes, parts: _Parts) -> _Checked:
    """Whether one of the keys beside the signature made it; who owns the key is not asked here."""
    candidates: tuple[x509.Certificate | None, ...] = parts.certificates or (None,)
    for certificate in candidates:
        try:
            result = XMLVerifier().verify(
                content,
                x509_cert=certificate,
                validate_schema=False,  # NAADS writes an Id with a space; the shape is checked here
                expect_config=_configuration(certificate),
            )
        except InvalidDigest:
            return _Checked(is_good=True, signed=None, certificate=certificate)
        except _FOREIGN:
            continue
        signed = result.signed_xml if not isinstance(result, list) else None
        return _Checked(is_good=True, signed=signed, certificate=certificate)
    return _Checked(is_good=False, signed=None, certificate=candidates[0])


def _configuration(certificate: x509.Certificate | None) -> SignatureConfiguration:
    # Whether the certificate held is a fact of its own, so the signature is checked when it did.
    return SignatureConfiguration(
        require_x509=certificate is not None,
        location="./",
        signature_methods=_METHODS,
        digest_algorithms=frozenset(_DIGESTS),
        verification_time=certificate.not_valid_before_utc if certificate else None,
        default_reference_c14n_method=CanonicalizationMethod.CANONICAL_XML_1_0,
    )


def _read_signed(signed: etree._Element | None, content: bytes) -> CapMessage | None:
    if signed is None or signed.tag != f"{{{NAMESPACE}}}alert":
        return None
    return replace(read_alert(signed, content=content, is_embedded=False), is_signed=True)


def _unchecked(trouble: str) -> SignatureFacts:
    return SignatureFacts(
        covers_all=False,
        digest_fits=False,
        is_good=False,
        is_trusted=False,
        valid_when_sent=None,
        valid_when_received=None,
        is_legacy=False,
        subject="",
        issuer="",
        fingerprint="",
        methods=(),
        trouble=trouble,
    )
