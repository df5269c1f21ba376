"""How figures are made: plain NumPy in, plain numbers out; no Django."""

import os

# Before NumPy is loaded: the matrices here are tall and narrow; several threads of the
# linear algebra wait for each other, and beside a busy server stand in its way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
