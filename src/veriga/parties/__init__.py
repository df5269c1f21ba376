"""Companies and contacts, and who may see which company."""
