"""What pages read from an address or a form, as the values that queries take."""
