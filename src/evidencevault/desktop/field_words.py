"""The fields of a custody entry in the words of whoever reads them."""

from __future__ import annotations

from evidencevault.resources import tr
from evidencevault.vault.registry import Field


def field_words() -> dict[Field, str]:
    """The fields of an entry, as a lawyer would call them."""
    return {
        Field.HEAD: tr("Who did what, and when"),
        Field.SUBJECT: tr("On which item"),
        Field.PURPOSE: tr("What for"),
        Field.PLACE: tr("On which device"),
        Field.DIGEST: tr("The digest (SHA-256)"),
        Field.COUNTERPARTY: tr("With whom"),
        Field.DETAILS: tr("Details"),
    }
