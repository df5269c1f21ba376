"""Rules of the heart, as plain Python: no database, no clock, no settings."""
