"""A call written down: its events, and what an agent must see after them."""
