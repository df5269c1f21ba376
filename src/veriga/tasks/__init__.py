"""Tasks: work to be done, usually following another activity."""
