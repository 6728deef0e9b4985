"""Bundles: what leaves the house, sealed for one recipient, and how whoever receives one checks it."""
