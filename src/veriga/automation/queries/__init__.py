"""Every read of rules and of what they did."""
