"""Products, as far as activities name them."""
