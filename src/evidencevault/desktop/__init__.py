"""The window: forms from ``ui/``, screens, and the threads that keep it free."""
