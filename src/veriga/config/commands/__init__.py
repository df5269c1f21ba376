"""One module for each command: `run(arguments)` returns the exit code.

They are imported when settings have been read, so they may import anything.
"""
