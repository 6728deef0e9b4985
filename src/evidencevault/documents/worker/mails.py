"""Mail as text and as parts. Headers and parts that break the standard library's parsers are taken as they are."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart

import pymupdf

# What is passed on keeps its header lines as they came: they are evidence, and folding broken ones anew can fail.
_POLICY = email.policy.default.clone(refold_source="none")
_SHOWN = ("From", "To", "Cc", "Date", "Subject")


def parsed(data: bytes) -> EmailMessage:
    """The message. Raises RecursionError where it is nested hundreds of times."""
    message = email.message_from_bytes(data, policy=_POLICY)
    assert isinstance(message, EmailMessage)
    return message


def text(data: bytes) -> str:
    """Headers and readable body of a message as plain text, and the names of what is attached."""
    message = parsed(data)
    lines = [f"{name}: {value}" for name in _SHOWN if (value := _header(message, name))]
    body = message.get_body(("plain", "html"))
    content = words(body) if body is not None else ""
    if body is not None and body.get_content_type() == "text/html":
        with pymupdf.open(stream=content.encode(), filetype="html") as document:
            content = "\n".join(page.get_text() for page in document)
    return "\n".join([*lines, "", content, "", *(f"[{name}]" for name, _ in attached(message))])


def attached(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every part that is not the body, however deep in multiparts; messages inside stay whole."""
    bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
    number = 0
    waiting: list[MIMEPart] = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting += reversed(list(part.iter_parts()))
            continue
        if any(part is body for body in bodies):
            continue
        number += 1
        name, content = _name(part) or f"attachment-{number}", part.get_payload(decode=True)
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            for inner in part.iter_parts():
                yield (name if name.lower().endswith(".eml") else f"{name}.eml"), inner.as_bytes()
        elif isinstance(content, bytes) and (content or _name(part)):
            yield name, content


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except Exception:  # the library's parsers of addresses and dates throw all sorts at broken ones: then as it stands
        return next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")


def _name(part: MIMEPart) -> str:
    try:
        return str(part.get_filename() or "")
    except Exception:  # the same for the name of an attachment, which then gets a number
        return ""


def words(part: MIMEPart) -> str:
    """The text of a part, in whatever character set it claims."""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):  # a character set that does not exist
        content = part.get_payload(decode=True)
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
