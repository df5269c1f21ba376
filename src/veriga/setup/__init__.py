"""Code lists: event types, reasons, stages and the like."""
