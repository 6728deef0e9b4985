"""What a person reads about a document: why it cannot be read, and what its pages do not show."""

from __future__ import annotations

from evidencevault.documents.names import shown_name
from evidencevault.documents.requests import DocumentFailed, Reason
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
