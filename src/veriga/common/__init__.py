"""Small things without domain nouns: errors, transactions, text, time."""
