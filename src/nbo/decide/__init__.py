"""The decision: every stage in its own file, their order in one visible tuple (`decide.stages`)."""
