"""JSON over HTTP with an OpenAPI description, for programs."""
