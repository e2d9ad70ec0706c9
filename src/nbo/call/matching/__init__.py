"""Which moments happen at an event of a call."""
