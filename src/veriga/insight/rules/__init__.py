"""How figures are made: plain NumPy in, plain numbers out; no Django."""
