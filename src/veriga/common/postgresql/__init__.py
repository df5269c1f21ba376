"""Django's PostgreSQL with two quicker ways of doing what every page does."""
