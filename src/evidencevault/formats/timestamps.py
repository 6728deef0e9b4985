"""RFC 3161 time stamps: the request to an authority, and its answer checked against what was stamped.

Requests ask for SHA-256 and the authority's certificate; answers with SHA-256, SHA-384 or SHA-512 are read. An answer
is the DER of a TimeStampResp, as ``openssl ts`` and authorities over HTTP give it (``.tsr``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from evidencevault.errors import Damaged, UsageError
from evidencevault.resources import tr

LARGEST = 64 * 1024
"""Bytes of an answer with its certificates; real ones have 2 to 10 KiB."""
_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an answer says: when (UTC), under which policy (OID) and serial number."""

    time: datetime
    policy: str
    serial: int


def request(message: bytes) -> bytes:
    """A TimeStampReq (DER) over a message, with a nonce."""
    builder = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256)
    return builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()


def covers(answer: bytes, message: bytes) -> bool:
    """Whether an answer stamps this message. Raises Damaged where it is none, or was not granted."""
    imprint = _decoded(answer).tst_info.message_imprint
    name = _HASHES.get(imprint.hash_algorithm.dotted_string)
    return name is not None and bool(hashlib.new(name, message).digest() == imprint.message)


def read(answer: bytes) -> Stamp:
    """What an answer says, its signature unchecked. Raises Damaged."""
    told = _decoded(answer).tst_info
    return Stamp(told.gen_time.astimezone(UTC), told.policy.dotted_string, told.serial_number)


def check(answer: bytes, message: bytes, roots: bytes) -> Stamp:
    """The stamp, once its signature leads to one of ``roots`` (PEM) and it stamps this message.

    Raises Damaged where it does not, UsageError where there is no certificate.
    """
    decoded = _decoded(answer)
    try:
        certificates = x509.load_pem_x509_certificates(roots)
    except ValueError as error:
        raise UsageError(tr("The authority's file holds no certificate (PEM).")) from error
    builder = VerifierBuilder()
    for one in certificates:
        builder = builder.add_root_certificate(one)
    try:
        builder.build().verify_message(decoded, message)
    except (VerificationError, ValueError) as error:
        raise Damaged(tr("The time stamp is not one of this authority over this checkpoint.")) from error
    return read(answer)


def _decoded(answer: bytes) -> TimeStampResponse:
    try:
        found = decode_timestamp_response(answer) if len(answer) <= LARGEST else None
        if found is not None and PKIStatus(found.status) == PKIStatus.GRANTED and found.tst_info is not None:
            return found
    except ValueError as error:
        raise Damaged(tr("This is no answer of a time stamping authority.")) from error
    raise Damaged(tr("This is no answer of a time stamping authority, or it was not granted."))
