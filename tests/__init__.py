"""Browser and whole-program tests; a room's own tests are in the room."""
