"""The head over the pages that are redacted: which exhibit, how far its plan is, and the one act that comes next."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from evidencevault.desktop import redact_words, words
from evidencevault.desktop.forms import Form
from evidencevault.desktop.look import Theme
from evidencevault.desktop.redact_rows import PlanView, may_approve
from evidencevault.redaction import standings
from evidencevault.resources import tr


def clear(form: Form) -> None:
    """Nothing chosen."""
    form.child(QLabel, "name").setText("")
    form.child(QLabel, "about").setText("")
    form.child(QLabel, "state").hide()
    form.child(QPushButton, "send").hide()
    form.child(QToolButton, "compare").setEnabled(False)


def show(form: Form, view: PlanView) -> None:
    """Name, figures and state."""
    name = words.one_line(view.exhibit.name)
    form.child(QLabel, "name").setText(words.line([name]))
    form.child(QLabel, "name").setToolTip(words.tip(name))
    form.child(QLabel, "about").setText(_about(view))
    chip = form.child(QLabel, "state")
    text, tone, _ = redact_words.state(view.state, len(view.marks))
    chip.setText(text)
    chip.setProperty("chip", tone)
    chip.style().polish(chip)
    chip.show()


def offer(form: Form, theme: Theme, view: PlanView, *, read: bool) -> None:
    """The next act, and the comparison once the pages were ``read``."""
    send = form.child(QPushButton, "send")
    approving = may_approve(view)
    send.setText(tr("Approve") if approving else tr("Send for approval"))
    send.setAccessibleName(send.text())
    send.setProperty("glyph", "badge-check" if approving else "send")
    theme.dress(send)
    send.setVisible(view.may_mark and view.state not in (standings.APPROVED, standings.CANNOT))
    send.setEnabled(approving or view.state in (standings.DRAFT, standings.NOTHING))
    form.child(QToolButton, "compare").setEnabled(bool(view.revision) and not view.recording and read)


def _about(view: PlanView) -> str:
    one = view.exhibit
    told = [one.number]
    if one.pages and one.previewable:
        told.append(tr("{n} pages").format(n=one.pages) if one.pages > 1 else tr("1 page"))
    told.append(tr("{n} marks").format(n=len(view.marks)))
    return words.line([*told, view.approved])
