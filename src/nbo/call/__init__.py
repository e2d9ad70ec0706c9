"""A call: its events, the state that they fold into, and what the agent does next."""
