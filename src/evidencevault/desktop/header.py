"""Whose vault it is and who works in it, above and below every screen."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from evidencevault.desktop import words
from evidencevault.desktop.desk import Desk
from evidencevault.desktop.forms import Form
from evidencevault.desktop.jobs import Failed
from evidencevault.resources import tr


def describe(form: Form, desk: Desk, failed: Failed) -> None:
    """Fill in organisation, user and roles."""
    name = desk.member.name

    def described(organisation: str) -> None:
        form.child(QLabel, "organisation").setText(words.isolated(organisation))
        form.child(QLabel, "vaultState").setText(tr("Unlocked by {name}").format(name=words.isolated(name)))

    desk.ask(lambda session: session.office.organisation, described, failed)
    avatar = form.child(QLabel, "avatar")
    avatar.setText(name[:2].upper())
    avatar.setToolTip(words.tip(f"{name}: {', '.join(sorted(desk.member.roles))}"))
    avatar.setAccessibleName(tr("User {name}").format(name=name))
    form.child(QLabel, "verified").setText(tr("Not verified since unlocking"))
    form.child(QLabel, "saved").setText(tr("Everything is saved and encrypted"))
