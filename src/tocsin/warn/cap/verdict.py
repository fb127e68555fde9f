"""What is known of a message's signatures: separate facts, never one yes or no.

A signature can be good while its certificate had long expired, and a certificate can be known
while the words were changed. Real senders do the first; so a person sees each fact by itself.
"""

from dataclasses import dataclass
from datetime import datetime

from tocsin.warn.cap.message import CapMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFacts:
    """One signature, fact by fact.

    Attributes:
        covers_all: it signs the whole alert, by one reference and nothing that could hide words.
        digest_fits: the words are those that were digested.
        is_good: the signature over the digest was made with the key beside it.
        is_trusted: its certificate is one of ours to trust, or issued by one.
        valid_when_sent: the certificate held at the time the alert says it was sent; None
            without a certificate.
        valid_when_received: and when the alert came here.
        is_legacy: SHA-1 or older is used somewhere: anybody with means could have made it.
        subject, issuer: of the certificate, RFC 4514; empty without one.
        fingerprint: SHA-256 of the certificate in hexadecimal; empty without one.
        methods: the algorithms by their own names.
        trouble: why it could not be checked; empty where it could.
    """

    covers_all: bool
    digest_fits: bool
    is_good: bool
    is_trusted: bool
    valid_when_sent: bool | None
    valid_when_received: bool | None
    is_legacy: bool
    subject: str
    issuer: str
    fingerprint: str
    methods: tuple[str, ...]
    trouble: str = ""

    @property
    def is_sound(self) -> bool:
        """The words are those that the holder of the key signed; who that is, is another fact."""
        return self.covers_all and self.digest_fits and self.is_good and not self.is_legacy

    def sentences(self) -> tuple[str, ...]:
        """Each fact as a person reads it."""
        if self.trouble:
            return (f"The signature could not be checked: {self.trouble}",)
        return (
            _either(
                self.covers_all,
                "It covers the whole message.",
                "It does NOT cover the whole message.",
            ),
            _either(
                self.digest_fits,
                "The words are those that were signed.",
                "The words were CHANGED after signing.",
            ),
            _either(self.is_good, "The signature is good.", "The signature is NOT good."),
            *self._of_certificate(),
            *(("It uses an outdated algorithm and proves nothing today.",) * self.is_legacy),
        )

    def _of_certificate(self) -> tuple[str, ...]:
        if not self.subject and not self.fingerprint:
            return ("It names no certificate, so it says nothing on who signed.",)
        return (
            f"The certificate is of {self.subject}, issued by {self.issuer}.",
            _either(self.is_trusted, "It is trusted here.", "It is NOT known here."),
            _either(self.valid_when_sent, "It held when sent.", "It did NOT hold when sent."),
            _either(
                self.valid_when_received,
                "It held when the message came.",
                "It did NOT hold when the message came.",
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known of the signatures of one message.

    Attributes:
        signatures: in the order of the file; empty where it is not signed.
        message: what a sound signature covers, read from the signed words alone; None where no
            signature is sound. Whoever relies on the signature reads this, never the file.
        received_at: the time of reception that was asked about.
    """

    signatures: tuple[SignatureFacts, ...]
    message: CapMessage | None
    received_at: datetime

    @property
    def is_signed(self) -> bool:
        """There is a signature, good or not."""
        return bool(self.signatures)

    def sentences(self) -> tuple[str, ...]:
        """Every fact as a person reads it."""
        if not self.signatures:
            return ("The message is not signed.",)
        if len(self.signatures) == 1:
            return self.signatures[0].sentences()
        return tuple(
            f"Signature {number}: {sentence}"
            for number, facts in enumerate(self.signatures, start=1)
            for sentence in facts.sentences()
        )


def _either(fact: bool | None, true: str, false: str) -> str:
    return true if fact else false
