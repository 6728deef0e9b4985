"""Printing a page of ours through the system's own print dialog."""

from __future__ import annotations

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from evidencevault.resources import tr


def printed(parent: QWidget, html: str) -> bool:
    """Ask for a printer and print; False where the person thought better of it. Nothing is written on the way."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # loads the system's printers

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(tr("Print"))
    if not dialog.exec():
        return False
    document = QTextDocument()
    document.setHtml(html)
    document.print_(printer)
    return True
