"""Redaction: marks and plans, finding what to hide, burning it out, and judging the attack on the result."""
