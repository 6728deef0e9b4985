"""The custody ledger: who did what, in entries that no single member can rewrite unseen."""
