"""What the API takes and gives, as pydantic models: one file per noun."""
