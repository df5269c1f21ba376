"""The heart: activities, references, links, chains, marks and counts."""
