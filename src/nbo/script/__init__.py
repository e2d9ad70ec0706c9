"""What an agent says: text in one form for searching, forbidden terms, talk time, personal data."""
