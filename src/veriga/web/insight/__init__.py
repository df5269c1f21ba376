"""How what insight found is told on pages: names, sentences, ranges drawn."""
