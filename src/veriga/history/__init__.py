"""Who changed what and when: written by services, read by pages."""
