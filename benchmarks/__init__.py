"""Measurements of DESIGN's levels: `make bench`."""
