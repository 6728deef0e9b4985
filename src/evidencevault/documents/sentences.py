"""What a person reads about a document: why it cannot be read, and what its pages do not show."""

from __future__ import annotations

from evidencevault.documents.names import shown_name
from evidencevault.documents.requests import DocumentFailed, Reason
from evidencevault.errors import Refused
from evidencevault.resources import tr


def sentence(name: str, reason: Reason) -> str:
    """Why a document cannot be read."""
    said = {
        Reason.EMPTY: tr("“{name}” is empty."),
        Reason.ENCRYPTED: tr("“{name}” is encrypted; it is kept as it is, and cannot be shown without its password."),
        Reason.UNSUPPORTED: tr("“{name}” is of a kind that cannot be shown; it is kept as it is."),
        Reason.TOO_LARGE: tr("“{name}” is larger than what is read safely; it is kept as it is."),
        Reason.BOMB: tr("“{name}” unpacks to far more than it holds, as a bomb does; it is kept as it is, unopened."),
        Reason.MEMORY: tr("“{name}” needs more memory than is allowed; it is kept as it is."),
        Reason.TIME: tr("Reading “{name}” took too long and was stopped; it is kept as it is."),
        Reason.CRASHED: tr("“{name}” broke the reader of documents; it is kept as it is, and the vault goes on."),
        Reason.NO_SUCH_PAGE: tr("“{name}” has no such page."),
        Reason.NOT_INSTALLED: tr("“{name}” needs a part of the program that is not installed on this machine."),
        Reason.NO_HEIC: tr(
            "“{name}” is a HEIC picture, and what reads these (pillow-heif) is not installed on this machine; it "
            "is kept as it is."
        ),
        Reason.NO_OFFICE: tr(
            "“{name}” becomes pages through LibreOffice, which is not installed on this machine, or not whole; it is "
            "kept as it is."
        ),
        Reason.NO_MEMORY: tr(
            "“{name}” was not converted: this machine has no file system in memory (/dev/shm), and nothing of a case "
            "is written to a disk in clear."
        ),
        Reason.UNSAFE: tr("“{name}” cannot be redacted safely with its text kept; it can be burnt into pictures."),
    }.get(reason, tr("“{name}” is damaged or not what it says; it is kept as it is."))
    return said.format(name=shown_name(name))


def failed(name: str, reason: Reason) -> DocumentFailed:
    """The error for one document."""
    return DocumentFailed(sentence(name, reason), name, reason)


def mismatch(suffix: str, media: str) -> str:
    """That the ending of a name promises another kind than the content is; ``media`` is shown as it comes."""
    return tr("The name ends in {suffix}, the content is {media}.").format(suffix=shown_name(suffix), media=media)


def hidden(kind: str) -> str | None:
    """What a kind of hidden thing is called; None where there is no such kind."""
    return {
        "annotations": tr("Comments and marks on its pages"),
        "fields": tr("Form fields"),
        "attachments": tr("Files attached inside"),
        "scripts": tr("Scripts"),
        "layers": tr("Layers that are switched off"),
        "xmp": tr("Bytes of further metadata (XMP)"),
        "uncounted": tr("Kinds of hidden content that could not all be counted"),
    }.get(kind)


