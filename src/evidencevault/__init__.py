"""EvidenceVault: encrypted casework for safeguarding, with a custody ledger that cannot be rewritten unseen."""

__version__ = "0.1.0"
