"""One module per noun; each view reads input, calls one query or service, answers."""