def unseen(code: str) -> str | None:
    """What a kind of hidden item is called in a list of them; None where there is no such kind."""
    return {
        "annotation": tr("Comment on a page"),
        "annotation-hidden": tr("Comment or mark that is hidden"),
        "annotation-print-only": tr("Comment or mark that only shows in print"),
        "annotation-rich": tr("Formatted text of a comment"),
        "annotation-author": tr("Author of a comment"),
        "annotation-subject": tr("Subject of a comment"),
        "reply": tr("Reply to a comment"),
        "comment": tr("Comment"),
        "appearance": tr("Text of a stamp or mark"),
        "field-name": tr("Name of a form field"),
        "field-value": tr("Value of a form field"),
        "field-default": tr("Default value of a form field"),
        "field-tooltip": tr("Tooltip of a form field"),
        "field-export": tr("Export name of a form field"),
        "field-choice": tr("Choice of a form field"),
        "field-caption": tr("Caption of a form field"),
        "field-hidden": tr("Hidden form field"),
        "field-code": tr("Field code"),
        "signature": tr("Details of a signature"),
        "xfa": tr("Form data (XFA)"),
        "layer": tr("Layer that is switched off"),
        "layer-name": tr("Name of a layer"),
        "layer-text": tr("Text on a layer that is switched off"),
        "attachment": tr("File attached inside"),
        "embedded": tr("Object embedded inside"),
        "metadata": tr("Document information"),
        "property": tr("Document property"),
        "xmp": tr("Further metadata (XMP)"),
        "private": tr("Private data of a program"),
        "bookmark": tr("Bookmark"),
        "page-label": tr("Page label"),
        "destination": tr("Named places in the document"),
        "link": tr("Target of a link"),
        "link-base": tr("Base address of links"),
        "external-link": tr("Link to another file"),
        "action": tr("Action"),
        "thread": tr("Article thread"),
        "script": tr("Script"),
        "macro": tr("Macros"),
        "outside": tr("Text outside the page"),
        "covered": tr("Text under an image or shape"),
        "invisible": tr("Invisible text"),
        "tiny": tr("Text too small to read"),
        "replacement": tr("Replacement text that differs from what is seen"),
        "alternative": tr("Alternative text"),
        "alternate-image": tr("Alternate image"),
        "thumbnail": tr("Small picture inside, width and height in pixels"),
        "picture-metadata": tr("Metadata of a picture inside"),
        "revision": tr("Earlier versions in the file"),
        "revision-text": tr("Text of an earlier version"),
        "output-intent": tr("Output profile"),
        "collection": tr("Portfolio description"),
        "exif": tr("Camera data (EXIF)"),
        "place": tr("Where it was taken (latitude, longitude)"),
        "iptc": tr("Press data (IPTC)"),
        "colour-profile": tr("Colour profile"),
        "frame": tr("Further pictures in the file"),
        "inserted": tr("Tracked insertion"),
        "deleted": tr("Tracked deletion"),
        "hidden-text": tr("Hidden text"),
        "hidden-sheet": tr("Hidden sheet"),
        "hidden-row": tr("Hidden row"),
        "hidden-column": tr("Hidden column"),
        "hidden-slide": tr("Hidden slide"),
        "formula": tr("Formula"),
        "defined-name": tr("Defined name"),
        "sheet-header": tr("Header or footer of a sheet"),
        "notes": tr("Speaker notes"),
        "body": tr("Other body of the mail"),
        "markup-comment": tr("Comment in the source"),
        "hidden-element": tr("Hidden part of the page"),
        "unlisted": tr("A kind of file whose hidden content can not be listed: what its pages leave out is not known"),
        "unreadable": tr("Could not be read"),
        "more": tr("Further items that are not listed"),
    }.get(code)


def not_installed(language: str) -> Refused:
    """What is said where a language of text recognition is missing."""
    return Refused(
        tr("Text recognition for “{language}” is not installed on this machine; “doctor” says what is.").format(
            language=shown_name(language)
        )
    )


def unconfined_refusal() -> DocumentFailed:
    """What is said where foreign files cannot be read safely."""
    return DocumentFailed(
        tr(
            "This machine cannot confine the reading of foreign files, so none is read. They are safe in the vault. "
            "“--unconfined” reads them all the same, and is entered in the chain of custody."
        ),
        reason=Reason.UNCONFINED,
    )


def no_process(name: str) -> DocumentFailed:
    """What is said where the system starts no further process: a matter of the machine and of this moment."""
    return DocumentFailed(
        tr("The reader for “{name}” could not be started: the system gave no process. Try again.").format(
            name=shown_name(name)
        ),
        name,
        Reason.CRASHED,
    )
