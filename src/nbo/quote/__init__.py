"""The numbers of an offer: what the customer borrows, pays and saves."""
