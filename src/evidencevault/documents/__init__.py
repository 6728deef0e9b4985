"""Foreign documents, read without keys: a confined process for each one, and the frozen answers it gives."""
