"""The proof at load that every script keeps every rule, whoever the customer is."""
