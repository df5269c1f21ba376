"""The demo company: fixed seed, made anew at will, and synthetic data of any size."""
