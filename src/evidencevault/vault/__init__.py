"""Sealed bytes: identities, keys, grants, records, objects and the one transaction that writes them."""
