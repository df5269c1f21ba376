"""Product records: what a company has to do with a product."""
