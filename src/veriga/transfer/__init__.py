"""Reading files of other programs: what is in them, before anything is stored."""
