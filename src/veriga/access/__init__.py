"""Users, teams, roles, tokens, and the Actor that every call takes."""
