"""Casework: what the records say and the services that write them."""
