"""A conversation, event by event."""
