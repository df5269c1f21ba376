"""Insight: pace, stalls, what speeds things up, the process map, link suggestions."""
