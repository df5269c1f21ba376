"""Plain Python of what crosses rooms."""
