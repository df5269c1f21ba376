"""What crosses rooms: the overview, the relations page, search, checks."""
