"""The decision log: what was decided, from what, by which rules; encrypted by customer, chained, and replayed."""
