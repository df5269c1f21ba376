"""Rules of reading: plain Python in, plain Python out."""
