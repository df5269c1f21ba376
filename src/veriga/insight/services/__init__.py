"""Computing and storing what insight says."""
