"""Pages: HTML and htmx only, over the queries and services of the rooms below."""
